"""profiles, papers | read | gather evidence per signal | sum | mask | choose | explain -> matches, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from digest.matching._exclusions import forbidden
from digest.matching._fuse import choose, deviations, thresholds
from digest.matching._reasons import explain
from digest.matching._space import PaperBatch, read_papers
from digest.matching._sparse import CHUNK_ROWS, FloatVector
from digest.types import BoolMatrix, FloatMatrix, IdArray, Match, PaperDoc, ProfileDoc

if TYPE_CHECKING:
    from digest.matching import Evidence, Signal


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """Everything that is known before the first score: the papers, the evidence by kind, each profile's scale."""

    profiles: tuple[ProfileDoc, ...]
    papers: PaperBatch
    evidence: Mapping[str, "Evidence"]
    scale: FloatVector

    @property
    def paper_ids(self) -> IdArray:
        """The ids of the papers to be ranked, rising: the columns of `scores`."""
        return np.array([self.papers.docs[place].id for place in self.papers.window], dtype=np.int64)

    def scores(self, rows: slice) -> FloatMatrix:
        """Add the evidence of all signals up and bring it to each profile's scale.

        Returns: standard deviations above the background, shape (len(rows), n_papers of the window).
        """
        total = np.zeros((len(self.profiles[rows]), len(self.papers.window)), dtype=np.float32)
        for evidence in self.evidence.values():
            total += evidence.scores(rows)
        total /= self.scale[rows, None]
        return total


def set_scene(
    *,
    profiles: Sequence[ProfileDoc],
    papers: Sequence[PaperDoc],
    background: Sequence[PaperDoc],
    signals: Mapping[str, "Signal"],
) -> Scene:
    """Read profiles and papers, and let each signal gather its evidence."""
    batch = read_papers(papers=papers, background=background)
    evidence = {signal.kind: signal.gather(profiles=profiles, papers=batch) for signal in signals.values()}
    scale = deviations([found.spread for found in evidence.values()])
    return Scene(profiles=tuple(profiles), papers=batch, evidence=evidence, scale=scale)


def rank(*, scene: Scene, eligible: BoolMatrix | None, top_k: int) -> list[Match]:
    """Choose the best papers of each profile and say why; a block of profiles at a time, to bound the memory.

    `eligible` has the shape (n_profiles, n_papers of the window), its columns in the order of their ids.
    """
    barred = forbidden(profiles=scene.profiles, papers=scene.papers)
    least = thresholds(scene.profiles)
    matches: list[Match] = []
    for start in range(0, len(scene.profiles), CHUNK_ROWS):
        block = slice(start, start + CHUNK_ROWS)
        scores = scene.scores(block)
        allowed = _allowed(barred[block], None if eligible is None else eligible[block])
        rows, columns = choose(
            scores=scores, allowed=allowed, least=least[block], paper_ids=scene.paper_ids, top_k=top_k
        )
        matches.extend(_describe(scene, rows + start, columns, scores[rows, columns]))
    return matches


def _allowed(barred: sparse.csr_array, eligible: BoolMatrix | None) -> BoolMatrix:
    allowed: BoolMatrix = barred.toarray() == 0
    return allowed if eligible is None else allowed & eligible


def _describe(scene: Scene, rows: IdArray, columns: IdArray, scores: FloatMatrix) -> list[Match]:
    reasons = explain(evidence=scene.evidence, rows=rows, columns=columns)
    papers = scene.paper_ids[columns].tolist()
    return [
        Match(profile_id=scene.profiles[row].id, paper_id=paper, score=score, reasons=why)
        for row, paper, score, why in zip(rows.tolist(), papers, scores.tolist(), reasons, strict=True)
    ]
