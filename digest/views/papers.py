"""A paper as a page shows it: as the mail does, with its abstract in full, and the words of a search marked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from digest.mail.content import to_mail_paper
from digest.mail.present import Link, ShownPaper, day_in_words, show_paper
from digest.models import Paper
from digest.search import Field, Term
from digest.search.highlight import highlight
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
    return Card(
        paper_id=paper.pk,
        page_url=reverse("paper", args=[paper.pk]),
        title=shown.title,
        marked_title=marked(text=shown.title, marks=marks, where=Field.TITLE),
        url=shown.url,
        facts=shown.facts,
        day=day_in_words(day=(paper.submitted_at or paper.first_seen_at).date()),
        authors=shown.authors,
        why=shown.why,
        excerpt=_excerpt(shown.abstract, marks),
        abstract=shown.abstract,
        marked_abstract=marked(text=shown.abstract, marks=marks, where=Field.ABSTRACT),
        links=shown.links,
        title_language=shown.title_language,
        abstract_language=shown.abstract_language,
    )


def _excerpt(abstract: str, marks: Sequence[Term]) -> SafeString:
    """Cut what stands around the first mark out, at the ends of words."""
    pieces = highlight(text=abstract, marks=marks, where=Field.ABSTRACT) if marks else ()
    before = 0
    for piece in pieces:
        if piece.is_marked:
            break
        before += len(piece.text)
    else:
        return SafeString("")
    start, end = max(before - EXCERPT_BEFORE, 0), before + EXCERPT_AFTER
    start = abstract.find(" ", start) + 1 if start else 0
    cut = abstract[start : abstract.rfind(" ", start, end)] if end < len(abstract) else abstract[start:]
    shown = marked(text=cut if len(cut) > EXCERPT_BEFORE else abstract[start:end], marks=marks, where=Field.ABSTRACT)
    return format_html("{}{}{}", "… " if start else "", shown, " …" if end < len(abstract) else "")


def marked(*, text: str, marks: Sequence[Term], where: Field) -> SafeString:
    """Escape a text and mark the words in it that were searched for."""
    pieces = highlight(text=text, marks=marks, where=where)
    return format_html_join("", "{}", ((_piece(piece.text, is_marked=piece.is_marked),) for piece in pieces))


def _piece(text: str, *, is_marked: bool) -> SafeString:
    return format_html("<mark>{}</mark>", text) if is_marked else format_html("{}", text)
