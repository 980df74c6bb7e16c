"""From the terms that a score is the sum of to the reasons that a reader is shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from digest.matching._quoting import is_same_wording
from digest.types import IdArray, Reason

if TYPE_CHECKING:
    from digest.matching import Evidence

Named = tuple[str, str]  # the kind of a reason and its term

MOST_REASONS = 8
# What adds less than this part is not worth a reader's glance.
LEAST_SHARE = 0.05


def explain(*, evidence: Sequence[tuple[str, "Evidence"]], rows: IdArray, columns: IdArray) -> list[tuple[Reason, ...]]:
    """Name what carried each chosen cell (profile, paper), from the same numbers that ranked it.

    The strongest reasons that are worth naming are kept, and their shares add up to 1. What speaks against a paper
    is no reason for it.
    """
    amounts: list[dict[Named, float]] = [defaultdict(float) for _ in rows]
    asked: dict[tuple[int, Named], str] = {}
    for signal, found in evidence:
        parts = found.parts(rows=rows, columns=columns)
        wordings, kinds = parts.asked or parts.terms, parts.kinds or [signal] * len(parts.terms)
        for cell, amount, term, wording, kind in zip(
            parts.cells.tolist(), parts.amounts.tolist(), parts.terms, wordings, kinds, strict=True
        ):
            if amount > 0:
                amounts[cell][kind, term] += amount
                asked.setdefault((cell, (kind, term)), wording)
    return [
        tuple(_reason(named, share, asked[cell, named]) for named, share in _weigh(found))
        for cell, found in enumerate(amounts)
    ]


def _weigh(amounts: Mapping[Named, float]) -> list[tuple[Named, float]]:
    strongest = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))[:MOST_REASONS]
    worth_naming = LEAST_SHARE * sum(amounts.values())
    kept = [item for item in strongest if item[1] >= worth_naming] or strongest[:1]
    total = sum(amount for _, amount in kept)
    return [(named, amount / total) for named, amount in kept]


def _reason(named: Named, share: float, asked: str) -> Reason:
    kind, term = named
    return Reason(kind=kind, term=term, share=share, asked="" if is_same_wording(asked, term) else asked)
