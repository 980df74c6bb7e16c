"""From the terms that a score is the sum of to the reasons that a reader is shown."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from digest.types import IdArray, Reason

if TYPE_CHECKING:
    from digest.matching import Evidence

MOST_REASONS = 8
# What adds less than this part is not worth a reader's glance.
LEAST_SHARE = 0.05


def explain(*, evidence: Mapping[str, "Evidence"], rows: IdArray, columns: IdArray) -> list[tuple[Reason, ...]]:
    """Name what carried each chosen cell (profile, paper), from the same numbers that ranked it.

    The strongest reasons that are worth naming are kept, and their shares add up to 1. What speaks against a paper
    is no reason for it.
    """
    amounts: list[dict[tuple[str, str], float]] = [defaultdict(float) for _ in rows]
    for kind, found in evidence.items():
        parts = found.parts(rows=rows, columns=columns)
        for cell, amount, term in zip(parts.cells.tolist(), parts.amounts.tolist(), parts.terms, strict=True):
            if amount > 0:
                amounts[cell][kind, term] += amount
    return [_weigh(cell) for cell in amounts]


def _weigh(amounts: Mapping[tuple[str, str], float]) -> tuple[Reason, ...]:
    strongest = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))[:MOST_REASONS]
    worth_naming = LEAST_SHARE * sum(amounts.values())
    kept = [item for item in strongest if item[1] >= worth_naming] or strongest[:1]
    total = sum(amount for _, amount in kept)
    return tuple(Reason(kind=kind, term=term, share=amount / total) for (kind, term), amount in kept)
