"""What a person typed into the search field -> what is looked for. Pure: nothing is read, nothing raises.

Quotes hold words together, a minus leaves papers out, `title:`, `abstract:`, `author:`, `cat:`, `source:`, `date:`,
`since:`, `until:` and `id:` say where to look. What does not close or cannot be read costs itself, and a note says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext as _

from digest.matching._filler import STOP_WORDS
from digest.matching._text import fold, joined_words, split_words
from digest.search.days import Days, read_days
from subscriptions.identifiers import UnknownReference, parse_paper_reference
from subscriptions.types import PaperReference

MAX_CHARS = 1000  # what comes after is not searched
MAX_TERMS = 24
MAX_TERM_WORDS = 12  # a longer phrase is cut
SHOWN_CHARS = 40  # of what is quoted in a note

_TERM = re.compile(
    r"""
    (?P<minus> (?<!\S) [-\u2212] (?=[^\s\-]) )?
    (?: (?P<field> [A-Za-z]+ ) : (?=\S|$) )?
    (?: ["\u201c\u201d\u201e\u00ab] (?P<phrase> [^"\u201c\u201d\u201e\u00bb]* )
        (?P<close> ["\u201c\u201d\u00bb] )?
      | (?P<word> [^\s"\u201c\u201d\u201e\u00ab]+ )
      | (?= \s | $ ) )
    """,
    re.VERBOSE,
)


class Field(StrEnum):
    """Where in a paper a term has to stand."""

    ANY = ""
    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHOR = "author"


PREFIXES = {
    "title": "title", "ti": "title", "abstract": "abstract", "abs": "abstract", "author": "author", "au": "author",
    "cat": "cat", "category": "cat", "source": "source", "id": "id", "arxiv": "id", "doi": "id",
    "date": "date", "on": "date", "since": "since", "after": "since", "from": "since",
    "until": "until", "before": "until", "to": "until",
}  # fmt: skip
"""What may stand before a colon, and what it means; any other word before a colon is a word like others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word, or words that stand side by side; `words` is how they are folded, never empty.

    `joined` is one word that means the same: "pre-training" is also "pretraining".
    """

    words: tuple[str, ...]
    field: Field = Field.ANY
    joined: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for: papers that hold every term of `wanted` and none of `excluded`.

    Of `categories` one is enough, and so of `sources` and `references`; those in `without_categories` and
    `without_sources` are left out. `days` has both ends within. `notes` are whole sentences for who typed it.
    """

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    without_categories: tuple[str, ...] = ()
    without_sources: tuple[str, ...] = ()
    references: tuple[PaperReference, ...] = ()
    days: Days = field(default_factory=Days)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One term as it stands in the text."""

    prefix: str
    text: str
    minus: bool
    as_typed: str


def parse(*, text: str) -> Query:
    """Read a search. Whatever is typed gives a query; what could not be used stands in its notes."""
    reference = _reference(text.strip())
    if reference is not None:
        return Query(references=(reference,))
    notes = []
    if len(text) > MAX_CHARS:
        notes.append(_("Only the first %(most)d characters were searched for.") % {"most": MAX_CHARS})
    query = Query()
    for number, piece in enumerate(_pieces(text[:MAX_CHARS], notes)):
        if number == MAX_TERMS:
            notes.append(_("Only the first %(most)d words and phrases were searched for.") % {"most": MAX_TERMS})
            break
        query = _add(query, piece, notes)
    return replace(query, wanted=_telling(query.wanted), notes=tuple(dict.fromkeys(notes)))


def term_of(*, text: str, where: Field) -> Term | None:
    """Fold what was typed into a term; None when no word is in it. "Okonjo, Amara" is Amara Okonjo among authors."""
    if where is Field.AUTHOR and text.count(",") == 1:
        text = " ".join(reversed(text.split(",")))
    folded = fold(text)
    words = split_words(folded)[:MAX_TERM_WORDS]
    closed = joined_words(folded)
    return Term(words=tuple(words), field=where, joined=closed[0] if len(closed) == 1 else "") if words else None


def _telling(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Pass over words like "the" and "of", unless there are no others."""
    telling = tuple(term for term in terms if term.field or len(term.words) > 1 or term.words[0] not in STOP_WORDS)
    return telling or terms


def _pieces(text: str, notes: list[str]) -> Iterator[_Piece]:
    for found in _TERM.finditer(text):
        if not found[0]:
            continue
        prefix = PREFIXES.get((found["field"] or "").lower(), "")
        said = found["phrase"] if found["phrase"] is not None else found["word"] or ""
        if found["field"] and not prefix:
            said = f"{found['field']} {said}"  # "GPT-4:a" holds two words and no field
        if found["phrase"] is not None and not found["close"]:
            notes.append(
                _("The quotation mark before “%(words)s” is not closed; all that follows was taken as one phrase.")
                % {"words": _short(said)}
            )
        yield _Piece(prefix=prefix, text=said.strip(), minus=bool(found["minus"]), as_typed=_short(found[0]))


def _add(query: Query, piece: _Piece, notes: list[str]) -> Query:
    if piece.prefix and not piece.text:
        notes.append(_("Nothing stands after “%(typed)s”; it was passed over.") % {"typed": piece.as_typed})
        return query
    if piece.prefix in {"date", "since", "until"}:
        return _add_days(query, piece, notes)
    if piece.prefix == "id":
        return _add_reference(query, piece, notes)
    if piece.prefix in {"cat", "source"}:
        return _add_filed(query, piece)
    term = term_of(text=piece.text, where=Field(piece.prefix))
    if term is None:
        return query
    if piece.minus:
        return replace(query, excluded=(*query.excluded, term))
    return replace(query, wanted=(*query.wanted, term))


def _add_filed(query: Query, piece: _Piece) -> Query:
    if piece.prefix == "cat":
        if piece.minus:
            return replace(query, without_categories=(*query.without_categories, piece.text))
        return replace(query, categories=(*query.categories, piece.text))
    if piece.minus:
        return replace(query, without_sources=(*query.without_sources, piece.text))
    return replace(query, sources=(*query.sources, piece.text))


def _add_reference(query: Query, piece: _Piece, notes: list[str]) -> Query:
    reference = _reference(piece.text)
    if reference is None or piece.minus:
        notes.append(
            _("“%(typed)s” is no arXiv id, DOI or number of a paper; it was passed over.") % {"typed": piece.as_typed}
        )
        return query
    return replace(query, references=(*query.references, reference))


def _add_days(query: Query, piece: _Piece, notes: list[str]) -> Query:
    days = None if piece.minus else read_days(text=piece.text)
    if days is None:
        notes.append(
            _("“%(typed)s” is no date like 2026-05-31, 2026-05 or 2026; it was passed over.")
            % {"typed": piece.as_typed}
        )
        return query
    if piece.prefix == "since":
        days = replace(days, until=None)
    elif piece.prefix == "until":
        days = replace(days, since=None)
    return replace(query, days=query.days & days)


def _reference(text: str) -> PaperReference | None:
    try:
        return parse_paper_reference(text)
    except UnknownReference:
        return None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS].rstrip()}…"
