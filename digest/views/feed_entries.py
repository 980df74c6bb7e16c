"""Paper rows -> the entries of feeds: plain titles, safe HTML, ids that never change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from digest.feeds import Entry
from digest.mail.content import to_mail_paper
from digest.mail.present import MAX_AUTHOR_CHARS, MAX_TERM_CHARS, ShownPaper, is_safe, readable
from digest.models import Digest, DigestItem, Paper
from digest.types import MailPaper, Reason
from digest.views.papers import show_in_full
from subscriptions.models import Subscriber
from subscriptions.text import clean_line

TAGGED_SINCE = "2026"
"""RFC 4151: a tag names a year in which its maker had the host name. Changing it would make every entry new again."""

DIGESTS_OF_A_READER = 14
ENTRIES_OF_A_READER = 200  # two of the longest digests; a feed reader that looks once a day misses nothing
AUTHORS_NAMED = 30  # of a paper with three thousand; the entry's text counts the others


def make_entry(*, row: Paper, paper: MailPaper, published: datetime) -> Entry:
    """Put a paper into an entry; `paper` says what is shown of the row, `published` when it came into the feed."""
    shown = show_in_full(paper=paper)
    return Entry(
        id=tag(name=f"paper/{row.pk}"),
        title=shown.title or _("A paper without a title"),
        url=paper.url if is_safe(url=paper.url) else _page(row),
        html=_html(shown),
        authors=_names(paper.authors),
        categories=tuple(clean_line(str(code))[:MAX_TERM_CHARS] for code in row.categories),
        published=published,
        updated=max(published, row.updated_at or published),
    )


def tag(*, name: str) -> str:
    """Name something of this site for ever, whatever address it has: tag:papers.example.org,2026:paper/12."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{TAGGED_SINCE}:{name}"


def paper_entries(*, rows: Iterable[Paper]) -> Iterator[Entry]:
    """Put papers into entries, in their order; their identifiers should be prefetched."""
    for row in rows:
        paper = to_mail_paper(paper=row, signal=row.trending_note)
        yield make_entry(row=row, paper=paper, published=row.first_seen_at)


def item_entries(*, subscriber: Subscriber) -> Iterator[Entry]:
    """Read the papers of a reader's last digests in three queries, the newest first, with the reason for each.

    Those withdrawn since are left out.
    """
    ready = Digest.objects.filter(subscriber=subscriber, status=Digest.Status.READY)
    last = ready.order_by("-digest_date").values("pk")[:DIGESTS_OF_A_READER]
    papers = Prefetch("paper", Paper.objects.prefetch_related("identifiers"))
    rows = DigestItem.objects.filter(digest__in=last, paper__in=Paper.objects.mailable())
    ordered = rows.order_by("-digest__digest_date", "section", "position")
    for item in ordered.select_related("digest").prefetch_related(papers)[:ENTRIES_OF_A_READER]:
        reasons = tuple(Reason(**reason) for reason in item.reasons)
        paper = replace(to_mail_paper(paper=item.paper, signal=item.note), reasons=reasons)
        yield make_entry(row=item.paper, paper=paper, published=item.digest.built_at or item.digest.planned_at)


def _page(row: Paper) -> str:
    return f"{settings.SITE_URL}{reverse('paper', args=[row.pk])}"


def _names(authors: Sequence[str]) -> tuple[str, ...]:
    names = (readable(text=name, limit=MAX_AUTHOR_CHARS) for name in authors[:AUTHORS_NAMED])
    return tuple(name for name in names if name)


def _html(shown: ShownPaper) -> str:
    parts = format_html_join("", "<p>{}</p>", ((text,) for text in (shown.authors, shown.why, shown.abstract) if text))
    links = format_html_join(" · ", '<a href="{}">{}</a>', ((link.url, link.name) for link in shown.links))
    return format_html("{}<p>{}</p>", parts, links) if links else str(parts)
