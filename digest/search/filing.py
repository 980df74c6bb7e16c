"""A paper's texts -> the tokens that it is filed under, the same for every database. Pure.

A word of title and abstract is filed by its stem, one of an author by itself with @ before it. Labels say what a
paper is (`cat:cs.cl`, `source:arxiv`) and when it came (`day:2026060` for ten days, `month:202606`), so that the index
can narrow a common word down before any row is read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import md5
from itertools import islice

from digest.arxiv import category_names
from digest.matching._stems import stem
from digest.matching._text import fold, joined_words, split_words
from digest.search.query import Field, Term

GAP = "|"
"""Stands where one text ends and another begins: no phrase reaches over it."""
ANY = "any:"
"""The label of every paper that can be found."""
MAX_TEXT_WORDS = 4_000
MAX_AUTHORS = 1_500
MAX_NAME_WORDS = 8
MAX_TOKEN_CHARS = 100
NUMBER_BITS = 30  # of a place are the paper's number; the 33 above are its minute, and reach to the year 9999
MINUTES_A_DAY = 24 * 60

_NO_LABEL = re.compile(r"[^a-z0-9.\-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is known of a paper where it is filed; `moment` is the one in UTC that it is ordered by."""

    paper_id: int
    title: str
    abstract: str
    authors: Sequence[str]
    categories: Sequence[str]
    source: str
    moment: datetime
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The tokens of one paper, in the order of its text; empty, and without a place, when it must not be found."""

    paper_id: int
    place: int | None
    title: tuple[str, ...] = ()
    abstract: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Change with anything that is filed."""
        return md5(repr(asdict(self)).encode(errors="replace"), usedforsecurity=False).hexdigest()


def file_text(*, text: Text) -> Filed:
    """Say under which tokens a paper is filed."""
    if not text.is_shown:
        return Filed(paper_id=text.paper_id, place=None)
    return Filed(
        paper_id=text.paper_id,
        place=place_of(moment=text.moment, paper_id=text.paper_id),
        title=tuple(_words(text.title)),
        abstract=tuple(_words(text.abstract)),
        authors=tuple(_names(text.authors)),
        labels=tuple(_labels(text)),
    )


def place_of(*, moment: datetime, paper_id: int = 0) -> int:
    """Order papers by their minute in UTC, and those of one minute by their number."""
    minute = moment.toordinal() * MINUTES_A_DAY + moment.hour * 60 + moment.minute
    return (minute << NUMBER_BITS) + paper_id


def paper_at(*, place: int) -> int:
    """Give the number of the paper that stands at a place."""
    return place & ((1 << NUMBER_BITS) - 1)


def alternatives(*, term: Term) -> Iterator[tuple[str, ...]]:
    """Give the runs of tokens of which one is enough for a term; those with @ are names of authors."""
    if term.field is not Field.AUTHOR:
        yield tuple(stem(_cut(word)) for word in term.words)
        if term.joined:
            yield (stem(_cut(term.joined)),)
    if term.field in {Field.ANY, Field.AUTHOR}:
        yield tuple(f"@{_cut(word)}" for word in term.words)


def label_category(*, name: str) -> str:
    """Give the label of a category, or of a whole archive: "cs" or "cs.*" is every category that begins with "cs."."""
    return _label("cat", name.lower().removesuffix(".*").removesuffix("."))


def label_source(*, name: str) -> str:
    """Give the label of a source."""
    return _label("source", name.lower())


def label_ten_days(*, day: date) -> str:
    """Give the label of a third of a month; the last day of one with 31 is a fourth part."""
    return f"day:{day:%Y%m%d}"[:-1]


def label_month(*, day: date) -> str:
    """Give the label of a month."""
    return f"month:{day:%Y%m}"


def months(*, since: date, until: date) -> list[str]:
    """Give the labels of all months from one day to another, the newest first."""
    labels, day = [], until
    while day >= since.replace(day=1):
        labels.append(label_month(day=day))
        if day.toordinal() <= day.day:
            break
        day = day.replace(day=1) - timedelta(days=1)
    return labels


def _words(text: str) -> Iterator[str]:
    """Give the stems of a text; words with a hyphen stand once more, closed up, behind a gap."""
    folded = fold(text)
    yield from (stem(_cut(word)) for word in islice(split_words(folded), MAX_TEXT_WORDS))
    closed = joined_words(folded)
    if closed:
        plain = set(split_words(folded))
        for word in dict.fromkeys(word for word in closed if word not in plain):
            yield GAP
            yield stem(_cut(word))


def _names(authors: Iterable[str]) -> Iterator[str]:
    """Give the words of each author; "Amara Okonjo" is filed as "A Okonjo" too."""
    for name in islice(authors, MAX_AUTHORS):
        words = [_cut(word) for word in split_words(fold(name))[:MAX_NAME_WORDS]]
        if not words:
            continue
        yield from (f"@{word}" for word in words)
        yield GAP
        if len(words) > 1 and len(words[0]) > 1:
            yield from (f"@{word}" for word in (words[0][0], *words[1:]))
            yield GAP


def _labels(text: Text) -> Iterator[str]:
    yield ANY
    yield label_ten_days(day=text.moment)
    yield label_month(day=text.moment)
    yield label_source(name=text.source)
    names = [other for name in text.categories for other in category_names(name)]
    archives = [name.partition(".")[0] for name in names if "." in name]
    yield from dict.fromkeys(label_category(name=name) for name in (*names, *archives))


def _label(kind: str, name: str) -> str:
    return f"{kind}:{_NO_LABEL.sub('', name)[:MAX_TOKEN_CHARS]}"


def _cut(word: str) -> str:
    return word[:MAX_TOKEN_CHARS]
