"""More like this, less like this: the pages behind the links beside each paper of a mail.

Mail scanners open every link, so a page only shows a button, and its POST acts. What a word is learnt for is the
interest that the paper was sent for; where there is none, the reader says which.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from digest.errors import NothingToLearnFrom
from digest.mail.present import MAX_TITLE_CHARS, readable
from digest.models import DigestItem, Feedback
from digest.pipeline.feedback import GivenFeedback, give_feedback, last_word, take_back
from digest.pipeline.saved import saved_ids
from subscriptions import services
from subscriptions.errors import LinkInvalid, SubscriptionError
from subscriptions.models import InterestProfile, Subscriber
from subscriptions.services.learning import LIKED_PAPERS
from subscriptions.views.links import ReaderLink, behind_link

Verdict = Feedback.Verdict
NEW_INTEREST = "new"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a link asks about: a paper that its reader was sent, and what it asks for."""

    reader: Subscriber
    item: DigestItem
    verdict: Verdict
    token: str

    @cached_property
    def interests(self) -> dict[int, InterestProfile]:
        """The interests that may learn from the answer: that of the paper, or else all of the reader's."""
        own = self.reader.profiles.order_by("created_at", "pk")
        rows = own.filter(pk=self.item.profile_id) if self.item.profile_id else own
        return {row.pk: row for row in rows}

    @cached_property
    def said(self) -> GivenFeedback | None:
        """The reader's last word on the paper."""
        return last_word(profile_ids=list(self.interests), paper_id=self.item.paper_id)

    @property
    def is_said(self) -> bool:
        """Tell whether the reader's last word is just what the link asks for."""
        return self.said is not None and self.said.verdict == self.verdict

    @property
    def may_begin_interest(self) -> bool:
        """Tell whether an interest of its own may be begun for a liked paper that none was chosen for."""
        names = {row.name for row in self.interests.values()}
        return self.verdict == Verdict.MORE and not self.item.profile_id and LIKED_PAPERS not in names


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="feedback")
def more(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Ask whether the reader wants more like a paper; take the answer, or take it back."""
    return _answer(request, asked(link=link, verdict=Verdict.MORE))


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="feedback")
def less(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Ask whether the reader wants less like a paper; take the answer, or take it back."""
    return _answer(request, asked(link=link, verdict=Verdict.LESS))


def asked(*, link: ReaderLink, verdict: Verdict) -> Asked:
    """Find the paper that a link speaks of among those that its reader was sent.

    Raises: LinkInvalid when it is not among them.
    """
    own = DigestItem.objects.filter(subscriber=link.subscriber).select_related("paper")
    item = own.filter(pk=int(link.extra)).first() if link.extra.isdecimal() else None
    if item is None:
        raise LinkInvalid(_("What this link speaks of is no longer held."))
    return Asked(reader=link.subscriber, item=item, verdict=verdict, token=link.token)


def page(request: HttpRequest, asked: Asked, *, status: int = 200, error: str = "") -> HttpResponse:
    """Show the question, or what was answered and how to take it back."""
    said = asked.interests[asked.said.profile_id] if asked.said and asked.is_said else None
    context: dict[str, Any] = {
        "token": asked.token,
        "title": readable(text=asked.item.paper.title, limit=MAX_TITLE_CHARS),
        "here": asked.verdict.value,
        "is_more": asked.verdict == Verdict.MORE,
        "said": said,
        "chosen": next(iter(asked.interests.values()), None) if asked.item.profile_id else None,
        "interests": list(asked.interests.values()),
        "may_begin": asked.may_begin_interest,
        "new_interest": NEW_INTEREST,
        "new_name": LIKED_PAPERS,
        "error": error,
        "is_saved": bool(said and saved_ids(subscriber=asked.reader, paper_ids=[asked.item.paper_id])),
    }
    return render(request, "digest/feedback.html", context, status=status)


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    if request.method != "POST":
        return page(request, asked)
    try:
        if "undo" in request.POST:
            _undo(request, asked)
        else:
            interest = _interest(asked, request.POST.get("interest", ""))
            give_feedback(
                profile_id=interest.pk, paper_id=asked.item.paper_id, verdict=asked.verdict, now=timezone.now()
            )
    except NothingToLearnFrom as error:
        raise LinkInvalid(str(error)) from error
    except SubscriptionError as error:
        return page(request, asked, status=400, error=str(error))
    return redirect(asked.verdict.value, asked.token)


def _undo(request: HttpRequest, asked: Asked) -> None:
    if asked.said is not None and asked.is_said:
        take_back(profile_id=asked.said.profile_id, paper_id=asked.item.paper_id)
    messages.success(request, _("Taken back: nothing is learnt from this paper."))


def _interest(asked: Asked, wanted: str) -> InterestProfile:
    """Find the interest that shall learn, and begin it where the reader has none that fits.

    Raises: SubscriptionError when the reader has to choose one of their own.
    """
    if asked.item.profile_id:
        return next(iter(asked.interests.values()))
    if asked.may_begin_interest and (wanted == NEW_INTEREST or not asked.interests):
        return services.interest_for_likes(subscriber=asked.reader, now=timezone.now())
    chosen = asked.interests.get(int(wanted)) if wanted.isdecimal() else None
    if chosen is None:
        raise SubscriptionError(_("Please choose one of your interests."))
    return chosen
