"""Does a taste map rank new papers better for readers that it has never seen? Likes in, a verdict out.

Papers and readers are cut into parts. In each round one part of the papers is new: nobody's likes of them are fitted;
and one part of the readers is unseen: none of theirs is. Each reader is judged once, as a daily mail would serve them:
by a few likes, among as many new papers as a day brings.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy import sparse

from digest.matching._sparse import FloatVector, scale_rows
from digest.matching._taste import join
from digest.matching._tastefit import Material, fit_material, perceive
from digest.types import BoolMatrix, FloatMatrix, IdArray, PaperDoc

PARTS = 6
FEW = 5  # likes of a reader that a ranking may know: who has told more is served well without taste, too
DAY = 300  # new papers that are ranked against each other
FIRST = 10  # places of a ranking that count
JUDGED_AT_ONCE = 512  # readers; bounds the block of scores
LEAST_JUDGED = 30  # readers; below that a mean says nothing
ERRORS = 2.0  # standard errors that the gain must exceed: noise alone does so once in forty times
SHRINKAGE = 20.0  # of the covariance, in its mean variances


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How well new papers were ranked without the map and with it: means of nDCG@10 over `n_readers`.

    `error` is the standard error of the gain, taken over readers: each is ranked for in both ways.
    """

    n_readers: int
    before: float
    after: float
    error: float

    @property
    def wins(self) -> bool:
        """Whether the map helps by more than noise does."""
        return self.n_readers >= LEAST_JUDGED and self.after - self.before > ERRORS * self.error


def judge(*, likes: sparse.csr_array, docs: Sequence[PaperDoc], meaning: FloatMatrix, seed: int = 0) -> Verdict:
    """Fit maps on parts of the likes and rank the rest, by meaning and with taste beside it.

    In: as `fit`. The order of readers changes the verdict by no more than it changes the maps.
    """
    return judge_material(likes=likes, material=perceive(docs=docs, meaning=meaning, seed=seed))


def judge_material(*, likes: sparse.csr_array, material: Material) -> Verdict:
    """Judge on papers that are read already; as `judge`."""
    paper_parts, reader_parts = _paper_parts(material), _reader_parts(likes, material)
    gains = [
        gain
        for part in range(PARTS)
        for gain in _judge_part(likes, material, is_new=paper_parts == part, is_unseen=reader_parts == part)
    ]
    n_readers = sum(len(before) for before, _ in gains)
    if not n_readers:
        return Verdict(n_readers=0, before=0.0, after=0.0, error=0.0)
    before, after = (np.concatenate(side) for side in zip(*gains, strict=True))
    error = float((after - before).std(ddof=min(1, n_readers - 1))) / math.sqrt(n_readers)
    return Verdict(n_readers=n_readers, before=float(before.mean()), after=float(after.mean()), error=error)


def _judge_part(
    likes: sparse.csr_array, material: Material, *, is_new: BoolMatrix, is_unseen: BoolMatrix
) -> Iterator[tuple[FloatVector, FloatVector]]:
    """Fit without this part and rank its papers for its readers. Yields: nDCG of some readers without and with it."""
    old = _only(likes, ~is_new)
    order = np.random.RandomState(material.senses.seed).permutation(len(material.ids))
    days = np.array_split(np.argsort(order[is_new]), max(1, round(int(is_new.sum()) / DAY)))
    told, unknown = _few(old[is_unseen], order), likes[is_unseen][:, is_new]
    both = np.flatnonzero((np.diff(told.indptr) > 0) & (np.diff(unknown.indptr) > 0))
    if not len(both):
        return
    taste_map = fit_material(likes=old[~is_unseen], material=material)
    taste = taste_map.blend(ids=material.ids, told=taste_map.learnt(features=material.features))
    plain = material.features[:, : material.senses.meaning_width]
    rankings = [_Ranking.of(vectors, is_new) for vectors in (plain, join(meaning=plain, taste=taste))]
    for start in range(0, len(both), JUDGED_AT_ONCE):
        rows = both[start : start + JUDGED_AT_ONCE]
        relevant = unknown[rows].toarray() > 0
        before, after = (_by_day(ranking.scores(told[rows]), relevant, days) for ranking in rankings)
        yield before, after


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ranking:
    """Linear discriminant in closed form: what a reader liked against all old papers."""

    vectors: FloatMatrix
    towards: FloatMatrix

    @classmethod
    def of(cls, vectors: FloatMatrix, is_new: BoolMatrix) -> "_Ranking":
        centred = vectors - vectors[~is_new].mean(axis=0)
        old = centred[~is_new]
        covariance = old.T @ old / len(old)
        covariance[np.diag_indices(len(covariance))] += SHRINKAGE * max(float(np.diag(covariance).mean()), 1e-9)
        return cls(vectors=centred, towards=np.linalg.solve(covariance, centred[is_new].T))

    def scores(self, liked: sparse.csr_array) -> FloatMatrix:
        """Score the new papers for each row of likes of old ones."""
        means = scale_rows(liked, 1 / np.diff(liked.indptr)) @ self.vectors
        return np.asarray(means @ self.towards, dtype=np.float32)


def _by_day(scores: FloatMatrix, relevant: BoolMatrix, days: Sequence[IdArray]) -> FloatVector:
    """Average each row's nDCG over the days that hold something relevant to it."""
    total, n_days = np.zeros(len(scores)), np.zeros(len(scores))
    for day in days:
        rows = np.flatnonzero(relevant[:, day].any(axis=1))
        total[rows] += ndcg(scores=scores[np.ix_(rows, day)], relevant=relevant[np.ix_(rows, day)])
        n_days[rows] += 1
    return np.asarray(total / n_days, dtype=np.float64)


def ndcg(*, scores: FloatMatrix, relevant: BoolMatrix) -> FloatVector:
    """Measure the first places of each row's ranking, ties by column; each row has something relevant.

    Source: Järvelin & Kekäläinen 2002, with gains of 0 and 1 and log2 of the place plus 1.
    """
    first = np.argsort(-scores, axis=1, kind="stable")[:, :FIRST]
    worth = 1 / np.log2(np.arange(2, FIRST + 2))
    gained = np.take_along_axis(relevant, first, axis=1) @ worth[: first.shape[1]]
    best = np.cumsum(worth)[np.minimum(relevant.sum(axis=1), FIRST) - 1]
    return np.asarray(gained / best, dtype=np.float64)


def _few(likes: sparse.csr_array, order: IdArray) -> sparse.csr_array:
    """Keep the FEW likes of each row whose papers come first in an order."""
    chosen = [
        columns[np.argsort(order[columns])[:FEW]]
        for columns in (likes.indices[start:end] for start, end in pairwise(likes.indptr.tolist()))
    ]
    starts = np.cumsum([0, *map(len, chosen)])
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *chosen])
    few: sparse.csr_array = sparse.csr_array((np.ones(len(columns), np.float32), columns, starts), shape=likes.shape)
    return few


def _only(likes: sparse.csr_array, columns: BoolMatrix) -> sparse.csr_array:
    kept = likes.copy()
    kept.data = kept.data * columns[kept.indices]
    kept.eliminate_zeros()
    return kept


def _paper_parts(material: Material) -> npt.NDArray[np.int64]:
    return np.array([_part(str(number).encode(), material.senses.seed) for number in material.ids.tolist()])


def _reader_parts(likes: sparse.csr_array, material: Material) -> npt.NDArray[np.int64]:
    """Assign each reader by what they like, for they have no other name here."""
    liked = [np.sort(material.ids[likes.indices[start:end]]) for start, end in pairwise(likes.indptr.tolist())]
    return np.array([_part(ids.tobytes(), material.senses.seed) for ids in liked], dtype=np.int64)


def _part(name: bytes, seed: int) -> int:
    return crc32(name, seed) * PARTS >> 32
