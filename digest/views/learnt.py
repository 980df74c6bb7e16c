"""What an interest has learnt from its reader: papers liked and not wanted, each removable, and whether likes fade."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from digest.errors import NothingToLearnFrom
from digest.mail.present import MAX_TITLE_CHARS, day_in_words, readable
from digest.models import Feedback
from digest.pipeline.feedback import list_feedback, take_back
from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LibraryPaper
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.words import local

MOST_SHOWN = 200  # of the answers, and of the named papers


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One paper that an interest learnt from; `field` and `key` say what is posted to forget it."""

    title: str
    day: str
    at: datetime
    liked: bool
    named: bool
    field: str
    key: int


@require_safe
@behind_link(purpose="manage")
def learnt(request: HttpRequest, link: ReaderLink, profile_id: int) -> HttpResponse:
    """List what an interest has learnt, the newest first."""
    interest = _own(link, profile_id)
    found = sorted(lessons(interest=interest, timezone=link.subscriber.timezone), key=lambda row: row.at, reverse=True)
    page = {
        "token": link.token,
        "interest": interest,
        "liked": [row for row in found if row.liked],
        "unwanted": [row for row in found if not row.liked],
        "most": MOST_SHOWN,
    }
    return render(request, "digest/learnt.html", page)


@require_POST
@behind_link(purpose="manage")
def learnt_forget(request: HttpRequest, link: ReaderLink, profile_id: int) -> HttpResponse:
    """Forget one paper; what is forgotten already is no fault."""
    interest = _own(link, profile_id)
    paper, entry = (request.POST.get(name, "") for name in ("paper", "entry"))
    try:
        if paper.isdecimal():
            take_back(profile_id=interest.pk, paper_id=int(paper))
        if entry.isdecimal():
            services.forget_paper(
                subscriber=link.subscriber, profile_id=interest.pk, entry_id=int(entry), now=timezone.now()
            )
    except NothingToLearnFrom as error:
        raise Http404(str(error)) from error
    messages.success(request, _("Forgotten."))
    return redirect("learnt", link.token, interest.pk)


@require_POST
@behind_link(purpose="manage")
def learnt_fades(request: HttpRequest, link: ReaderLink, profile_id: int) -> HttpResponse:
    """Let likes fade or not: `fades` says which, so that sending it twice is the same."""
    fades = request.POST.get("fades") == "1"
    try:
        services.set_profile_fades(subscriber=link.subscriber, profile_id=profile_id, fades=fades, now=timezone.now())
    except SubscriptionError as error:
        raise Http404(str(error)) from error
    said = _("Older likes count less from now on.") if fades else _("All likes count the same from now on.")
    messages.success(request, said)
    return redirect("learnt", link.token, profile_id)


def lessons(*, interest: InterestProfile, timezone: str) -> Iterable[Lesson]:
    """Read the papers that a reader answered on or named, in two queries; days are those of the time zone."""
    for said in list_feedback(profile_ids=[interest.pk], most=MOST_SHOWN):
        liked = said.verdict == Feedback.Verdict.MORE
        yield _lesson(said.title, said.given_at, timezone, liked=liked, named=False, field="paper", key=said.paper_id)
    for entry in interest.library.order_by("-added_at", "-pk")[:MOST_SHOWN]:
        title, liked = entry.title or str(entry), entry.stance == LibraryPaper.Stance.LIKED
        yield _lesson(title, entry.added_at, timezone, liked=liked, named=True, field="entry", key=entry.pk)


def _lesson(title: str, at: datetime, timezone: str, *, liked: bool, named: bool, field: str, key: int) -> Lesson:
    return Lesson(
        title=readable(text=title, limit=MAX_TITLE_CHARS),
        day=day_in_words(day=local(at=at, timezone=timezone).date()),
        at=at,
        liked=liked,
        named=named,
        field=field,
        key=key,
    )


def _own(link: ReaderLink, profile_id: int) -> InterestProfile:
    return get_object_or_404(link.subscriber.profiles, pk=profile_id)
