"""profiles, papers | read | gather evidence per signal | sum | mask | choose | explain -> matches, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from digest.matching._exclusions import forbidden
from digest.matching._fuse import SCORE_STEP, choose, deviations, thresholds
from digest.matching._reasons import explain
from digest.matching._space import PaperBatch, read_papers
from digest.matching._sparse import CHUNK_ROWS, FloatVector, add
from digest.types import BoolMatrix, BoolVector, FloatMatrix, IdArray, PaperDoc, ProfileDoc, Reason

if TYPE_CHECKING:
    from digest.matching import Evidence, Signal

    Found = tuple[str, Evidence]

EXPLAINED_AT_ONCE = 10_000  # cells; some 30 MB of vectors
LIFT = 0.1  # deviations; below every paper that means what the reader means


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """Everything that is known before the first score: the papers, the evidence, each profile's scale and threshold.

    `named` is the evidence of what readers named, `implied` the rest, each with its kind; `named_scale` is the scale
    that the former would have alone. `least` is the least score that each profile accepts.
    """

    profiles: tuple[ProfileDoc, ...]
    papers: PaperBatch
    named: "tuple[Found, ...]"
    implied: "tuple[Found, ...]"
    scale: FloatVector
    named_scale: FloatVector
    least: FloatVector

    @property
    def paper_ids(self) -> IdArray:
        """The ids of the papers to be ranked, rising: the columns of `scores`."""
        return self.papers.window_ids

    def totals(self, rows: slice) -> tuple[FloatMatrix, FloatMatrix]:
        """Add the evidence of all signals up, and beside it that of what the readers named.

        Returns: both of shape (len(rows), n_papers of the window).
        """
        shape = (len(self.profiles[rows]), len(self.papers.window))
        implied = [evidence.scores(rows) for _, evidence in self.implied]
        # Each pass over all pairs costs a good part of the product itself: a dense result is added to, not copied.
        dense = [each for each in implied if isinstance(each, np.ndarray)]
        total = dense[0] if dense else np.zeros(shape, dtype=np.float32)
        for addend in dense[1:]:
            total += addend
        for few in implied:
            if not isinstance(few, np.ndarray):
                add(total, few)
        named = np.zeros(shape, dtype=np.float32)
        for _, evidence in self.named:
            add(named, sparse.csr_array(evidence.scores(rows)))
        total += named
        return total, named

    def on_scale(self, *, rows: IdArray, totals: FloatMatrix, named: FloatMatrix) -> tuple[FloatMatrix, BoolVector]:
        """Bring the evidence of single cells to their profiles' scales.

        A paper that by what the reader named alone would reach what the profile demands does reach it, whatever it
        means: somebody who asks for a word is shown it. The more such a paper holds, the higher it comes among its
        like, by LIFT of what it would have over the demand.
        Returns: standard deviations above the background, in steps of SCORE_STEP, so that one worker and four, adding
        in other orders, rank alike; and which cells were lifted, and so owe nothing to anything but what was named.
        """
        least = self.least[rows]
        spare = named / self.named_scale[rows] - least
        lifted = np.where(spare >= 0, least + LIFT * spare, -np.inf)
        plain = totals / self.scale[rows]
        scores = np.rint(np.maximum(plain, lifted) / SCORE_STEP) * SCORE_STEP
        return np.asarray(scores, dtype=np.float32), lifted > plain

    def scores(self, rows: slice) -> FloatMatrix:
        """Score every paper for some profiles; shape (len(rows), n_papers of the window)."""
        total, named = self.totals(rows)
        cells = np.repeat(np.arange(len(self.profiles))[rows], total.shape[1])
        scores, _ = self.on_scale(rows=cells, totals=total.ravel(), named=named.ravel())
        return scores.reshape(total.shape)

    def passing(self, rows: slice, allowed: BoolMatrix) -> "Cells":
        """Score those papers alone that may be sent and reach what their profiles demand: most are far below."""
        total, named = self.totals(rows)
        least = self.least[rows, None] - SCORE_STEP
        near = total >= np.asarray(least * self.scale[rows, None], dtype=np.float32)
        near |= named >= np.asarray(least * self.named_scale[rows, None], dtype=np.float32)
        cells = np.flatnonzero(near & allowed)
        here, columns = np.divmod(cells, max(total.shape[1], 1))
        at = here + rows.start
        scores, is_lifted = self.on_scale(rows=at, totals=total.ravel()[cells], named=named.ravel()[cells])
        kept = scores >= self.least[at].astype(np.float32)
        return Cells(rows=at[kept], columns=columns[kept], scores=scores[kept], is_lifted=is_lifted[kept])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Some cells of the scores: profile `rows[i]` gives the paper in `columns[i]` the score `scores[i]`.

    `is_lifted` tells which are there for what their readers named, whatever the papers mean.
    """

    rows: IdArray
    columns: IdArray
    scores: FloatMatrix
    is_lifted: BoolVector

    def take(self, places: IdArray) -> "Cells":
        """Give the cells at some places."""
        return Cells(
            rows=self.rows[places],
            columns=self.columns[places],
            scores=self.scores[places],
            is_lifted=self.is_lifted[places],
        )


def set_scene(
    *,
    profiles: Sequence[ProfileDoc],
    papers: Sequence[PaperDoc],
    background: Sequence[PaperDoc],
    signals: Mapping[str, "Signal"],
) -> Scene:
    """Read profiles and papers, and let each signal gather its evidence."""
    batch = read_papers(papers=papers, background=background)
    found = [(signal, signal.gather(profiles=profiles, papers=batch)) for signal in signals.values()]
    return Scene(
        profiles=tuple(profiles),
        papers=batch,
        named=tuple((signal.kind, evidence) for signal, evidence in found if signal.is_named),
        implied=tuple((signal.kind, evidence) for signal, evidence in found if not signal.is_named),
        scale=deviations([evidence.spread for _, evidence in found]),
        named_scale=deviations([evidence.spread for signal, evidence in found if signal.is_named]),
        least=thresholds(profiles),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """The best papers of each profile, in the order of the profiles, each one's best first; not explained yet."""

    scene: Scene
    best: Cells

    @property
    def paper_ids(self) -> IdArray:
        """The ids of the papers that were chosen."""
        return self.scene.paper_ids[self.best.columns]

    def explain_at(self, places: IdArray) -> list[tuple[Reason, ...]]:
        """Say why, of the choices at some places; a block at a time, to bound the memory."""
        blocks = [places[start : start + EXPLAINED_AT_ONCE] for start in range(0, len(places), EXPLAINED_AT_ONCE)]
        return [why for block in blocks for why in self._explain(self.best.take(block))]

    def _explain(self, cells: Cells) -> list[tuple[Reason, ...]]:
        """Explain what was lifted by what was named alone, and all else by the whole sum."""
        reasons: list[tuple[Reason, ...]] = [()] * len(cells.rows)
        every = self.scene.named + self.scene.implied
        for evidence, part in ((self.scene.named, cells.is_lifted), (every, ~cells.is_lifted)):
            where = np.flatnonzero(part)
            if len(where):
                told = explain(evidence=evidence, rows=cells.rows[where], columns=cells.columns[where])
                for place, why in zip(where.tolist(), told, strict=True):
                    reasons[place] = why
        return reasons


def rank(*, scene: Scene, eligible: BoolMatrix | None, top_k: int | IdArray) -> Ranking:
    """Choose the best papers of each profile.

    `eligible` has the shape (n_profiles, n_papers of the window), its columns in the order of their ids; `top_k` is one
    number for all, or one for each profile.
    """
    most = np.broadcast_to(np.asarray(top_k, dtype=np.int64), len(scene.profiles))
    found = passing_cells(scene=scene, eligible=eligible)
    kept = choose(rows=found.rows, scores=found.scores, top_k=most)
    return Ranking(scene=scene, best=found.take(kept))


def passing_cells(*, scene: Scene, eligible: BoolMatrix | None) -> Cells:
    """Find the papers that could be chosen for each profile; a block of profiles at a time, to bound the memory."""
    barred = forbidden(profiles=scene.profiles, papers=scene.papers)
    blocks = [slice(start, start + CHUNK_ROWS) for start in range(0, len(scene.profiles), CHUNK_ROWS)]
    found = [
        scene.passing(block, _allowed(barred[block], None if eligible is None else eligible[block])) for block in blocks
    ]
    return Cells(
        rows=np.concatenate([np.zeros(0, np.int64), *(each.rows for each in found)]),
        columns=np.concatenate([np.zeros(0, np.int64), *(each.columns for each in found)]),
        scores=np.concatenate([np.zeros(0, np.float32), *(each.scores for each in found)]),
        is_lifted=np.concatenate([np.zeros(0, bool), *(each.is_lifted for each in found)]),
    )


def _allowed(barred: sparse.csr_array, eligible: BoolMatrix | None) -> BoolMatrix:
    allowed = np.ones(barred.shape, dtype=np.bool_) if eligible is None else eligible.copy()
    allowed[barred.nonzero()] = False
    return allowed
