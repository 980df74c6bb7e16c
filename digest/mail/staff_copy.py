"""A reader's digest as staff may see it: the same papers and words, and none of the reader's own links.

A link of the reader's in somebody else's mailbox could unsubscribe them: mail scanners press such buttons.
"""

from dataclasses import replace
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from digest.mail.outcome import Outcome
from digest.mail.render import render_digest
from digest.mail.wire import Wire
from digest.types import MailDigest, MailPaper

READERS_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Precedence")


def without_links(*, digest: MailDigest) -> MailDigest:
    """Point every link that acts for the reader at the site's first page, and ask nothing about the papers."""
    home = f"{settings.SITE_URL}/"
    unasked = replace(digest, matched=_unasked(digest.matched), trending=_unasked(digest.trending))
    return replace(unasked, manage_url=home, unsubscribe_url=home, one_click_url=home, browser_url=home)


def _unasked(papers: tuple[MailPaper, ...]) -> tuple[MailPaper, ...]:
    return tuple(replace(paper, more_url="", less_url="", why_url="") for paper in papers)


def staff_copy(*, digest: MailDigest, to: str) -> EmailMultiAlternatives:
    """Write the mail for a member of staff, marked as a copy. This function will keep the reader's address out of it.

    It has an id of its own, so that no event about it is taken for one about the reader's mail.
    """
    own = replace(without_links(digest=digest), email=to, delivery_id=str(uuid4()))
    message = render_digest(digest=own)
    message.subject = f"[Preview for staff] {message.subject}"
    for name in READERS_HEADERS:
        message.extra_headers.pop(name, None)
    return message


def send_staff_copy(*, digest: MailDigest, to: str) -> Outcome:
    """Hand a copy to the provider once, and say what came of it. Nothing is written down."""
    with Wire() as wire:
        return wire.hand_over(message=staff_copy(digest=digest, to=to))
