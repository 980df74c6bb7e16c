"""Which liked papers, and which words of a reader's, drew a paper in: the parts of a product of vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat

import numpy as np
from scipy import sparse

from digest.matching._landscape import read_vectors
from digest.matching._sparse import FloatVector, expand
from digest.types import BoolVector, FloatMatrix, IdArray, PaperDoc, ProfileDoc

OF_WISH = -1  # in place of an example: what the reader typed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """The liked papers of some profiles, each once.

    `holds`, shape (n_profiles, n_examples), says how much each counts for whom, 0 where its vector cannot be used;
    `vectors` has the shape (n_examples, d).
    """

    docs: tuple[PaperDoc, ...]
    holds: sparse.csr_array
    vectors: FloatMatrix

    def weigh(self, rows: IdArray) -> FloatVector:
        """Answer how much all examples of some profiles count together."""
        return np.asarray(self.holds.sum(axis=1), dtype=np.float64).ravel()[rows]

    def multiply(self, *, rows: IdArray, vectors: FloatMatrix) -> tuple[IdArray, IdArray, FloatMatrix]:
        """Multiply the vector of each cell with each example of its profile; `rows` are in rising order.

        Returns: for each pair its cell, its place in `holds.data`, and the product. One small product a profile.
        """
        cells, places = expand(self.holds, rows)
        products = np.empty(len(cells), dtype=np.float32)
        of_profile = [*np.flatnonzero(np.diff(rows, prepend=-1)).tolist(), len(rows)]
        of_pairs = np.searchsorted(cells, of_profile).tolist()
        for (cell, next_cell), (pair, next_pair) in zip(pairwise(of_profile), pairwise(of_pairs), strict=True):
            start, end = self.holds.indptr[rows[cell]], self.holds.indptr[rows[cell] + 1]
            examples = self.vectors[self.holds.indices[start:end]]
            products[pair:next_pair] = (vectors[cell:next_cell] @ examples.T).ravel()
        return cells, places, products


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pulls:
    """How each example, and each wish, draws at each cell: pair i at the cell `cells[i]`.

    `examples[i]` is the place of an example or OF_WISH; with a share of 1 it would add `plain[i]`, its share is
    `shares[i]`.
    """

    cells: IdArray
    examples: IdArray
    plain: FloatVector
    shares: FloatVector


def read_examples(*, profiles: Sequence[ProfileDoc], rows: IdArray, dimensions: int) -> Examples:
    """Read the liked papers of the profiles in `rows`; the others are left without any."""
    asked = np.unique(rows)
    shelves = [profiles[row].liked for row in asked.tolist()]
    liked = [*chain.from_iterable(shelves)]
    keys = [*map(id, liked)]  # known again by being the same object: many readers like one paper
    docs = dict(zip(keys, liked, strict=True))
    place_of = {key: place for place, key in enumerate(docs)}
    weights = chain.from_iterable(profiles[row].liked_weights or repeat(1.0, len(profiles[row].liked)) for row in asked)
    vectors, usable = read_vectors([doc.vector for doc in docs.values()], dimensions=dimensions)
    indices = np.fromiter(map(place_of.__getitem__, keys), dtype=np.int64, count=len(keys))
    ends = np.zeros(len(profiles) + 1, dtype=np.int64)
    ends[asked + 1] = [*map(len, shelves)]
    counts = np.fromiter(weights, dtype=np.float64, count=len(keys)) * usable[indices]
    holds = sparse.csr_array((counts, indices, np.cumsum(ends)), shape=(len(profiles), len(docs)))
    return Examples(docs=tuple(docs.values()), holds=holds, vectors=vectors)


def settle(*, pulls: Pulls, evidence: FloatVector) -> FloatVector:
    """Bring what draws to what each cell's evidence is; 0 for what is not to be named.

    Named are words that draw, and examples that draw no less than the average one. Where nameless examples helped,
    the named ones stand for them; where something speaks against the paper, the named ones add up to more than the
    evidence.
    """
    kept = np.where(_is_near(pulls, len(evidence)), pulls.plain * pulls.shares, 0.0)
    alone = (np.bincount(pulls.cells, weights=kept, minlength=len(evidence)) <= 0) & (evidence > 0)
    nearest = _nearest(pulls, at=alone)
    kept[nearest] = evidence[pulls.cells[nearest]]
    drawn = np.bincount(pulls.cells, weights=kept, minlength=len(evidence))
    helped = (evidence > drawn) & (drawn > 0)
    return kept * np.where(helped, evidence / np.maximum(drawn, 1e-12), 1.0)[pulls.cells]


def _is_near(pulls: Pulls, n_cells: int) -> BoolVector:
    """Tell which words draw, and which examples draw no less than the average one."""
    amounts = pulls.plain * pulls.shares
    of_example = pulls.examples != OF_WISH
    total = np.bincount(pulls.cells, weights=np.where(of_example, amounts, 0.0), minlength=n_cells)
    shares = np.bincount(pulls.cells, weights=np.where(of_example, pulls.shares, 0.0), minlength=n_cells)
    average = total[pulls.cells] * (1 - 1e-6)
    is_near: BoolVector = (amounts > 0) & (~of_example | (pulls.plain * shares[pulls.cells] >= average))
    return is_near


def _nearest(pulls: Pulls, *, at: BoolVector) -> IdArray:
    """Find the pair that speaks least against each of some cells.

    They were drawn in by nothing but their distance from what the reader did not want: the nearest stands for that.
    """
    pairs = np.flatnonzero(at[pulls.cells] & (pulls.shares > 0))
    order = pairs[np.lexsort((-pulls.plain[pairs] * pulls.shares[pairs], pulls.cells[pairs]))]
    firsts: IdArray = order[np.flatnonzero(np.diff(pulls.cells[order], prepend=-1))]
    return firsts
