"""Evidence of the kind "the paper's text is like this text", in standard deviations above the background."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._space import PaperBatch
from digest.matching._sparse import CHUNK_ROWS, FloatVector, add
from digest.types import FloatMatrix, IdArray

# Enough for a mean and a spread, few enough to cost less than the window itself.
SAMPLE_PAPERS = 500
COMMON = 0.05  # part of the papers that hold a term; from there on a dense product is the faster one
# A background smaller than this is eked out with papers that are unlike anything.
PRIOR_PAPERS = 20
# Evidence for one standard deviation: two of them say as much as a plain keyword.
PER_DEVIATION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Some papers as the columns of a matrix of terms, laid out for many products.

    `whole` has the shape (n_terms, n_papers). Terms that many papers hold are multiplied as a dense matrix `dense`,
    shape (n_common, n_papers), all others as the sparse one that is left, `rest`: each in the way that is faster.
    """

    whole: sparse.csr_array
    dense: FloatMatrix
    rest: sparse.csr_array

    def multiply(self, queries: sparse.csr_array, *, by_common: FloatMatrix) -> FloatMatrix:
        """Multiply queries, given beside what they say of common terms; shape (n_queries, n_papers)."""
        found = np.asarray(by_common @ self.dense, dtype=np.float32)
        add(found, sparse.csr_array(queries @ self.rest))
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Texts:
    """What queries are compared with: the `papers` of the window, and a `sample` of the background.

    `common` are the numbers of the terms that many papers hold.
    """

    papers: Columns
    sample: Columns
    common: IdArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """How like each paper of the window is to each profile's text, standardised on the background.

    `queries` has the shape (n_profiles, n_terms), `by_common` (n_profiles, n_common) holds what they say of common
    terms, `papers` is what they are multiplied with. `mean` and `deviation` are those of the profile's plain product
    over the background; `spread` is the variance of the evidence there; `weight` is the evidence for one deviation.
    Profiles without text have an empty query and no evidence.
    """

    queries: sparse.csr_array
    by_common: FloatMatrix
    papers: Columns
    mean: FloatVector
    deviation: FloatVector
    weight: FloatVector
    spread: FloatVector

    def scores(self, rows: slice) -> FloatMatrix | sparse.csr_array:
        """Answer the evidence: so much for each deviation above the background, below 0 for a product below 0."""
        asked = self.queries[rows]
        if asked.nnz == 0:
            return sparse.csr_array(asked @ self.papers.whole)
        plain = self.papers.multiply(asked, by_common=self.by_common[rows])
        above = _standardise(plain, mean=self.mean[rows, None], deviation=self.deviation[rows, None])
        return np.multiply(above, self.weight[rows, None].astype(np.float32), out=above)

    def cells(self, *, rows: IdArray, totals: FloatVector) -> FloatVector:
        """Answer the evidence of single cells, given the plain products of profile and paper."""
        above = _standardise(totals, mean=self.mean[rows], deviation=self.deviation[rows])
        return above.astype(np.float64) * self.weight[rows]


def lay_out(*, vectors: sparse.csr_array, papers: PaperBatch) -> Texts:
    """Lay vectors of shape (n_docs, n_terms) out for many comparisons."""
    every = max(1, -(-len(papers.background) // SAMPLE_PAPERS))
    holding = np.bincount(vectors.indices, minlength=vectors.shape[1])
    common = np.flatnonzero(holding > COMMON * vectors.shape[0])
    return Texts(
        papers=_columns(vectors[papers.window], common),
        sample=_columns(vectors[papers.background[::every]], common),
        common=common,
    )


def compare(*, queries: sparse.csr_array, texts: Texts, least_deviation: FloatVector, weight: FloatVector) -> Likeness:
    """Measure each query on the background, so that its likeness to a paper can be told in standard deviations.

    A deviation below `least_deviation`, one for each query, is taken as that: where hardly any
    paper shares a word with the query, one shared word must not look like a marvel.
    """
    queries = queries.astype(np.float32)
    by_common = queries[:, texts.common].toarray()
    mean, deviation, spread = np.zeros((3, queries.shape[0]))
    for start in range(0, queries.shape[0], CHUNK_ROWS):
        rows = slice(start, start + CHUNK_ROWS)
        if queries[rows].nnz == 0:
            deviation[rows] = least_deviation[rows]
            continue
        plain = texts.sample.multiply(queries[rows], by_common=by_common[rows])
        mean[rows], deviation[rows] = _moments(plain, least_deviation[rows])
        spread[rows] = _standardise(plain, mean=mean[rows, None], deviation=deviation[rows, None]).var(axis=1)
    return Likeness(
        queries=queries,
        by_common=by_common,
        papers=texts.papers,
        mean=mean,
        deviation=deviation,
        weight=weight,
        spread=spread * weight**2,
    )


def _columns(vectors: sparse.csr_array, common: IdArray) -> Columns:
    whole = vectors.T.tocsr().astype(np.float32)
    is_rare = np.ones(whole.shape[0], dtype=bool)
    is_rare[common] = False
    rest = whole.copy()
    rest.data *= np.repeat(is_rare, np.diff(whole.indptr))
    rest.eliminate_zeros()
    return Columns(whole=whole, dense=whole[common].toarray(), rest=rest)


def _moments(plain: FloatMatrix, least_deviation: FloatVector) -> tuple[FloatVector, FloatVector]:
    """Answer mean and deviation of each row, with the prior's papers counted in."""
    total = plain.shape[1] + PRIOR_PAPERS
    mean = plain.sum(axis=1, dtype=np.float64) / total
    mean_square = np.einsum("ij,ij->i", plain, plain, dtype=np.float64) / total
    return mean, np.sqrt(np.maximum(mean_square - mean**2, least_deviation**2))


def _standardise(plain: FloatMatrix | FloatVector, *, mean: FloatVector, deviation: FloatVector) -> FloatMatrix:
    # A paper that shares nothing with the query is no evidence, however low the mean is; what it is held against, is.
    above = np.maximum(plain - mean.astype(np.float32), 0.0)
    np.copyto(above, plain, where=plain <= 0)
    above /= deviation
    return np.asarray(above, dtype=np.float32)
