"""What the reader's examples and own words mean, against what new papers mean: the discriminant of their vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digest.matching._drawing import OF_WISH, Examples, Pulls, read_examples, settle
from digest.matching._evidence import Parts, Term
from digest.matching._landscape import Landscape
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
        order = np.argsort(rows, kind="stable")
        rows, columns = rows[order], columns[order]
        evidence = np.einsum("ij,ij->i", self.queries[rows], self.papers[columns]).astype(np.float64)
        examples = read_examples(profiles=self.profiles, rows=rows, dimensions=self.queries.shape[1])
        pulls = self._pulls(rows, columns, examples)
        amounts = settle(pulls=pulls, evidence=evidence)
        push = np.minimum(evidence - np.bincount(pulls.cells, weights=amounts, minlength=len(rows)), 0.0)
        return Parts(
            cells=order[np.concatenate([pulls.cells, np.arange(len(rows))])],
            amounts=np.concatenate([amounts, push]),
            name=lambda at: self._name(rows[pulls.cells[at]], pulls.examples[at], examples),
        )

    def _pulls(self, rows: IdArray, columns: IdArray, examples: Examples) -> Pulls:
        """Measure how each example, and what the reader typed, draws at each cell.

        The cell's paper is turned back to where plain vectors lie: its product with a plain vector, less that with the
        centre, is what an example with a share of 1 would add.
        """
        weighed = self.papers[columns] * self.factors[rows]
        towards = np.asarray(weighed @ self.landscape.directions.T, dtype=np.float32)
        cells, places, products = examples.multiply(rows=rows, vectors=towards)
        ordinary = towards @ self.landscape.centre
        of_wish = np.einsum("ij,ij->i", self.stand.wish[rows], weighed)
        share = self.stand.liked_share[rows] / np.maximum(examples.weigh(rows), 1e-9)
        return Pulls(
            cells=np.concatenate([cells, np.arange(len(rows))]),
            examples=np.concatenate([examples.holds.indices[places], np.full(len(rows), OF_WISH)]),
            plain=np.concatenate([products - ordinary[cells], of_wish]).astype(np.float64),
            shares=np.concatenate([examples.holds.data[places] * share[cells], self.stand.wish_share[rows]]),
        )

    def _name(self, rows: IdArray, drawing: IdArray, examples: Examples) -> list[Term]:
        papers = [Term(name_of_paper(doc), kind=PAPER) for doc in examples.docs]
        wishes = {row: Term(name_of_wish(self.profiles[row]), kind=WISH) for row in np.unique(rows).tolist()}
        pairs = zip(rows.tolist(), drawing.tolist(), strict=True)
        return [wishes[row] if example == OF_WISH else papers[example] for row, example in pairs]


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
        directions = stand.directions
        plain = directions * damping
        deviation = np.sqrt(np.square(plain) @ papers.landscape.variances)
        factors = damping * (PER_DEVIATION / np.maximum(deviation, 1e-12))[:, None]
        return MeaningEvidence(
            queries=directions * factors,
            papers=papers.once(_positions),
            factors=factors,
            stand=stand,
            landscape=papers.landscape,
            profiles=tuple(profiles),
        )


def _positions(papers: PaperBatch) -> FloatMatrix:
    return papers.positions[papers.window]


SIGNAL = MeaningSignal()
