"""Texts of papers -> streams of stems for phrases, and counts of stems and of roots: what costs time, done once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from digest.matching._sparse import FloatVector, matrix
from digest.matching._stems import family, stem
from digest.matching._text import fold, joined_words, split_words
from digest.types import IdArray, PaperDoc

TITLE_LIMIT = 2_000  # characters; what comes after them in a damaged record is not read
ABSTRACT_LIMIT = 30_000  # characters
TITLE_WEIGHT = 2.0  # a word in the title counts as two in the abstract
ABSTRACT_WEIGHT = 1.0
GAP = -1  # stands between two fields, so that no phrase reaches from one into the next


@dataclass(frozen=True, kw_only=True, eq=False)
class Stream:
    """All texts of a run as one row of stems; `papers` and `weights` say for each whose it is and what it counts."""

    stems: IdArray
    papers: IdArray
    weights: FloatVector

    def places_of(self, stems: IdArray) -> tuple[IdArray, IdArray]:
        """List where some stems stand. Returns: for each place its number in `stems`, and the place, rising in each."""
        order, starts = self._index
        first, end = starts[np.minimum(stems, len(starts) - 1)], starts[np.minimum(stems + 1, len(starts) - 1)]
        which = np.repeat(np.arange(len(stems)), end - first)
        offsets = np.arange(len(which)) - np.repeat(np.cumsum(end - first) - (end - first), end - first)
        return which, order[np.repeat(first, end - first) + offsets]

    @cached_property
    def _index(self) -> tuple[IdArray, IdArray]:
        """Sort all places by their stem, and say where in that order each stem begins; the last entry is its end."""
        order = np.argsort(self.stems, kind="stable")
        top = int(self.stems.max(initial=GAP))
        return order, np.searchsorted(self.stems[order], np.arange(top + 2))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What stands in a set of papers, whatever they are compared with.

    `streams` holds the texts with hyphens opened and with hyphens closed. `stems` and `roots` number the stems and
    the roots that occur; `counts` and `root_counts` say how often each occurs in each paper, words of the title
    counting more, shape (n_docs, n_stems) and (n_docs, n_roots).
    """

    streams: tuple[Stream, Stream]
    stems: dict[str, int]
    counts: sparse.csr_array
    roots: dict[str, int]
    root_counts: sparse.csr_array


class _WordTable(dict[str, int]):
    """Numbers words in the order in which they are met."""

    def __missing__(self, word: str) -> int:
        self[word] = len(self)
        return self[word]


class _StreamBuilder:
    """Collects fields of text; the stems are numbered once all words are known."""

    def __init__(self, table: _WordTable) -> None:
        self.table = table
        self.words: list[int] = []
        self.papers: list[int] = []
        self.lengths: list[int] = []
        self.weights: list[float] = []

    def add(self, words: list[str], *, paper: int, weight: float) -> None:
        table = self.table
        self.words.extend([table[word] for word in words])
        self.words.append(GAP)
        self.papers.append(paper)
        self.lengths.append(len(words) + 1)
        self.weights.append(weight)

    def build(self, number_of_word: IdArray) -> Stream:
        words = np.array(self.words, dtype=np.int64)
        # The last entry of `number_of_word` stands for GAP, which indexes it as -1.
        return Stream(
            stems=number_of_word[words],
            papers=np.repeat(np.array(self.papers, dtype=np.int64), self.lengths),
            weights=np.repeat(np.array(self.weights), self.lengths),
        )


def read_texts(docs: Sequence[PaperDoc]) -> Reading:
    """Read papers into streams and counts."""
    table = _WordTable()
    split, joined = _StreamBuilder(table), _StreamBuilder(table)
    for place, doc in enumerate(docs):
        for folded, weight in fields_of(doc):
            split.add(split_words(folded), paper=place, weight=weight)
            joined.add(joined_words(folded), paper=place, weight=weight)
    stems, stem_of_word = _number(table, stem)
    roots, root_of_word = _number(table, family)
    opened = split.build(stem_of_word)
    return Reading(
        streams=(opened, joined.build(stem_of_word)),
        stems=stems,
        counts=_count(opened, n_papers=len(docs), n_stems=len(stems)),
        roots=roots,
        root_counts=_count(split.build(root_of_word), n_papers=len(docs), n_stems=len(roots)),
    )


def fields_of(paper: PaperDoc) -> list[tuple[str, float]]:
    """Give what is read of a paper, folded, and what a word of it counts."""
    return [
        (fold(paper.title[:TITLE_LIMIT]), TITLE_WEIGHT),
        (fold(paper.abstract[:ABSTRACT_LIMIT]), ABSTRACT_WEIGHT),
    ]


def _number(words: Sequence[str] | _WordTable, reduce: Callable[[str], str]) -> tuple[dict[str, int], IdArray]:
    """Give what words come down to numbers, and each word the number of what it comes down to."""
    reduced = [reduce(word) for word in words]
    # In alphabetical order, so that sums run in the same order whatever papers stand around.
    numbers = {found: place for place, found in enumerate(sorted(set(reduced)))}
    return numbers, np.array([*(numbers[found] for found in reduced), GAP], dtype=np.int64)


def _count(stream: Stream, *, n_papers: int, n_stems: int) -> sparse.csr_array:
    words = stream.stems != GAP
    return matrix(
        rows=stream.papers[words],
        columns=stream.stems[words],
        values=stream.weights[words],
        shape=(n_papers, n_stems),
    )
