"""A paper as a page shows it: as the mail does, with its abstract in full, and the words of a search marked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from digest.mail.content import to_mail_paper
from digest.mail.present import Link, ShownPaper, day_in_words, show_paper
from digest.models import Paper
from digest.search import Field, Term
from digest.search.highlight import Piece, highlight
from digest.types import MailPaper

ABSTRACT_CHARS = 4_000
EXCERPT_BEFORE, EXCERPT_AFTER = 80, 180  # characters around the first mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A paper in a list: what _paper.html shows. What is a SafeString is HTML with <mark>.

    `excerpt` is what stands around the first mark in the abstract; empty where nothing is marked in it.
    """

    paper_id: int
    page_url: str
    title: str
    marked_title: SafeString
    url: str
    facts: tuple[str, ...]
    day: str
    authors: str
    why: str
    excerpt: SafeString
    abstract: str
    marked_abstract: SafeString
    links: tuple[Link, ...]
    title_language: str
    abstract_language: str


def show_in_full(*, paper: MailPaper) -> ShownPaper:
    """Put a paper into words for a page."""
    return show_paper(paper=paper, abstract_chars=ABSTRACT_CHARS)


def cards(*, papers: Iterable[Paper], marks: Sequence[Term] = ()) -> Iterator[Card]:
    """Put papers into cards, in their order; their identifiers should be prefetched. `marks` are highlighted."""
    for paper in papers:
        yield card(paper=paper, marks=marks)


def card(*, paper: Paper, marks: Sequence[Term] = ()) -> Card:
    """Put one paper into a card."""
    shown = show_in_full(paper=to_mail_paper(paper=paper, signal=paper.trending_note))
    title = highlight(text=shown.title, marks=marks, where=Field.TITLE)
    abstract = highlight(text=shown.abstract, marks=marks, where=Field.ABSTRACT)
    return Card(
        paper_id=paper.pk,
        page_url=reverse("paper", args=[paper.pk]),
        title=shown.title,
        marked_title=marked(pieces=title),
        url=shown.url,
        facts=shown.facts,
        day=day_in_words(day=(paper.submitted_at or paper.first_seen_at).date()),
        authors=shown.authors,
        why=shown.why,
        excerpt=_excerpt(abstract, shown.abstract),
        abstract=shown.abstract,
        marked_abstract=marked(pieces=abstract),
        links=shown.links,
        title_language=shown.title_language,
        abstract_language=shown.abstract_language,
    )


def marked(*, pieces: Sequence[Piece]) -> SafeString:
    """Escape a text and mark the pieces of it that were searched for."""
    shown = (f"<mark>{escape(piece.text)}</mark>" if piece.is_marked else escape(piece.text) for piece in pieces)
    return mark_safe("".join(shown))  # noqa: S308 - each piece is escaped


def _excerpt(pieces: Sequence[Piece], text: str) -> SafeString:
    """Cut what stands around the first mark out, at blanks where there are any; empty without a mark."""
    before = 0
    for piece in pieces:
        if piece.is_marked:
            break
        before += len(piece.text)
    else:
        return SafeString("")
    start = max(text.find(" ", max(before - EXCERPT_BEFORE, 0), before), 0) if before > EXCERPT_BEFORE else 0
    end = len(text)
    if before + EXCERPT_AFTER < end:
        end = max(text.rfind(" ", before, before + EXCERPT_AFTER), before + len(piece.text))
    parts = ("… " if start else "", marked(pieces=tuple(_between(pieces, start, end))), " …" if end < len(text) else "")
    return format_html("{}{}{}", *parts)


def _between(pieces: Iterable[Piece], start: int, end: int) -> Iterator[Piece]:
    """Keep of pieces what stands between two places of their text."""
    place = 0
    for piece in pieces:
        kept = piece.text[max(start - place, 0) : max(end - place, 0)]
        place += len(piece.text)
        if kept:
            yield Piece(text=kept.lstrip() if place - len(piece.text) <= start else kept, is_marked=piece.is_marked)
