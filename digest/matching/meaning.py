"""What the reader's examples and own words mean, against what new papers mean: the discriminant of their vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from digest.matching._evidence import Parts
from digest.matching._landscape import Landscape, read_vectors
from digest.matching._naming import name_of_paper, name_of_wish
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector
from digest.matching._standing import Stand, take_stands
from digest.types import FloatMatrix, IdArray, ProfileDoc

# Evidence for one standard deviation above the ordinary. What a paper means orders papers better than the words that
# stand in it, so a plain keyword says no more than a quarter of a deviation beside it.
PER_DEVIATION = 4.0
PAPER, WISH = "paper", "meaning"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeaningEvidence:
    """How far above the ordinary each paper lies in the direction in which each reader's interest differs from it.

    `queries` has the shape (n_profiles, d), `papers` (n_papers of the window, d): their product is the evidence.
    `factors` (n_profiles, d) is what each part of a reader's stand is multiplied with to become its part of the query.
    """

    queries: FloatMatrix
    papers: FloatMatrix
    factors: FloatMatrix
    stand: Stand
    landscape: Landscape
    profiles: tuple[ProfileDoc, ...]

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background: one deviation's evidence, squared."""
        return np.where(self.queries.any(axis=1), PER_DEVIATION**2, 0.0)

    def scores(self, rows: slice) -> FloatMatrix:
        """Answer so much for each standard deviation above the background; below 0 for what lies the other way."""
        return np.asarray(self.queries[rows] @ self.papers.T, dtype=np.float32)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Share the evidence out to the liked papers, and the words, that drew the new paper in.

        Only examples at least as near as the average one are named: without one of the others, the paper would have
        scored no lower. What speaks against the paper is one part without a name.
        """
        pulls = self._pulling_vectors(rows, columns)
        evidence = np.einsum("ij,ij->i", self.queries[rows], self.papers[columns])
        found = [self._parts_of(int(rows[cells[0]]), cells, pulls[cells], evidence[cells]) for cells in _by_value(rows)]
        return Parts(
            cells=np.concatenate([np.zeros(0, np.int64), *(each.cells for each in found)]),
            amounts=np.concatenate([np.zeros(0), *(each.amounts for each in found)]),
            terms=[*chain.from_iterable(each.terms for each in found)],
            kinds=[*chain.from_iterable(each.kinds for each in found)],
        )

    def _pulling_vectors(self, rows: IdArray, columns: IdArray) -> FloatMatrix:
        """Turn each cell's paper back to where plain vectors lie, shape (n_cells, d).

        Its product with a plain vector, less that with the centre, is what an example with a share of 1 would add.
        """
        return np.asarray((self.papers[columns] * self.factors[rows]) @ self.landscape.directions.T, dtype=np.float32)

    def _parts_of(self, row: int, cells: IdArray, pulling: FloatMatrix, evidence: FloatMatrix) -> Parts:
        """Take the cells of one profile apart, in one small product of its examples with its papers."""
        profile, stand = self.profiles[row], self.stand
        ordinary = pulling @ self.landscape.centre
        vectors, usable = read_vectors([*(p.vector for p in profile.liked), profile.wish], dimensions=pulling.shape[1])
        counts = np.ones(len(vectors), dtype=np.float32)
        counts[:-1] = profile.liked_weights or 1.0
        counts *= usable
        counts[:-1] *= stand.liked_share[row] / max(float(counts[:-1].sum()), 1e-9)
        counts[-1] = stand.wish_share[row]
        plain = vectors @ pulling.T - ordinary * usable[:, None]
        names = [*((PAPER, name_of_paper(paper)) for paper in profile.liked), (WISH, name_of_wish(profile))]
        return _settle(cells=cells, evidence=evidence, pulls=_only_near(plain, counts, evidence), names=names)


class MeaningSignal:
    """Papers that mean what the reader's examples and words mean, whatever words they use."""

    kind = PAPER
    is_named = False

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> MeaningEvidence:
        """Turn each profile into the direction of its discriminant, scaled to standard deviations of the background.

        Source: Fisher's linear discriminant with a regularised covariance, w = (S + lambda I)^-1 (m - mu).
        """
        stand = take_stands(profiles=profiles, landscape=papers.landscape)
        damping = papers.landscape.damping(stand.n_examples)
        plain = stand.directions * damping
        deviation = np.sqrt(np.square(plain) @ papers.landscape.variances)
        factors = damping * (PER_DEVIATION / np.maximum(deviation, 1e-12))[:, None]
        return MeaningEvidence(
            queries=stand.directions * factors,
            papers=papers.once(_positions),
            factors=factors,
            stand=stand,
            landscape=papers.landscape,
            profiles=tuple(profiles),
        )


def _positions(papers: PaperBatch) -> FloatMatrix:
    return papers.positions[papers.window]


def _by_value(rows: IdArray) -> list[IdArray]:
    """Group the places of equal numbers, without a comparison of each with each."""
    order = np.argsort(rows, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(rows[order])) + 1) if len(rows) else []


def _only_near(plain: FloatMatrix, counts: FloatMatrix, evidence: FloatMatrix) -> FloatMatrix:
    """Keep what draws a paper in: the words in the last row, and liked papers no further than the average one.

    In: `plain`, shape (n_liked + 1, n_cells), what each would add with a share of 1; `counts` their shares.
    """
    pulls = counts[:, None] * plain
    near = pulls > 0
    near[:-1] &= plain[:-1] * counts[:-1].sum() >= pulls[:-1].sum(axis=0) * (1 - 1e-6)
    kept = np.where(near, pulls, 0.0)
    # Drawn in by nothing but its distance from what the reader did not want: the nearest example stands for that.
    alone = np.flatnonzero(~near.any(axis=0) & (evidence > 0))
    kept[pulls[:, alone].argmax(axis=0), alone] = evidence[alone]
    return kept


def _settle(*, cells: IdArray, evidence: FloatMatrix, pulls: FloatMatrix, names: Sequence[tuple[str, str]]) -> Parts:
    """Bring the named pulls and one nameless push to exactly the evidence of each cell.

    In: `pulls`, shape (n_names, n_cells), 0 where one is not named. Where nameless examples helped too, the named
    ones stand for them; where something speaks against the paper, it is what is missing.
    """
    drawn = pulls.sum(axis=0)
    helped = (evidence > drawn) & (drawn > 0)
    amounts = pulls * np.where(helped, evidence / np.maximum(drawn, 1e-12), 1.0)
    push = evidence - amounts.sum(axis=0)
    which, where = np.nonzero(amounts > 0)
    return Parts(
        cells=np.concatenate([cells[where], cells]),
        amounts=np.concatenate([amounts[which, where], np.minimum(push, 0.0)]).astype(np.float64),
        terms=[*(names[name][1] for name in which.tolist()), *[""] * len(cells)],
        kinds=[*(names[name][0] for name in which.tolist()), *[""] * len(cells)],
    )


SIGNAL = MeaningSignal()
