"""The papers of one run as matching sees them: what stands in each, and how rare it is among ordinary papers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import is_
from typing import TypeVar, cast

import numpy as np
from scipy import sparse

from digest.matching._landscape import Landscape, common_dimensions, read_vectors, survey
from digest.matching._reading import Stream, read_texts
from digest.matching._sparse import FloatVector
from digest.types import FloatMatrix, IdArray, PaperDoc

T = TypeVar("T")

# Runs that a process remembers with all that was made of their papers: that of the hour's mails, and that of previews.
BATCHES_KEPT = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rarity:
    """How rare each root is in the background; `ids` gives its place in `values`.

    `values`: log(1 + (N - n + 0.5) / (n + 0.5)) for what stands in n of N background papers (Robertson & Zaragoza
    2009, 3.3).
    """

    ids: Mapping[str, int]
    values: FloatVector

    def of(self, word: str) -> float:
        """Answer how rare a stem is; one that occurs nowhere is as rare as can be."""
        place = self.ids.get(word)
        return float(self.values[place]) if place is not None else float(self.values.max(initial=1.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaperBatch:
    """The papers of one run, each once and in the order of their ids, and what matching may know of them.

    `window` says which of `docs` are to be ranked, `background` which stand for the ordinary; they may overlap.
    `streams` holds the texts with hyphens opened and with hyphens closed.
    `stems` numbers the stems that occur; `counts`, shape (n_docs, n_stems), says how often each does, weighted;
    `root_counts` has the shape (n_docs, n_roots), and `roots` says how rare each root is.
    `positions`, shape (n_docs, d), says what the papers' vectors differ from the ordinary in `landscape`; zeros for a
    paper without one.
    """

    docs: tuple[PaperDoc, ...]
    window: IdArray
    background: IdArray
    streams: tuple[Stream, Stream]
    stems: Mapping[str, int]
    counts: sparse.csr_array
    roots: Rarity
    root_counts: sparse.csr_array
    landscape: Landscape
    positions: FloatMatrix
    made: dict[Callable[["PaperBatch"], object], object] = field(default_factory=dict, repr=False)

    def once(self, make: Callable[["PaperBatch"], T]) -> T:
        """Answer what `make` makes of these papers, made the first time only: whoever is compared with them shares it.

        `make` is a function or class of a module and depends on nothing but the papers. Nobody may write into what it
        gives; what remembers more as it is asked guards itself. Two threads at once may both make it; the same comes
        of it.
        """
        if make not in self.made:
            self.made[make] = make(self)
        return cast(T, self.made[make])

    @property
    def dimensions(self) -> int:
        """How many numbers a vector of these papers holds."""
        return int(self.positions.shape[1])

    @property
    def window_docs(self) -> tuple[PaperDoc, ...]:
        """The papers to be ranked, in the order of `window`."""
        return self.once(_window_docs)

    @property
    def window_ids(self) -> IdArray:
        """The ids of the papers to be ranked, rising."""
        return self.once(_window_ids)


def read_papers(*, papers: Sequence[PaperDoc], background: Sequence[PaperDoc]) -> PaperBatch:
    """Read the papers to be ranked and those that stand for the ordinary into one space.

    A paper that comes twice is read once. Without any background, the papers themselves stand for the ordinary.
    The last few runs are remembered: the very same papers, however often and in whatever sequence they are given,
    are read once, for nobody can change a `PaperDoc`.
    """
    return _read(_Same(tuple(papers)), _Same(tuple(background)))


def forget_batches() -> None:
    """Forget the runs that are remembered, and all that was made of their papers."""
    _read.cache_clear()


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Papers that are known again by being the very same objects: comparing thousands of texts would take too long."""

    docs: tuple[PaperDoc, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and len(self.docs) == len(other.docs) and all(map(is_, self.docs, other.docs))

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.docs)))


@lru_cache(maxsize=BATCHES_KEPT)
def _read(papers: _Same, background: _Same) -> PaperBatch:
    ranked = {paper.id: paper for paper in papers.docs}
    ordinary = {paper.id: paper for paper in background.docs} or ranked
    docs = tuple(doc for _, doc in sorted((ordinary | ranked).items()))
    reading = read_texts(docs)
    in_background = np.flatnonzero(np.array([doc.id in ordinary for doc in docs], dtype=bool))
    landscape, positions = _place(docs, in_background)
    return PaperBatch(
        docs=docs,
        window=np.array([place for place, doc in enumerate(docs) if doc.id in ranked], dtype=np.int64),
        background=in_background,
        streams=reading.streams,
        stems=reading.stems,
        counts=reading.counts,
        roots=_rarity(counts=reading.root_counts[in_background], ids=reading.roots),
        root_counts=reading.root_counts,
        landscape=landscape,
        positions=positions,
    )


def _window_docs(papers: PaperBatch) -> tuple[PaperDoc, ...]:
    return tuple(papers.docs[place] for place in papers.window.tolist())


def _window_ids(papers: PaperBatch) -> IdArray:
    return np.array([doc.id for doc in papers.window_docs], dtype=np.int64)


def _place(docs: Sequence[PaperDoc], background: IdArray) -> tuple[Landscape, FloatMatrix]:
    dimensions = common_dimensions(doc.vector for doc in docs)
    vectors, usable = read_vectors([doc.vector for doc in docs], dimensions=dimensions)
    landscape = survey(vectors[background][usable[background]])
    return landscape, landscape.turn(vectors) * usable[:, None]


def _rarity(*, counts: sparse.csr_array, ids: dict[str, int]) -> Rarity:
    n_papers = counts.shape[0]
    n_holding = np.bincount(counts.indices, minlength=len(ids))
    return Rarity(ids=ids, values=np.log1p((n_papers - n_holding + 0.5) / (n_holding + 0.5)))
