"""Why this paper: the page behind the link beside a paper, with every reason and its part of the score."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest.mail.present import day_in_words, signal_in_words
from digest.models import DigestItem
from digest.pipeline.saved import saved_ids
from digest.views.sent import all_reasons, paper_of
from subscriptions.errors import LinkInvalid
from subscriptions.views.links import ReaderLink, behind_link

MOST_INTERESTS_NAMED = 5


@require_safe
@behind_link(purpose="feedback")
def why(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Say for which interest a paper was sent, and what spoke for it."""
    return why_page(request, link, item=sent_item(link=link))


def sent_item(*, link: ReaderLink) -> DigestItem:
    """Find the paper that a link speaks of among those that its reader was sent.

    Raises: LinkInvalid when it is not among them.
    """
    own = DigestItem.objects.filter(subscriber=link.subscriber).select_related("paper", "digest")
    item = own.filter(pk=int(link.extra)).first() if link.extra.isdecimal() else None
    if item is None:
        raise LinkInvalid(_("What this link speaks of is no longer held."))
    return item


def why_page(
    request: HttpRequest, link: ReaderLink, *, item: DigestItem, error: str = "", status: int = 200
) -> HttpResponse:
    """Show a paper with its reasons, and the ways on from it."""
    page: dict[str, Any] = {
        "token": link.token,
        "paper": paper_of(item=item),
        "day": day_in_words(day=item.digest.digest_date),
        "interest": item.profile_name,
        "also_in": item.also_in[:MOST_INTERESTS_NAMED],
        "note": signal_in_words(note=item.note),
        "reasons": all_reasons(item=item),
        "is_saved": bool(saved_ids(subscriber=link.subscriber, paper_ids=[item.paper_id])),
        "error": error,
    }
    return render(request, "digest/why.html", page, status=status)
