"""A MailDigest -> the message: headers, a written text part, and an HTML part that no mailbox clips."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from digest.mail.forms import Outline, fill_outline
from digest.mail.pieces import ended
from digest.mail.present import MAX_ABSTRACT_CHARS, ShownPaper, day_in_words, show_paper
from digest.models import DigestItem
from digest.types import MailDigest
from subscriptions.emails import (
    Mail,
    assemble,
    return_address,
    sender_domain,
    shortened,
    site_words,
    subject_line,
)
from subscriptions.text import clean_line

MAX_HTML_BYTES = 98_000  # quoted-printable; a large mailbox provider clips at about 102 kB and hides the way to leave
ABSTRACT_STEPS = (MAX_ABSTRACT_CHARS, 280, 0)  # what an abstract is cut to, before papers have to go
UNFOLDED = 15  # papers of a section that are shown whole; nobody reads more abstracts than that over breakfast
SUBJECT_TITLE_CHARS = 80
PREHEADER_CHARS = 140
SENDER_ID_CHARS = (5, 15)  # the bounds that Feedback-ID sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the mail with its own heading."""

    title: str
    papers: tuple[ShownPaper, ...]


@override("en")  # the language of the templates; the page that set this off may have another
def render_digest(*, digest: MailDigest) -> Mail:
    """Write the mail of one digest. Of a long one, the papers after the first UNFOLDED are shown in short.

    When the HTML part would be too big, abstracts are cut first, then papers are left to the web page, and the
    mail says how many.
    """
    matched = _fold([show_paper(paper=paper) for paper in digest.matched])
    trending = _fold([show_paper(paper=paper) for paper in digest.trending])
    for abstract_chars in ABSTRACT_STEPS:
        message = _compose(digest, _cut(matched, abstract_chars), _cut(trending, abstract_chars))
        if _size(message) <= MAX_HTML_BYTES:
            return message
    return _with_fewer(digest, _cut(matched, 0), _cut(trending, 0), message)


def list_headers(*, digest: MailDigest) -> dict[str, str]:
    """Write what mailbox providers ask of a mail to many (RFC 2369, 2919, 8058)."""
    domain = sender_domain()
    by_a_person = settings.CONTACT_EMAIL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    by_itself = return_address(message_id=f"u{UUID(digest.delivery_id).hex}")  # read by us, and short: see tokens.py
    leave_by_mail = by_itself or f"{by_a_person}?subject=unsubscribe"
    return {
        "List-Id": f"{_ascii(settings.SITE_NAME)} <digest.{domain}>".strip(),
        "List-Unsubscribe": f"<{digest.one_click_url}>, <mailto:{leave_by_mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Feedback-ID": f"{digest.digest_date:%Y%m%d}:{urlsplit(settings.SITE_URL).hostname}:digest:{sender_id()}",
    }


def sections_of(*, matched: Sequence[ShownPaper], trending: Sequence[ShownPaper]) -> tuple[Section, ...]:
    """Put papers under their headings, in the order of mail and page; a section without papers is left out."""
    parts = ((DigestItem.Section.MATCHED, matched), (DigestItem.Section.TRENDING, trending))
    return tuple(Section(title=str(part.label), papers=tuple(papers)) for part, papers in parts if papers)


def sender_id() -> str:
    """Name the sender as Feedback-ID wants it: 5 to 15 letters or digits, always the same."""
    least, most = SENDER_ID_CHARS
    letters = re.sub(r"[^a-z0-9]", "", settings.SITE_NAME.lower())
    return letters[:most] if len(letters) >= least else f"{letters}digest"[:most]


def _with_fewer(digest: MailDigest, matched: list[ShownPaper], trending: list[ShownPaper], message: Mail) -> Mail:
    shown = len(matched) + len(trending)
    while shown > 1 and (size := _size(message)) > MAX_HTML_BYTES:
        shown = max(1, min(shown - 1, shown * MAX_HTML_BYTES // size))
        n_trending = min(len(trending), max(shown // 3, shown - len(matched)))
        message = _compose(digest, matched[: shown - n_trending], trending[:n_trending])
    return message


def _size(message: Mail) -> int:
    return 0 if message.wire_parts is None else len(message.wire_parts[1])


def _fold(papers: list[ShownPaper]) -> list[ShownPaper]:
    return [*papers[:UNFOLDED], *_cut(papers[UNFOLDED:], 0)]


def _cut(papers: list[ShownPaper], abstract_chars: int) -> list[ShownPaper]:
    return [_with_abstract(paper, abstract_chars) for paper in papers]


def _with_abstract(paper: ShownPaper, abstract_chars: int) -> ShownPaper:
    if len(paper.abstract) <= abstract_chars:
        return paper
    return replace(paper, abstract=shortened(paper.abstract, abstract_chars) if abstract_chars else "")


def _compose(digest: MailDigest, matched: Sequence[ShownPaper], trending: Sequence[ShownPaper]) -> Mail:
    sections = sections_of(matched=matched, trending=trending)
    words = _words(digest, [paper.title for paper in (*matched, *trending)])
    outline = _outline(digest, sections, has_preheader=bool(words["preheader"]))
    parts = fill_outline(outline=outline, words=words, papers=[section.papers for section in sections])
    message = assemble(
        kind="digest",
        subject=words["subject"],
        body=parts.text.text,
        html=parts.html.text,
        to=digest.email,
        message_id=digest.delivery_id,
        headers=list_headers(digest=digest),
        metadata={"delivery_id": digest.delivery_id},
    )
    message.wire_parts = (ended(wire=parts.text.wire), ended(wire=parts.html.wire))
    return message


def _outline(digest: MailDigest, sections: Sequence[Section], *, has_preheader: bool) -> Outline:
    n_shown = sum(len(section.papers) for section in sections)
    in_full = any(paper.abstract for section in sections for paper in section.papers)
    return Outline(
        sections=tuple((section.title, len(section.papers)) for section in sections),
        unfolded=UNFOLDED if in_full else None,
        n_left=len(digest.matched) + len(digest.trending) - n_shown,
        only_trending=bool(digest.trending) and not digest.matched,
        empty_reason=clean_line(digest.empty_reason),
        has_preheader=has_preheader,
        site=tuple(site_words().items()),
    )


def _words(digest: MailDigest, titles: Sequence[str]) -> dict[str, str]:
    return {
        "heading": heading(digest=digest),
        "day": day_in_words(day=digest.digest_date),
        "subject": subject_line(words=_subject(digest, titles[0] if titles else "")),
        "preheader": shortened(" · ".join(titles[1:4]), PREHEADER_CHARS),
        "manage_url": digest.manage_url,
        "unsubscribe_url": digest.unsubscribe_url,
        "browser_url": digest.browser_url,
    }


def heading(*, digest: MailDigest) -> str:
    """Say in a few words what the mail holds."""
    n_matched, n_trending = len(digest.matched), len(digest.trending)
    if n_matched and n_trending:
        return _n_new(n_matched) + _(", %(n)d trending") % {"n": n_trending}
    if n_matched:
        return _n_new(n_matched)
    trending = ngettext("%(n)d trending paper", "%(n)d trending papers", n_trending)
    return trending % {"n": n_trending} if n_trending else _("No new papers")


def _subject(digest: MailDigest, title: str) -> str:
    if not title:
        return f"No new papers on {day_in_words(day=digest.digest_date)}"
    quiet = title.replace("!", "")  # spam filters count exclamation marks
    return f"{heading(digest=digest)}: {shortened(quiet, SUBJECT_TITLE_CHARS)}"


def _n_new(number: int) -> str:
    return ngettext("%(n)d new paper", "%(n)d new papers", number) % {"n": number}


def _ascii(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9 ]", "", words).strip()
