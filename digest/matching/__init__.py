"""Which papers are worth a reader's morning: batches of profiles x batches of papers, arrays in, arrays out.

One file, one signal: each public module defines SIGNAL, a `Signal`; nothing in here knows Django, a database or
the time. docs/matching.md tells how a score is made.
"""

import sys
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
from scipy import sparse

from digest.matching._engine import Cells, Ranking, passing_cells, set_scene
from digest.matching._engine import rank as rank_scene
from digest.matching._evidence import Parts
from digest.matching._exclusions import forbidden
from digest.matching._space import PaperBatch, read_papers
from digest.matching._sparse import CHUNK_ROWS, FloatVector
from digest.matching._standing import stand
from digest.plugins import discover
from digest.types import BoolMatrix, FloatMatrix, IdArray, Match, PaperDoc, ProfileDoc

__all__ = ["Cells", "Evidence", "Ranking", "Signal", "barred", "match", "passing", "rank", "score", "signals", "stand"]

NO_SIGNALS = frozenset({"bench"})  # the one public file of this folder that others call and that finds nothing


class Evidence(Protocol):
    """What one signal knows of every profile and every paper of the window, ready to be summed and taken apart.

    One paper that plainly holds one thing the reader named gives an evidence of about 1; two standard deviations
    of likeness by words alone say as much. 0 is what an ordinary paper has; below 0 speaks against a paper.
    Everything is finite, and depends neither on the order of profiles or papers nor on what other profiles ask.
    """

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background; shape (n_profiles,), >= 0."""
        ...

    def scores(self, rows: slice) -> FloatMatrix | sparse.csr_array:
        """Answer the evidence of some profiles, shape (len(rows), n_papers of the window), the papers by rising id.

        Returns: a new matrix; a sparse one, without duplicate entries, where most papers hold nothing.
        """
        ...

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Take the cells (rows[i], columns[i]) of the scores apart into what the reader named or liked.

        The amounts of a cell's parts add up to its score. A part is only positive when taking what it names out of
        the profile would lower the score; what speaks against a paper has a negative amount and no name.
        """
        ...


class Signal(Protocol):
    """One way in which a paper can speak to a reader: a file of this folder.

    To add one, write a public module that defines SIGNAL, and add its `kind` to the words that a mail can show.
    Hard rules are no signals: see _exclusions.py.
    """

    @property
    def kind(self) -> str:
        """The `Reason.kind` of what this signal finds."""
        ...

    @property
    def is_named(self) -> bool:
        """Whether what it finds stands on the paper as the reader named it, and carries a paper whatever it means."""
        ...

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> Evidence:
        """Read what the profiles ask for and compare it with all papers of the run at once.

        Work that depends on a profile alone may loop over profiles; whatever depends on profiles and papers must
        be done in products of whole batches. A profile that asks nothing of this signal gets evidence 0.
        """
        ...


@cache
def signals() -> dict[str, Signal]:
    """Collect every signal of this folder by the name of its file."""
    return discover(package=sys.modules[__name__], attribute="SIGNAL", besides=NO_SIGNALS)


def match(
    *,
    profiles: Sequence[ProfileDoc],
    papers: Sequence[PaperDoc],
    background: Sequence[PaperDoc],
    eligible: BoolMatrix | None,
    top_k: int | IdArray,
) -> list[Match]:
    """Score all profiles x papers in one go, and choose at most `top_k` papers for each profile, and say why.

    `top_k` is one number for all, or one for each profile, shape (n_profiles,).
    `background` holds recent papers that stand for the ordinary; the papers themselves do when it is empty.
    `eligible`, shape (n_profiles, n_papers) in the order given, says which papers a profile may be sent at all.
    A paper given twice counts once, as it was given last.
    Returns: matches in the order of `profiles`, each profile's best first, ties by paper id; scores are standard
    deviations above the profile's background, at least what its pickiness demands (see _fuse.THRESHOLDS).
    """
    if not profiles or not papers:
        return []
    found = rank(profiles=profiles, papers=papers, background=background, eligible=eligible, top_k=top_k)
    reasons = found.explain_at(np.arange(len(found.best.rows)))
    chosen = zip(found.best.rows.tolist(), found.paper_ids.tolist(), found.best.scores.tolist(), reasons, strict=True)
    return [
        Match(profile_id=profiles[row].id, paper_id=paper, score=score, reasons=why)
        for row, paper, score, why in chosen
    ]


def rank(
    *,
    profiles: Sequence[ProfileDoc],
    papers: Sequence[PaperDoc],
    background: Sequence[PaperDoc],
    eligible: BoolMatrix | None,
    top_k: int | IdArray,
) -> Ranking:
    """Do as `match`, and leave it to the caller which matches are explained: most of the time goes into the reasons.

    There is at least one profile and one paper.
    """
    scene = set_scene(profiles=profiles, papers=papers, background=background, signals=signals())
    return rank_scene(scene=scene, eligible=_by_id(eligible, papers), top_k=top_k)


def score(*, profiles: Sequence[ProfileDoc], papers: Sequence[PaperDoc], background: Sequence[PaperDoc]) -> FloatMatrix:
    """Score all profiles x papers as `match` does, before anything is barred or chosen.

    Returns: shape (n_profiles, n_papers), in the order given; standard deviations above each profile's background.
    """
    scene = set_scene(profiles=profiles, papers=papers, background=background, signals=signals())
    blocks = [scene.scores(slice(start, start + CHUNK_ROWS)) for start in range(0, len(profiles), CHUNK_ROWS)]
    scores = np.concatenate([np.zeros((0, len(scene.paper_ids)), dtype=np.float32), *blocks])
    return scores[:, np.searchsorted(scene.paper_ids, [paper.id for paper in papers])]


def passing(
    *, profiles: Sequence[ProfileDoc], papers: Sequence[PaperDoc], background: Sequence[PaperDoc]
) -> BoolMatrix:
    """Tell which papers `match` could choose for each profile, were there no end to how many.

    Returns: shape (n_profiles, n_papers), in the order given.
    """
    scene = set_scene(profiles=profiles, papers=papers, background=background, signals=signals())
    found = passing_cells(scene=scene, eligible=None)
    passes = np.zeros((len(profiles), len(scene.paper_ids)), dtype=bool)
    passes[found.rows, found.columns] = True
    return passes[:, np.searchsorted(scene.paper_ids, [paper.id for paper in papers])]


def barred(*, profiles: Sequence[ProfileDoc], papers: Sequence[PaperDoc], background: Sequence[PaperDoc]) -> BoolMatrix:
    """Tell which papers `match` would keep from each profile by a rule, whatever they score.

    Returns: shape (n_profiles, n_papers), in the order given.
    """
    batch = read_papers(papers=papers, background=background)
    kept_out = forbidden(profiles=profiles, papers=batch).toarray() != 0
    return np.asarray(kept_out[:, np.searchsorted(batch.window_ids, [paper.id for paper in papers])], dtype=bool)


def _by_id(eligible: BoolMatrix | None, papers: Sequence[PaperDoc]) -> BoolMatrix | None:
    """Bring the columns of `eligible` into the order of the papers' ids, one for each paper."""
    if eligible is None:
        return None
    place_of = {paper.id: place for place, paper in enumerate(papers)}
    return np.asarray(eligible[:, [place_of[key] for key in sorted(place_of)]], dtype=bool)
