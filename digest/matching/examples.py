"""Papers that the reader liked, and those they did not want, against new papers by the words they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy import sparse

from digest.matching._evidence import Parts, Term
from digest.matching._likeness import PER_DEVIATION, Likeness, Texts, compare, lay_out
from digest.matching._naming import shorten
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, expand, matrix, scale_rows
from digest.matching._standing import has_meaning
from digest.types import FloatMatrix, IdArray, PaperDoc, ProfileDoc

# Likeness to what the reader did not want takes half of what likeness to what they liked gives.
AGAINST = 0.5
# So much does likeness to a large and mixed library vary among ordinary papers.
LEAST_DEVIATION = 0.3
# One liked paper says less of what a reader wants than twenty do: their evidence counts sqrt(n / (n + 4)).
HALF_SURE = 4
# Dot products of pairs of papers that are taken at once; bounds the memory of an explanation.
PAIRS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Library:
    """The example papers of all profiles, each once: who has which, and their term vectors."""

    holds: sparse.csr_array
    titles: tuple[str, ...]
    vectors: sparse.csr_array

    def centres(self) -> sparse.csr_array:
        """Answer the mean of each profile's example papers, shape (n_profiles, n_stems)."""
        return scale_rows((self.holds @ self.vectors).tocsr(), 1.0 / np.maximum(self.sizes(), 1e-9))

    def sizes(self) -> FloatVector:
        """Answer how much each profile's example papers count together; shape (n_profiles,)."""
        return np.asarray(self.holds.sum(axis=1)).ravel().astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExampleEvidence:
    """Likeness to the liked papers' centre, less a part of the likeness to the unwanted ones' centre."""

    liked: Likeness
    disliked: Likeness
    library: Library
    papers: sparse.csr_array

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background."""
        return self.liked.spread + AGAINST**2 * self.disliked.spread

    def scores(self, rows: slice) -> FloatMatrix | sparse.csr_array:
        """Answer how like each paper is to the profile's examples; below 0 when it is like the unwanted ones."""
        liked, disliked = self.liked.scores(rows), self.disliked.scores(rows)
        if not isinstance(disliked, np.ndarray):
            return liked  # nobody here says what they do not want
        return np.asarray(liked - np.float32(AGAINST) * disliked, dtype=np.float32)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Share the evidence out to the liked papers that drew the new one in, and one part for the unwanted ones.

        Only liked papers at least as near as the average one are named: without one of the others, the paper would
        have scored no lower.
        """
        cells, places = expand(self.library.holds, rows)
        examples = self.library.holds.indices[places].astype(np.int64)
        plain = self._products(examples, columns[cells])
        products = plain * self.library.holds.data[places]
        sizes = np.maximum(self.library.sizes()[rows], 1e-9)
        mean = np.bincount(cells, weights=products, minlength=len(rows)) / sizes
        near = (plain > 0) & (plain >= mean[cells] * (1 - 1e-9))
        drawn = np.bincount(cells[near], weights=products[near], minlength=len(rows))
        evidence = self.liked.cells(rows=rows, totals=mean)
        pull = evidence[cells[near]] * products[near] / drawn[cells[near]]
        push = self._push(rows, columns)
        drawing = examples[near]
        return Parts(
            cells=np.concatenate([cells[near], np.arange(len(rows))]),
            amounts=np.concatenate([pull, push]),
            name=lambda at: [Term(self.library.titles[example]) for example in drawing[at].tolist()],
        )

    def _push(self, rows: IdArray, columns: IdArray) -> FloatVector:
        totals = _dots(self.disliked.queries, rows, self.papers, columns)
        return -AGAINST * self.disliked.cells(rows=rows, totals=totals)

    def _products(self, examples: IdArray, columns: IdArray) -> FloatVector:
        return _dots(self.library.vectors, examples, self.papers, columns)


class ExampleSignal:
    """Papers whose words are like those of the papers that the reader gave as examples."""

    kind = "paper"
    is_named = False

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> ExampleEvidence:
        """Take each profile's examples together and compare their centre with every paper.

        Examples that are compared by what they mean are not compared by their words again.
        """
        by_words = [not has_meaning(profile, dimensions=papers.dimensions) for profile in profiles]
        shelves = [profile if wanted else None for profile, wanted in zip(profiles, by_words, strict=True)]
        liked = _read_library([_weighed(profile) if profile else [] for profile in shelves], papers)
        unwanted = [[(paper, 1.0) for paper in profile.disliked] if profile else [] for profile in shelves]
        disliked = _read_library(unwanted, papers)
        return ExampleEvidence(
            liked=_compare(liked, papers),
            disliked=_compare(disliked, papers),
            library=liked,
            papers=papers.once(_window_vectors),
        )


def _texts(papers: PaperBatch) -> Texts:
    return lay_out(vectors=papers.vectors, papers=papers)


def _window_vectors(papers: PaperBatch) -> sparse.csr_array:
    return papers.vectors[papers.window]


def _compare(library: Library, papers: PaperBatch) -> Likeness:
    sizes = library.sizes()
    return compare(
        queries=library.centres(),
        texts=papers.once(_texts),
        least_deviation=LEAST_DEVIATION,
        weight=PER_DEVIATION * np.sqrt(sizes / (sizes + HALF_SURE)),
    )


def _weighed(profile: ProfileDoc) -> list[tuple[PaperDoc, float]]:
    return list(zip(profile.liked, profile.liked_weights or (1.0,) * len(profile.liked), strict=True))


def _read_library(shelves: Sequence[Sequence[tuple[PaperDoc, float]]], papers: PaperBatch) -> Library:
    texts = sorted({(paper.title, paper.abstract) for paper, _ in chain.from_iterable(shelves)})
    place_of = {text: place for place, text in enumerate(texts)}
    held = sorted(_held(shelves, place_of).items())
    rows, places = zip(*(cell for cell, _ in held), strict=True) if held else ((), ())
    docs = [PaperDoc(id=place, title=t, abstract=a, authors=(), categories=()) for place, (t, a) in enumerate(texts)]
    return Library(
        holds=matrix(
            rows=rows, columns=places, values=[weight for _, weight in held], shape=(len(shelves), len(texts))
        ),
        titles=tuple(shorten(title) for title, _ in texts),
        vectors=papers.space.vectors(papers=docs),
    )


def _held(
    shelves: Sequence[Sequence[tuple[PaperDoc, float]]], place_of: dict[tuple[str, str], int]
) -> dict[tuple[int, int], float]:
    return {
        (row, place_of[paper.title, paper.abstract]): weight
        for row, shelf in enumerate(shelves)
        for paper, weight in shelf
    }


def _dots(left: sparse.csr_array, rows: IdArray, right: sparse.csr_array, columns: IdArray) -> FloatVector:
    """Multiply row with row, pair by pair."""
    found = [np.zeros(0)]
    for start in range(0, len(rows), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        found.append(np.asarray(left[rows[part]].multiply(right[columns[part]]).sum(axis=1)).ravel())
    return np.concatenate(found)


SIGNAL = ExampleSignal()
