"""profiles, papers | read | gather evidence per signal | sum | mask | choose | explain -> matches, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from digest.matching._exclusions import forbidden
from digest.matching._fuse import choose, deviations, passing, thresholds
from digest.matching._reasons import explain
from digest.matching._space import PaperBatch, read_papers
from digest.matching._sparse import CHUNK_ROWS, FloatVector
from digest.types import BoolMatrix, FloatMatrix, IdArray, Match, PaperDoc, ProfileDoc

if TYPE_CHECKING:
    from digest.matching import Evidence, Signal

    Found = tuple[str, Evidence]

EXPLAINED_AT_ONCE = 10_000  # cells; some 30 MB of vectors
SCORE_STEP = 1e-4  # deviations; finer differences are the arithmetic's and nobody's taste


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

    def scores(self, rows: slice) -> FloatMatrix:
        """Add the evidence of all signals up and bring it to each profile's scale.

        A paper that by what the reader named alone would reach what the profile demands does reach it, whatever it
        means: somebody who asks for a word is shown it.
        Returns: standard deviations above the background, shape (len(rows), n_papers of the window), in steps of
        SCORE_STEP, so that one worker and four, adding in other orders, rank alike.
        """
        total = np.zeros((len(self.profiles[rows]), len(self.papers.window)), dtype=np.float32)
        for _, evidence in self.named:
            total += evidence.scores(rows)
        reached = np.where(total >= (self.least * self.named_scale)[rows, None], self.least[rows, None], -np.inf)
        for _, evidence in self.implied:
            total += evidence.scores(rows)
        total /= self.scale[rows, None]
        np.maximum(total, reached, out=total)
        # In place: each pass over all pairs that makes a matrix of its own costs as much as the product itself.
        np.divide(total, np.float32(SCORE_STEP), out=total)
        np.rint(total, out=total)
        return np.multiply(total, np.float32(SCORE_STEP), out=total)


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
    """The best papers of each profile, not explained yet: match i is the cell (rows[i], columns[i]) of the scores."""

    scene: Scene
    matches: tuple[Match, ...]
    rows: IdArray
    columns: IdArray

    def explain(self, kept: Sequence[Match]) -> list[Match]:
        """Say why, of those matches that are kept. Raises: KeyError when one is not of this ranking."""
        place_of = {(match.profile_id, match.paper_id): place for place, match in enumerate(self.matches)}
        return self.explain_at(np.array([place_of[match.profile_id, match.paper_id] for match in kept], dtype=np.int64))

    def explain_at(self, places: IdArray) -> list[Match]:
        """Say why, of the matches at some places; a block at a time, to bound the memory."""
        evidence = self.scene.named + self.scene.implied
        explained: list[Match] = []
        for start in range(0, len(places), EXPLAINED_AT_ONCE):
            block = places[start : start + EXPLAINED_AT_ONCE]
            reasons = explain(evidence=evidence, rows=self.rows[block], columns=self.columns[block])
            explained.extend(
                replace(self.matches[place], reasons=why) for place, why in zip(block.tolist(), reasons, strict=True)
            )
        return explained


def rank(*, scene: Scene, eligible: BoolMatrix | None, top_k: int | IdArray) -> Ranking:
    """Choose the best papers of each profile; a block of profiles at a time, to bound the memory.

    `eligible` has the shape (n_profiles, n_papers of the window), its columns in the order of their ids; `top_k` is one
    number for all, or one for each profile.
    """
    barred = forbidden(profiles=scene.profiles, papers=scene.papers)
    most = np.broadcast_to(np.asarray(top_k, dtype=np.int64), len(scene.profiles))
    paper_ids = scene.paper_ids
    found: list[tuple[IdArray, IdArray, FloatMatrix]] = []
    for start in range(0, len(scene.profiles), CHUNK_ROWS):
        block = slice(start, start + CHUNK_ROWS)
        scores = scene.scores(block)
        allowed = _allowed(barred[block], None if eligible is None else eligible[block])
        rows, columns = choose(
            scores=scores, allowed=allowed, least=scene.least[block], paper_ids=paper_ids, top_k=most[block]
        )
        found.append((rows + start, columns, scores[rows, columns]))
    rows, columns, best = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Ranking(scene=scene, matches=_name(scene, rows, paper_ids[columns], best), rows=rows, columns=columns)


def passable(*, scene: Scene) -> BoolMatrix:
    """Tell which papers could be chosen for each profile, shape (n_profiles, n_papers of the window)."""
    barred = forbidden(profiles=scene.profiles, papers=scene.papers)
    blocks = [slice(start, start + CHUNK_ROWS) for start in range(0, len(scene.profiles), CHUNK_ROWS)]
    found = [
        passing(scores=scene.scores(block), allowed=_allowed(barred[block], None), least=scene.least[block])
        for block in blocks
    ]
    return np.concatenate([np.zeros((0, len(scene.papers.window)), dtype=bool), *found])


def _allowed(barred: sparse.csr_array, eligible: BoolMatrix | None) -> BoolMatrix:
    allowed = np.ones(barred.shape, dtype=np.bool_) if eligible is None else eligible.copy()
    allowed[barred.nonzero()] = False
    return allowed


def _name(scene: Scene, rows: IdArray, papers: IdArray, scores: FloatMatrix) -> tuple[Match, ...]:
    return tuple(
        Match(profile_id=scene.profiles[row].id, paper_id=paper, score=score, reasons=())
        for row, paper, score in zip(rows.tolist(), papers.tolist(), scores.tolist(), strict=True)
    )
