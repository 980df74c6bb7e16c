"""The papers of one run as arrays: streams of stems for phrases, weighted term vectors for likeness."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._sparse import FloatVector, matrix, unit_rows
from digest.matching._text import (
    ABSTRACT_LIMIT,
    FILLER_WORDS,
    STOP_WORDS,
    TITLE_LIMIT,
    fold,
    joined_words,
    split_words,
    stem,
)
from digest.types import IdArray, PaperDoc

TITLE_WEIGHT = 2.0  # a word in the title counts as two in the abstract
ABSTRACT_WEIGHT = 1.0
SILENT_STEMS = frozenset(stem(word) for word in STOP_WORDS | FILLER_WORDS)
GAP = -1  # stands between two fields, so that no phrase reaches from one into the next

K1 = 1.2  # how soon a repeated word stops adding
B = 0.75  # how much a long text is held against its words
# The rarity of a word counts in full in a new paper and by its root in a liked one: more, and a library would be
# reduced to its oddest words.
PAPER_POWER, QUERY_POWER = 1.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stream:
    """All texts of a run as one row of stems; `paper` and `weight` say for each whose it is and what it counts."""

    stems: IdArray
    papers: IdArray
    weights: FloatVector


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermSpace:
    """The stems that occur in the papers of a run, each with its place and how rare it is in the background."""

    ids: dict[str, int]
    rarity: FloatVector
    """log(1 + (N - n + 0.5) / (n + 0.5)) for a stem in n of N background papers (Robertson & Zaragoza 2009, 3.3)."""
    telling: FloatVector
    """The rarity again, but 0 for words that say nothing in free text: "the", "paper", "interested"."""
    mean_length: float

    def rarity_of(self, word_stem: str) -> float:
        """Answer how rare a stem is; one that occurs nowhere is as rare as can be."""
        place = self.ids.get(word_stem)
        return float(self.rarity[place]) if place is not None else float(self.rarity.max(initial=1.0))

    def telling_of(self, word_stem: str) -> float:
        """Answer how much a stem says in free text."""
        return 0.0 if word_stem in SILENT_STEMS else self.rarity_of(word_stem)

    def vectors(self, *, papers: Sequence[PaperDoc]) -> sparse.csr_array:
        """Read liked papers into this space, each as a unit vector; words that the run does not know fall out."""
        rows: list[int] = []
        places: list[int] = []
        weights: list[float] = []
        for row, paper in enumerate(papers):
            for words, weight in _fields(paper):
                known = [place for word in split_words(words) if (place := self.ids.get(stem(word))) is not None]
                rows.extend([row] * len(known))
                places.extend(known)
                weights.extend([weight] * len(known))
        counts = matrix(rows=rows, columns=places, values=weights, shape=(len(papers), len(self.ids)))
        return unit_rows(self.weigh(counts, rarity_power=QUERY_POWER))

    def weigh(self, counts: sparse.csr_array, *, rarity_power: float) -> sparse.csr_array:
        """Turn weighted word counts (texts x stems) into BM25 weights.

        Source: Robertson & Zaragoza 2009, eq. 3.15, k1 = 1.2, b = 0.75, the rarity raised to a power.
        """
        lengths = np.asarray(counts.sum(axis=1)).ravel() / (self.mean_length or 1.0)
        weighted = counts.copy()
        drag = np.repeat(K1 * (1 - B + B * lengths), np.diff(counts.indptr))
        weighted.data = counts.data * (K1 + 1) / (counts.data + drag) * self.telling[counts.indices] ** rarity_power
        weighted.eliminate_zeros()
        return weighted


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaperBatch:
    """The papers of one run, each once and in the order of their ids, and what matching may know of them.

    `window` says which of `docs` are to be ranked, `background` which stand for the ordinary; they may overlap.
    `streams` holds the texts with hyphens opened and with hyphens closed.
    `counts` and `vectors` have the shape (n_docs, n_stems): weighted counts, and BM25 weights.
    """

    docs: tuple[PaperDoc, ...]
    window: IdArray
    background: IdArray
    streams: tuple[Stream, Stream]
    space: TermSpace
    counts: sparse.csr_array
    vectors: sparse.csr_array


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

    def build(self, stem_of_word: IdArray) -> Stream:
        words = np.array(self.words, dtype=np.int64)
        # The last entry of `stem_of_word` stands for GAP, which indexes it as -1.
        return Stream(
            stems=stem_of_word[words],
            papers=np.repeat(np.array(self.papers, dtype=np.int64), self.lengths),
            weights=np.repeat(np.array(self.weights), self.lengths),
        )


def read_papers(*, papers: Sequence[PaperDoc], background: Sequence[PaperDoc]) -> PaperBatch:
    """Read the papers to be ranked and those that stand for the ordinary into one space.

    A paper that comes twice is read once. Without any background, the papers themselves stand for the ordinary.
    """
    ranked = {paper.id: paper for paper in papers}
    ordinary = {paper.id: paper for paper in background} or ranked
    docs = tuple(doc for _, doc in sorted((ordinary | ranked).items()))
    split, joined, ids = _read_streams(docs)
    is_background = np.array([doc.id in ordinary for doc in docs], dtype=bool)
    counts = _count(split, n_papers=len(docs), n_stems=len(ids))
    space = _measure(counts=counts, ids=ids, is_background=is_background)
    return PaperBatch(
        docs=docs,
        window=np.array([place for place, doc in enumerate(docs) if doc.id in ranked], dtype=np.int64),
        background=np.flatnonzero(is_background),
        streams=(split, joined),
        space=space,
        counts=counts,
        vectors=space.weigh(counts, rarity_power=PAPER_POWER),
    )


def _fields(paper: PaperDoc) -> list[tuple[str, float]]:
    return [
        (fold(paper.title[:TITLE_LIMIT]), TITLE_WEIGHT),
        (fold(paper.abstract[:ABSTRACT_LIMIT]), ABSTRACT_WEIGHT),
    ]


def _read_streams(docs: Sequence[PaperDoc]) -> tuple[Stream, Stream, dict[str, int]]:
    table = _WordTable()
    split, joined = _StreamBuilder(table), _StreamBuilder(table)
    for place, doc in enumerate(docs):
        for folded, weight in _fields(doc):
            split.add(split_words(folded), paper=place, weight=weight)
            joined.add(joined_words(folded), paper=place, weight=weight)
    stems_of_words = [stem(word) for word in table]
    # In alphabetical order, so that sums run in the same order whatever papers stand around.
    ids = {word_stem: place for place, word_stem in enumerate(sorted(set(stems_of_words)))}
    stem_of_word = np.array([*(ids[word_stem] for word_stem in stems_of_words), GAP], dtype=np.int64)
    return split.build(stem_of_word), joined.build(stem_of_word), ids


def _count(stream: Stream, *, n_papers: int, n_stems: int) -> sparse.csr_array:
    words = stream.stems != GAP
    return matrix(
        rows=stream.papers[words],
        columns=stream.stems[words],
        values=stream.weights[words],
        shape=(n_papers, n_stems),
    )


def _measure(*, counts: sparse.csr_array, ids: dict[str, int], is_background: np.ndarray) -> TermSpace:
    ordinary = counts[np.flatnonzero(is_background)]
    n_papers = ordinary.shape[0]
    n_holding = np.bincount(ordinary.indices, minlength=len(ids))
    rarity = np.log1p((n_papers - n_holding + 0.5) / (n_holding + 0.5))
    telling = rarity.copy()
    telling[[ids[word_stem] for word_stem in SILENT_STEMS if word_stem in ids]] = 0.0
    lengths = np.asarray(ordinary.sum(axis=1)).ravel()
    return TermSpace(ids=ids, rarity=rarity, telling=telling, mean_length=float(lengths.mean()) if n_papers else 1.0)
