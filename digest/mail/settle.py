"""What an operator decides of deliveries that nobody knows the end of, that were only rehearsed, or that wait.

The only way out of UNKNOWN by hand.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from digest.mail.ledger import Status, move
from digest.models import Delivery
from subscriptions.services import forget_soft_bounces

IT_ARRIVED = "settled by staff: it arrived"
IT_DID_NOT = "queued again by staff: it did not arrive"
SENT_AGAIN = (Status.UNKNOWN, Status.REHEARSED)


def mark_arrived(*, delivery_ids: Sequence[UUID], now: datetime) -> int:
    """Move UNKNOWN deliveries to SENT, as of when they were handed over; others are left alone.

    Returns: how many were moved. A second call moves none.
    """
    sent_at = Coalesce(F("claimed_at"), Value(now))
    return _settle(delivery_ids, (Status.UNKNOWN,), to=Status.SENT, sent_at=sent_at, error=IT_ARRIVED)


def send_again(*, delivery_ids: Sequence[UUID]) -> int:
    """Move UNKNOWN and REHEARSED deliveries back to QUEUED, as if they had never been tried; others are left alone.

    Returns: how many were moved. A second call moves none.
    """
    anew = {"attempts": 0, "retry_at": None, "claimed_at": None, "error": IT_DID_NOT}
    return _settle(delivery_ids, SENT_AGAIN, to=Status.QUEUED, **anew)


def let_through(*, address_keys: Sequence[str], now: datetime) -> int:
    """Forget that mails to these addresses came back for now, and let what waits for them be tried at once.

    Returns: how many mails waited. A suppression stays: that is another word of staff.
    """
    with transaction.atomic():
        for key in address_keys:
            forget_soft_bounces(address_key=key, before=now)
        queued = Delivery.objects.filter(digest__subscriber__address_key__in=address_keys, status=Status.QUEUED)
        return queued.filter(retry_at__gt=now).update(retry_at=None)


def _settle(delivery_ids: Sequence[UUID], origins: Sequence[Status], *, to: Status, **fields: Any) -> int:
    return sum(move(delivery_id=pk, origin=origin, to=to, **fields) for pk in delivery_ids for origin in origins)
