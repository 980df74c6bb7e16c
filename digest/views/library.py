"""A reader's library: lists brought in, accounts that are followed, and everything out again for other programs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from digest.library import to_bibtex, to_csl, to_ris
from digest.pipeline.bring import hand_in
from digest.pipeline.linked import REFRESH_LIBRARIES
from digest.pipeline.references import references_of
from digest.views.library_forms import NEW_INTEREST, BringForm, OrcidForm, ZoteroForm
from digest.views.library_words import account, groups, refusal
from subscriptions import services
from subscriptions.doorbell import ring
from subscriptions.errors import SubscriptionError
from subscriptions.limits import take_import
from subscriptions.models import LibraryImport, LinkedLibrary
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.refusals import refuse

REPORTS_SHOWN = 10
WRITERS = {
    "bibtex": (to_bibtex, "bib", "application/x-bibtex"),
    "ris": (to_ris, "ris", "application/x-research-info-systems"),
    "json": (to_csl, "json", "application/vnd.citationstyles.csl+json"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def library(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show the ways in and out, and take a list that is pasted or uploaded."""
    if request.method != "POST":
        return _page(request, link)
    form = BringForm(request.POST, request.FILES, interests=_interests(link))
    if not form.is_valid():
        return _page(request, link, bring=form, status=400)
    payload, name = form.list_given()
    now = timezone.now()
    try:
        take_import(subscriber_id=link.subscriber.pk, now=now)
        row = hand_in(
            subscriber=link.subscriber, profile_id=_interest_id(link, form), payload=payload, name=name, now=now
        )
    except SubscriptionError as error:
        return _page(request, link, bring=form, status=refuse(form=form, error=error))
    if row.state == LibraryImport.State.REFUSED:
        form.add_error("file" if name else "papers", refusal(row=row))
        return _page(request, link, bring=form, status=400)
    return redirect("library_report", link.token, row.pk)


@require_POST
@behind_link(purpose="manage")
def library_link(request: HttpRequest, link: ReaderLink, kind: str) -> HttpResponse:
    """Follow an account elsewhere; it is read by a worker, soon."""
    forms: dict[str, type[ZoteroForm | OrcidForm]] = {"zotero": ZoteroForm, "orcid": OrcidForm}
    if kind not in forms:
        raise Http404("There is no such account.")
    form = forms[kind](request.POST, interests=_interests(link), prefix=kind)
    if not form.is_valid():
        return _page(request, link, status=400, **{kind: form})
    _kind, name, secret = form.account()
    now = timezone.now()
    try:
        take_import(subscriber_id=link.subscriber.pk, now=now)
        services.link_library(
            subscriber=link.subscriber,
            profile_id=_interest_id(link, form),
            kind=kind,
            library=name,
            secret=secret,
            now=now,
        )
    except SubscriptionError as error:
        return _page(request, link, status=refuse(form=form, error=error), **{kind: form})
    ring(REFRESH_LIBRARIES)
    messages.success(request, _("Followed. It is read within minutes, and every day from then on."))
    return redirect("library", link.token)


@require_POST
@behind_link(purpose="manage")
def library_unlink(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Follow an account no more; one that is gone already is no fault."""
    linked = request.POST.get("linked", "")
    if linked.isdecimal():
        services.unlink_library(subscriber=link.subscriber, linked_id=int(linked))
    messages.success(request, _("No longer followed, and its key is deleted. The papers stay."))
    return redirect("library", link.token)


@require_safe
@behind_link(purpose="manage")
def library_report(request: HttpRequest, link: ReaderLink, import_id: int) -> HttpResponse:
    """Say what became of each entry of a list."""
    row = get_object_or_404(
        LibraryImport.objects.select_related("profile"), pk=import_id, profile__subscriber=link.subscriber
    )
    page = {
        "token": link.token,
        "row": row,
        "entries": len(row.lines),
        "groups": groups(row=row),
        "refusal": refusal(row=row) if row.state == LibraryImport.State.REFUSED else "",
    }
    return render(request, "digest/library_report.html", page)


@require_safe
@behind_link(purpose="manage")
def library_download(request: HttpRequest, link: ReaderLink, form: str) -> HttpResponse:
    """Give everything that the reader named, liked and put aside, for another program."""
    if form not in WRITERS:
        raise Http404("There is no such form.")
    write, ending, kind = WRITERS[form]
    text = write(references=references_of(subscriber=link.subscriber))
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="papers.{ending}"'
    return answer


def _page(request: HttpRequest, link: ReaderLink, *, status: int = 200, **bound: Any) -> HttpResponse:
    interests = _interests(link)
    reader = link.subscriber
    linked = LinkedLibrary.objects.filter(profile__subscriber=reader).select_related("profile")
    imports = LibraryImport.objects.filter(profile__subscriber=reader).select_related("profile")
    page = {
        "token": link.token,
        "bring": BringForm(interests=interests),
        "zotero": ZoteroForm(interests=interests, prefix="zotero"),
        "orcid": OrcidForm(interests=interests, prefix="orcid"),
        "linked": [account(row=row, timezone=reader.timezone) for row in linked.order_by("pk")],
        "imports": imports.defer("payload", "lines").order_by("-began_at", "-pk")[:REPORTS_SHOWN],
    }
    return render(request, "digest/library.html", page | bound, status=status)


def _interests(link: ReaderLink) -> list[Any]:
    return list(link.subscriber.profiles.order_by("created_at", "pk"))


def _interest_id(link: ReaderLink, form: BringForm | ZoteroForm | OrcidForm) -> int:
    chosen = form.cleaned_data["interest"]
    if chosen != NEW_INTEREST:
        return int(chosen)
    return services.interest_for_likes(subscriber=link.subscriber, now=timezone.now()).pk
