"""What an operator decides of deliveries that nobody knows the end of. The only way out of UNKNOWN by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from digest.mail.ledger import Status, move

IT_ARRIVED: dict[str, Any] = {"error": "settled by staff: it arrived"}
SEND_AGAIN: dict[str, Any] = {
    "error": "queued again by staff: it did not arrive",
    "attempts": 0,
    "retry_at": None,
    "claimed_at": None,
}


def settle_unknown(*, delivery_ids: Sequence[UUID], arrived: bool, now: datetime) -> int:
    """Move UNKNOWN deliveries to SENT when they arrived, back to QUEUED when they did not; others are left alone.

    Returns: how many were moved. A second call moves none.
    """
    to, fields = (Status.SENT, IT_ARRIVED) if arrived else (Status.QUEUED, SEND_AGAIN)
    if arrived:
        fields = {**fields, "sent_at": Coalesce(F("claimed_at"), Value(now))}
    return sum(move(delivery_id=pk, origin=Status.UNKNOWN, to=to, **fields) for pk in delivery_ids)
