"""From the terms that a score is the sum of to the reasons that a reader is shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from digest.matching._evidence import Parts, Term
from digest.matching._quoting import is_same_wording
from digest.matching._sparse import FloatVector
from digest.types import IdArray, Reason

if TYPE_CHECKING:
    from digest.matching import Evidence

MOST_REASONS = 8
# What adds less than this part is not worth a reader's glance.
LEAST_SHARE = 0.05
STEPS = 10_000  # shares are told in ten-thousandths


def explain(*, evidence: Sequence[tuple[str, "Evidence"]], rows: IdArray, columns: IdArray) -> list[tuple[Reason, ...]]:
    """Name what carried each chosen cell (profile, paper), from the same numbers that ranked it.

    The strongest reasons that are worth naming are kept, and their shares add up to 1. What speaks against a paper
    is no reason for it.
    """
    parts = [found.parts(rows=rows, columns=columns) for _, found in evidence]
    cells = np.concatenate([each.cells for each in parts])
    amounts = np.concatenate([each.amounts for each in parts])
    kept = _strongest(cells=cells, amounts=amounts, n_cells=len(rows))
    shares = _shares(cells=cells[kept], amounts=amounts[kept], n_cells=len(rows))
    terms = _name([kind for kind, _ in evidence], parts, kept)
    ends = np.searchsorted(cells[kept], np.arange(len(rows) + 1)).tolist()
    told = list(zip(terms, shares.tolist(), strict=True))
    return [_reasons(told[start:end]) for start, end in zip(ends, ends[1:], strict=False)]


def _strongest(*, cells: IdArray, amounts: FloatVector, n_cells: int) -> IdArray:
    """Choose the parts that are worth naming. Returns: their places, cell by cell, the strongest first."""
    speaking = np.flatnonzero(amounts > 0)
    total = np.bincount(cells[speaking], weights=amounts[speaking], minlength=n_cells)
    # Compared in steps, so that the order of what counts the same is not left to the arithmetic.
    share = np.rint(amounts[speaking] / total[cells[speaking]] * STEPS)
    order = np.lexsort((-share, cells[speaking]))
    speaking, share = speaking[order], share[order]
    rank = np.arange(len(speaking)) - np.searchsorted(cells[speaking], cells[speaking])
    strongest: IdArray = speaking[(rank < MOST_REASONS) & ((share >= LEAST_SHARE * STEPS) | (rank == 0))]
    return strongest


def _shares(*, cells: IdArray, amounts: FloatVector, n_cells: int) -> IdArray:
    """Split each cell into whole steps; what rounding leaves over goes to its first, so that they add up to STEPS."""
    total = np.bincount(cells, weights=amounts, minlength=n_cells)
    steps = np.rint(amounts / total[cells] * STEPS).astype(np.int64)
    firsts = np.flatnonzero(np.diff(cells, prepend=-1))
    given = np.bincount(cells, weights=steps, minlength=n_cells)
    steps[firsts] += STEPS - given[cells[firsts]].astype(np.int64)
    return steps


def _name(kinds: Sequence[str], parts: Sequence[Parts], places: IdArray) -> list[Term]:
    """Put parts into words, each by the signal that it comes from; `places` are counted through all signals."""
    starts = np.cumsum([0, *(len(each.cells) for each in parts)])
    signal = np.searchsorted(starts, places, side="right") - 1
    terms = [Term("")] * len(places)
    for number, (kind, each) in enumerate(zip(kinds, parts, strict=True)):
        mine = np.flatnonzero(signal == number)
        named = each.name(places[mine] - starts[number])
        for place, term in zip(mine.tolist(), named, strict=True):
            terms[place] = term if term.kind else Term(term.term, term.asked, kind)
    return terms


def _reasons(told: Sequence[tuple[Term, int]]) -> tuple[Reason, ...]:
    """Make one cell's reasons; what goes by one name is one reason."""
    named = {(term.kind, term.term): (term, steps) for term, steps in told}
    if len(named) < len(told):
        told = _merged(told)
    return tuple(
        Reason(
            kind=term.kind,
            term=term.term,
            share=steps / STEPS,
            asked="" if not term.asked or is_same_wording(term.asked, term.term) else term.asked,
        )
        for term, steps in told
    )


def _merged(told: Sequence[tuple[Term, int]]) -> list[tuple[Term, int]]:
    together: dict[tuple[str, str], tuple[Term, int]] = {}
    for term, steps in told:
        first, sum_of = together.get((term.kind, term.term), (term, 0))
        together[term.kind, term.term] = (first, sum_of + steps)
    return sorted(together.values(), key=lambda each: -each[1])
