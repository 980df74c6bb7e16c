"""Papers put aside: from a digest and from a paper's own link, and the shelf of them in the reader's panel."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from digest.errors import NotSaved
from digest.mail.content import to_mail_paper
from digest.mail.present import ShownPaper, day_in_words
from digest.models import DigestItem
from digest.pipeline.saved import learn_from_saved, list_saved, remove_saved, save_paper
from digest.views.digest import own_digest
from digest.views.papers import show_in_full
from digest.views.why import sent_item, why_page
from subscriptions.errors import LinkInvalid, SubscriptionError
from subscriptions.models import Subscriber
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.words import local

PAPERS_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One paper on the shelf; `day` is when it was put there, on the reader's own calendar."""

    paper_id: int
    paper: ShownPaper
    day: str


@require_POST
@behind_link(purpose="view")
def save_from_digest(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Put a paper of a digest aside, or take it off the shelf; lead back to its place on the page."""
    posted = request.POST.get("item", "")
    papers = own_digest(subscriber=link.subscriber, reference=link.extra).items
    item = papers.filter(pk=int(posted)).first() if posted.isdecimal() else None
    if item is None:
        raise LinkInvalid(_("What this link speaks of is no longer held."))
    try:
        _move(request, link.subscriber, item)
    except NotSaved as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('digest', args=[link.token])}#paper_{item.pk}")


@require_POST
@behind_link(purpose="feedback")
def save(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Put the paper of a link aside, or take it off the shelf."""
    item = sent_item(link=link)
    try:
        _move(request, link.subscriber, item)
    except NotSaved as error:
        return why_page(request, link, item=item, error=str(error), status=400)
    return redirect("why", link.token)


@require_safe
@behind_link(purpose="manage")
def saved(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """List what the reader put aside, the newest first."""
    return _shelf(request, link)


@require_POST
@behind_link(purpose="manage")
def saved_remove(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Take a paper off the shelf; one that is gone already is no fault."""
    paper = request.POST.get("paper", "")
    if paper.isdecimal():
        remove_saved(subscriber=link.subscriber, paper_id=int(paper))
    messages.success(request, _("Removed."))
    return redirect("saved", link.token)


@require_POST
@behind_link(purpose="manage")
def saved_learn(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Give a paper to an interest as an example; sent twice, it is one example."""
    paper, interest = (request.POST.get(name, "") for name in ("paper", "interest"))
    try:
        if not (paper.isdecimal() and interest.isdecimal()):
            raise SubscriptionError(_("Please choose one of your interests."))
        ids = {"paper_id": int(paper), "profile_id": int(interest)}
        learn_from_saved(subscriber=link.subscriber, **ids, now=timezone.now())
    except (NotSaved, SubscriptionError) as error:
        return _shelf(request, link, error=str(error), status=400)
    name = link.subscriber.profiles.values_list("name", flat=True).get(pk=int(interest))
    messages.success(request, _("Now an example for “%(name)s”.") % {"name": name})
    return redirect("saved", link.token)


def shelf(*, subscriber: Subscriber) -> list[Kept]:
    """Read the papers on a reader's shelf, the newest first, in two queries."""
    return [
        Kept(
            paper_id=row.paper_id,
            paper=show_in_full(paper=to_mail_paper(paper=row.paper, signal="")),
            day=day_in_words(day=local(at=row.saved_at, timezone=subscriber.timezone).date()),
        )
        for row in list_saved(subscriber=subscriber, most=PAPERS_SHOWN)
    ]


def _shelf(request: HttpRequest, link: ReaderLink, *, error: str = "", status: int = 200) -> HttpResponse:
    page: dict[str, Any] = {
        "token": link.token,
        "kept": shelf(subscriber=link.subscriber),
        "most": PAPERS_SHOWN,
        "interests": list(link.subscriber.profiles.order_by("created_at", "pk").values("pk", "name")),
        "error": error,
    }
    return render(request, "digest/saved.html", page, status=status)


def _move(request: HttpRequest, subscriber: Subscriber, item: DigestItem) -> None:
    """`off` takes a paper off the shelf, anything else puts it there: sent twice, both are the same as once."""
    if "off" in request.POST:
        remove_saved(subscriber=subscriber, paper_id=item.paper_id)
        messages.success(request, _("No longer saved."))
    else:
        save_paper(subscriber=subscriber, paper_id=item.paper_id, now=timezone.now())
        messages.success(request, _("Saved. It stands with your saved papers."))
