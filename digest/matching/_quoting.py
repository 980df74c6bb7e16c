"""A reader's word and a paper -> what to tell the reader: letters that can be found in the paper, as it stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.matching._reading import ABSTRACT_LIMIT, TITLE_LIMIT
from digest.matching._stems import family, singular, stem
from digest.matching._text import fold, split_words, written_words
from digest.matching._wording import read_keyword
from digest.types import PaperDoc

PAPERS_KEPT = 1_000
QUOTES_KEPT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field of a paper as a row of words: `stems[i]` is written from `starts[i]` to `ends[i]` of the text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def quote(*, paper: PaperDoc, asked: str) -> str:
    """Say in letters that stand in the paper's title or abstract what the paper has of what the reader asked for.

    That is the reader's own spelling where the paper has it, letter by letter but for case and a plural s; else the
    first stretch of the paper that holds it in another form ("doping" for "doped"), else the first word that is
    only related to it. Blanks are single, whatever breaks the lines. A paper that holds nothing of it: `asked`.
    """
    return _quote(paper.title[:TITLE_LIMIT], paper.abstract[:ABSTRACT_LIMIT], " ".join(asked.split()))


def is_same_wording(one: str, other: str) -> bool:
    """Tell whether two texts are the same words, but for case, accents, hyphens, blanks and plurals."""
    return one == other or _bare(one) == _bare(other)


@lru_cache(maxsize=QUOTES_KEPT)
def _quote(title: str, abstract: str, asked: str) -> str:
    fields = (title, abstract)
    if any(_holds(_plain(text), asked.casefold()) for text in fields):
        return asked
    return next(_stretches(fields, asked), asked)


def _stretches(fields: Sequence[str], asked: str) -> Iterator[str]:
    """Find the stretches that hold what was asked: first as it is searched, then by the root of a single word."""
    keyword = read_keyword(asked)
    for way in keyword.ways if keyword else ():
        yield from _find(fields, way, stem)
    words = split_words(fold(asked))
    if len(words) == 1:
        yield from _find(fields, (family(words[0]),), family)


def _find(fields: Sequence[str], way: Sequence[str], reduce: Callable[[str], str]) -> Iterator[str]:
    for text in fields:
        for line in _read(text):
            reduced = [reduce(word) for word in line.words]
            for place in range(len(reduced) - len(way) + 1):
                if reduced[place] == way[0] and tuple(reduced[place : place + len(way)]) == tuple(way):
                    yield _cut(text, line.starts[place], line.ends[place + len(way) - 1])


@lru_cache(maxsize=2 * PAPERS_KEPT)
def _read(text: str) -> tuple[Line, ...]:
    return tuple(
        Line(
            words=tuple(found.word for found in words),
            starts=tuple(found.start for found in words),
            ends=tuple(found.end for found in words),
        )
        for words in (list(written_words(text)), list(written_words(text, joined=True)))
    )


def _cut(text: str, start: int, end: int) -> str:
    """Take a stretch out of a text, a formula's dollar signs with it, so that it can be read as the text is."""
    opens, closes = start > 0 and text[start - 1] == "$", text[end : end + 1] == "$"
    is_odd = text.count("$", start, end) % 2 == 1
    start -= opens and (is_odd or closes)
    end += closes and (not is_odd and opens or is_odd and not opens)
    return " ".join(text[start:end].split())


@lru_cache(maxsize=2 * PAPERS_KEPT)
def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _holds(text: str, wanted: str) -> bool:
    """Tell whether a text holds some words letter by letter, no word of it cut; a plural s may follow."""
    place = text.find(wanted)
    while place >= 0:
        before, after = text[place - 1 : place], text[place + len(wanted) :][:2]
        after = after.removeprefix("s") if len(after) and after[0] == "s" else after
        if not before.isalnum() and not after[:1].isalnum():
            return True
        place = text.find(wanted, place + 1)
    return False


def _bare(text: str) -> str:
    return "".join(singular(word) for word in split_words(fold(text)))
