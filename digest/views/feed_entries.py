"""Paper rows -> the entries of feeds: plain titles, safe HTML, ids that never change."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from digest.feeds import Entry
from digest.mail.present import MAX_AUTHOR_CHARS, MAX_TERM_CHARS, ShownPaper, is_safe, readable
from digest.models import Paper
from digest.types import MailPaper
from digest.views.papers import show_in_full
from subscriptions.text import clean_line

TAGGED_SINCE = "2026"
"""RFC 4151: a tag names a year in which its maker had the host name. Changing it would make every entry new again."""

AUTHORS_NAMED = 30  # of a paper with three thousand; the entry's text counts the others


def make_entry(*, row: Paper, paper: MailPaper, published: datetime) -> Entry:
    """Put a paper into an entry; `paper` says what is shown of the row, `published` when it came into the feed."""
    shown = show_in_full(paper=paper)
    return Entry(
        id=tag(name=f"paper/{row.pk}"),
        title=shown.title or _("A paper without a title"),
        url=paper.url if is_safe(url=paper.url) else home_url(),
        html=_html(shown),
        authors=_names(paper.authors),
        categories=tuple(clean_line(str(code))[:MAX_TERM_CHARS] for code in row.categories),
        published=published,
        updated=max(published, row.updated_at or published),
    )


def tag(*, name: str) -> str:
    """Name something of this site for ever, whatever address it has: tag:papers.example.org,2026:paper/12."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{TAGGED_SINCE}:{name}"


def home_url() -> str:
    """Give the absolute address of the front page."""
    return f"{settings.SITE_URL}{reverse('home')}"


def _names(authors: Sequence[str]) -> tuple[str, ...]:
    names = (readable(text=name, limit=MAX_AUTHOR_CHARS) for name in authors[:AUTHORS_NAMED])
    return tuple(name for name in names if name)


def _html(shown: ShownPaper) -> str:
    parts = format_html_join("", "<p>{}</p>", ((text,) for text in (shown.authors, shown.why, shown.abstract) if text))
    links = format_html_join(" · ", '<a href="{}">{}</a>', ((link.url, link.name) for link in shown.links))
    return format_html("{}<p>{}</p>", parts, links) if links else str(parts)
