"""From evidence to a choice: one scale for all profiles, thresholds on it, and the best few of each profile."""

from collections.abc import Sequence

import numpy as np

from digest.matching._arxiv import says_only_categories
from digest.matching._sparse import FloatVector
from digest.types import FloatMatrix, IdArray, ProfileDoc

# No profile's scale is finer than this: it is the most that one plain wish (held or not) can vary.
LEAST_DEVIATION = 0.5
SCORE_STEP = 1e-4  # deviations; finer differences are the arithmetic's and nobody's taste
ROW_STEPS = 2**34  # more than any score has steps
# Standard deviations above the profile's background. A single plain keyword, or a text as like the description as two
# papers in a hundred are, passes 'balanced'; 'picky' wants a rare phrase, several mentions, or several wishes at once;
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


def choose(*, rows: IdArray, scores: FloatMatrix, top_k: IdArray) -> IdArray:
    """Choose each row's best cells, at most `top_k[row]` of them; what scores the same keeps its order.

    Returns: the places of the chosen cells, by rising row, the best of each first.
    """
    # One whole number for each cell: to sort by two keys takes seven times as long.
    order = np.argsort(rows * ROW_STEPS - np.rint(scores / SCORE_STEP).astype(np.int64), kind="stable")
    sorted_rows = rows[order]
    rank = np.arange(len(rows)) - np.searchsorted(sorted_rows, sorted_rows)
    return order[rank < top_k[sorted_rows]]
