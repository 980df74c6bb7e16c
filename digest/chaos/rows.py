"""What the ledger of the house says, read from its rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min

from digest.models import Delivery, Digest
from subscriptions.models import Subscriber

Status = Delivery.Status
ON_THE_WAY = (Status.QUEUED, Status.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How much waits: readers who are due, digests that are planned, mails on their way."""

    due: int
    planned: int
    moving: int

    @property
    def total(self) -> int:
        """Count all of it."""
        return self.due + self.planned + self.moving


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where one reader's digest of one day is; a status is empty where there is no delivery."""

    digest: str
    delivery_id: str = ""
    status: str = ""
    error: str = ""


def work(*, now: datetime, given_up: Collection[str]) -> Work:
    """Count what waits, without the mails of addresses that take none."""
    moving = Delivery.objects.filter(status__in=ON_THE_WAY).exclude(digest__subscriber__email__in=given_up)
    return Work(
        due=Subscriber.objects.due(now=now).count(),
        planned=Digest.objects.filter(status=Digest.Status.PLANNED).count(),
        moving=moving.count(),
    )


def next_due() -> datetime | None:
    """Find when the next reader is due."""
    first: datetime | None = Subscriber.objects.active().aggregate(first=Min("next_digest_at"))["first"]
    return first


def in_hand() -> set[str]:
    """List the addresses whose mails some worker is handing over now."""
    sending = Delivery.objects.filter(status=Status.SENDING)
    return set(sending.values_list("digest__subscriber__email", flat=True))


def ledger() -> dict[tuple[str, date], Row]:
    """Read every digest and its delivery, by address and local day."""
    names = ("subscriber__email", "digest_date", "status", "delivery__pk", "delivery__status", "delivery__error")
    return {
        (address, day): Row(digest=digest, delivery_id=str(pk or ""), status=status or "", error=error or "")
        for address, day, digest, pk, status, error in Digest.objects.values_list(*names)
    }
