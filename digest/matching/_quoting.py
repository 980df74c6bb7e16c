"""A reader's word and a paper -> what to tell the reader: letters that can be found in the paper, as it stands."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.matching._reading import ABSTRACT_LIMIT, TITLE_LIMIT
from digest.matching._stems import family, singular, stem
from digest.matching._text import fold, split_words, written_words
from digest.matching._wording import read_keyword
from digest.types import PaperDoc

PAPERS_KEPT = 3_000  # the window of a busy week; some 25 MB
QUOTES_KEPT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field of a paper as a row of words: `stems[i]` is written from `starts[i]` to `ends[i]` of the text."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    starts: "array[int]"  # thousands of texts are kept, and a tuple takes ten times the room
    ends: "array[int]"

    def find(self, way: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Find where the stems of a way of writing stand one after the other: from where to where."""
        place = -1
        for _ in range(self.stems.count(way[0])):
            place = self.stems.index(way[0], place + 1)
            if self.stems[place : place + len(way)] == tuple(way):
                yield self.starts[place], self.ends[place + len(way) - 1]

    def find_relatives(self, root: str) -> Iterator[tuple[int, int]]:
        """Find the words that grew from a root."""
        for place, word in enumerate(self.words):
            if family(word) == root:
                yield self.starts[place], self.ends[place]


def quote(*, paper: PaperDoc, asked: str) -> str:
    """Say in letters that stand in the paper's title or abstract what the paper has of what the reader asked for.

    That is the reader's own spelling where the paper has it, letter by letter but for case and a plural s; else the
    first stretch of the paper that holds it in another form ("doping" for "doped"), else the first word that is
    only related to it. Blanks are single, whatever breaks the lines. A paper that holds nothing of it: `asked`.
    """
    return _quote(paper.title[:TITLE_LIMIT], paper.abstract[:ABSTRACT_LIMIT], " ".join(asked.split()))


@lru_cache(maxsize=QUOTES_KEPT)
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
    # Hyphens are closed up only where nothing else helps: few texts are ever cut that way.
    for joined in (False, True):
        for text in fields:
            for way in keyword.ways if keyword else ():
                yield from (cut(text, *place) for place in read_line(text, joined=joined).find(way))
    words = split_words(fold(asked))
    if len(words) == 1:
        for text in fields:
            yield from (cut(text, *place) for place in read_line(text, joined=False).find_relatives(family(words[0])))


@lru_cache(maxsize=2 * PAPERS_KEPT)
def read_line(text: str, *, joined: bool) -> Line:
    """Read one field of a paper, with hyphens opened or closed."""
    words = list(written_words(text, joined=joined))
    return Line(
        words=tuple(found.word for found in words),
        stems=tuple(stem(found.word) for found in words),
        starts=array("I", [found.start for found in words]),
        ends=array("I", [found.end for found in words]),
    )


def cut(text: str, start: int, end: int) -> str:
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
