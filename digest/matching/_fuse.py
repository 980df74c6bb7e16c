"""From evidence to a choice: one scale for all profiles, thresholds on it, and the best few of each profile."""

from collections.abc import Sequence

import numpy as np

from digest.matching._arxiv import says_only_categories
from digest.matching._sparse import FloatVector
from digest.types import BoolMatrix, FloatMatrix, IdArray, ProfileDoc

# No profile's scale is finer than this: it is the most that one plain wish (held or not) can vary.
LEAST_DEVIATION = 0.5
# Standard deviations above the profile's background. A single plain keyword, or a text as like the description as
# one in thirty is, passes 'balanced'; 'picky' wants a rare phrase, several mentions, or several wishes at once;
# 'broad' takes a category alone, or the scattered words of a phrase.
THRESHOLDS = {"broad": 0.5, "balanced": 2.0, "picky": 3.5}


def deviations(spreads: Sequence[FloatVector]) -> FloatVector:
    """Answer each profile's scale: the deviation of its evidence over the background, and never too fine a one.

    `spreads` holds, for each signal, the variance of each profile's evidence.
    """
    total: FloatVector = np.sum(spreads, axis=0, dtype=np.float64)
    scale: FloatVector = np.sqrt(np.maximum(total, LEAST_DEVIATION**2))
    return scale


def thresholds(profiles: Sequence[ProfileDoc]) -> FloatVector:
    """Answer the least score that each profile accepts; an unknown word for pickiness means 'balanced'.

    Where categories are all that a profile asks for, there is nothing to be picky about: every paper of them passes.
    """
    return np.array(
        [
            THRESHOLDS["broad"]
            if says_only_categories(profile)
            else THRESHOLDS.get(profile.pickiness, THRESHOLDS["balanced"])
            for profile in profiles
        ]
    )


def passing(*, scores: FloatMatrix, allowed: BoolMatrix, least: FloatVector) -> BoolMatrix:
    """Tell which columns could be chosen for each row: allowed, and scoring what is demanded."""
    passes: BoolMatrix = allowed & (scores >= least[:, None]) & (scores > 0)
    return passes


def choose(
    *, scores: FloatMatrix, allowed: BoolMatrix, least: FloatVector, paper_ids: IdArray, top_k: IdArray
) -> tuple[IdArray, IdArray]:
    """Choose each row's best columns, at most `top_k[row]`, that are allowed and score at least `least`.

    Ties go to the smaller paper id. Returns: rows and columns, the rows in order, the best column of each first.
    """
    passes = passing(scores=scores, allowed=allowed, least=least)
    crowded = np.flatnonzero(passes.sum(axis=1) > top_k)
    most = int(top_k[crowded].max(initial=0))
    if 0 < most < scores.shape[1]:
        # Few profiles have more than they can take: only theirs are put in order.
        ranked = np.where(passes[crowded], -scores[crowded], np.inf)
        ranked.partition(most - 1, axis=1)
        passes[crowded] &= scores[crowded] >= -ranked[:, most - 1, None]
    rows, columns = (index.astype(np.int64) for index in np.nonzero(passes))
    order = np.lexsort((paper_ids[columns], -scores[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = rank < top_k[rows]
    return rows[kept], columns[kept]
