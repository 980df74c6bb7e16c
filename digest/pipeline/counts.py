"""How much work there is today: numbers for the admin's first page.

Nothing is counted beyond COUNT_LIMIT, so that the page opens as fast with a million readers as with ten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from digest.models import Delivery, Digest
from digest.pipeline.health import ON_ITS_WAY
from subscriptions.models import OutgoingMail, Subscriber

COUNT_LIMIT = 1_000_000  # rows; so many index entries are counted in about a tenth of a second
TO_SEND = (OutgoingMail.Status.QUEUED, OutgoingMail.Status.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """Digests of a day by status, and the length of each queue, in words."""

    day: date
    digests: Mapping[str, str]
    queues: Mapping[str, str]


def day_counts(*, now: datetime) -> DayCounts:
    """Count the digests of the UTC day of `now`, and what waits at `now`. This function will write nothing."""
    of_today = Digest.objects.filter(digest_date=now.date())
    return DayCounts(
        day=now.date(),
        digests={str(status.label): _count(of_today.filter(status=status)) for status in Digest.Status},
        queues={
            "Readers who are due": _count(Subscriber.objects.due(now=now)),
            "Digests to build": _count(Digest.objects.filter(status=Digest.Status.PLANNED)),
            "Digests to mail": _count(Delivery.objects.filter(status__in=ON_ITS_WAY)),
            "Digests to settle by hand": _count(Delivery.objects.filter(status=Delivery.Status.UNKNOWN)),
            "Other mails to send": _count(OutgoingMail.objects.filter(status__in=TO_SEND)),
        },
    )


def _count(rows: QuerySet[Any]) -> str:
    counted = rows.values("pk")[:COUNT_LIMIT].count()
    return f"{counted:,} or more" if counted == COUNT_LIMIT else f"{counted:,}"
