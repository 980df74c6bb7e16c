"""Evidence of the kind "the paper's text is like this text", in standard deviations above the background."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._space import PaperBatch
from digest.matching._sparse import CHUNK_ROWS, FloatVector, nothing, product
from digest.types import FloatMatrix, IdArray

# Enough for a mean and a spread, few enough to cost less than the window itself.
SAMPLE_PAPERS = 1_000
# A background smaller than this is eked out with papers that are unlike anything.
PRIOR_PAPERS = 20
# Evidence for one standard deviation: two of them say as much as a plain keyword.
PER_DEVIATION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Texts:
    """What queries are compared with, n_stems x papers: `papers` of the window, and a `sample` of the background."""

    papers: sparse.csr_array
    sample: sparse.csr_array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """How like each paper of the window is to each profile's text, standardised on the background.

    `queries` has the shape (n_profiles, n_stems), `papers` (n_stems, n_papers of the window).
    `mean` and `deviation` are those of the profile's plain product over the background; `spread` is the variance of
    the evidence there; `weight` is the evidence for one deviation. Profiles without text have an empty query and no
    evidence.
    """

    queries: sparse.csr_array
    papers: sparse.csr_array
    mean: FloatVector
    deviation: FloatVector
    weight: FloatVector
    spread: FloatVector

    def scores(self, rows: slice) -> FloatMatrix | sparse.csr_array:
        """Answer the evidence: so much for each deviation above the background, below 0 for a product below 0."""
        asked = self.queries[rows]
        if asked.nnz == 0:
            return nothing((asked.shape[0], self.papers.shape[1]))
        plain = product(asked, self.papers)
        above = _standardise(plain, mean=self.mean[rows, None], deviation=self.deviation[rows, None])
        return above * self.weight[rows, None].astype(np.float32)

    def cells(self, *, rows: IdArray, totals: FloatVector) -> FloatVector:
        """Answer the evidence of single cells, given the plain products of profile and paper."""
        above = _standardise(totals, mean=self.mean[rows], deviation=self.deviation[rows])
        return above.astype(np.float64) * self.weight[rows]


def lay_out(*, vectors: sparse.csr_array, papers: PaperBatch) -> Texts:
    """Lay vectors of shape (n_docs, n_stems) out for many comparisons."""
    every = max(1, -(-len(papers.background) // SAMPLE_PAPERS))
    return Texts(
        papers=vectors[papers.window].T.tocsr(),
        sample=vectors[papers.background[::every]].T.tocsr(),
    )


def compare(*, queries: sparse.csr_array, texts: Texts, least_deviation: FloatVector, weight: FloatVector) -> Likeness:
    """Measure each query on the background, so that its likeness to a paper can be told in standard deviations.

    A deviation below `least_deviation`, one for each query, is taken as that: where hardly any
    paper shares a word with the query, one shared word must not look like a marvel.
    """
    mean, deviation, spread = np.zeros((3, queries.shape[0]))
    for start in range(0, queries.shape[0], CHUNK_ROWS):
        rows = slice(start, start + CHUNK_ROWS)
        if queries[rows].nnz == 0:
            deviation[rows] = least_deviation[rows]
            continue
        plain = product(queries[rows], texts.sample)
        mean[rows], deviation[rows] = _moments(plain, least_deviation[rows])
        spread[rows] = _standardise(plain, mean=mean[rows, None], deviation=deviation[rows, None]).var(axis=1)
    return Likeness(
        queries=queries,
        papers=texts.papers,
        mean=mean,
        deviation=deviation,
        weight=weight,
        spread=spread * weight**2,
    )


def _moments(plain: FloatMatrix, least_deviation: FloatVector) -> tuple[FloatVector, FloatVector]:
    """Answer mean and deviation of each row, with the prior's papers counted in."""
    n_papers = plain.shape[1]
    total = n_papers + PRIOR_PAPERS
    mean = plain.sum(axis=1, dtype=np.float64) / total
    mean_square = np.square(plain, dtype=np.float64).sum(axis=1) / total
    return mean, np.sqrt(np.maximum(mean_square - mean**2, least_deviation**2))


def _standardise(plain: FloatMatrix | FloatVector, *, mean: FloatVector, deviation: FloatVector) -> FloatMatrix:
    # A paper that shares nothing with the query is no evidence, however low the mean is; what it is held against, is.
    above = np.where(plain > 0, np.maximum(plain - mean, 0.0), plain) / deviation
    return np.asarray(above, dtype=np.float32)
