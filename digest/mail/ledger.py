"""Where each delivery is, and how it may move on: the one table of moves, and the conditional UPDATEs that make them.

A move is a filtered UPDATE whose count must be 1: of any number of workers, one makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Left

from digest.models import Delivery, DeliveryEvent, Digest
from subscriptions.models import SoftBounce, Subscriber, Suppression

KEEPS_FRESH = timedelta(hours=20)  # for a daily reader the next digest is due in 24
CLAIM_TIMEOUT = timedelta(minutes=15)  # three times what a task may run: then its worker is dead
Status = Delivery.Status

MOVES = {
    (Status.QUEUED, Status.SENDING): "one worker has claimed it; committed before the provider is called",
    (Status.QUEUED, Status.SUPPRESSED): "the reader left, paused or must not be mailed, or no paper is left to send",
    (Status.QUEUED, Status.FAILED): "the mail cannot be written: trying again cannot help, and only this digest pays",
    (Status.QUEUED, Status.EXPIRED): "it could not be sent before the reader's next digest",
    (Status.SENDING, Status.SENT): "the provider accepted it",
    (Status.SENDING, Status.FAILED): "the provider refused it for good",
    (Status.SENDING, Status.QUEUED): "the provider refused it for now, so a second try is no second mail",
    (Status.SENDING, Status.UNKNOWN): "no answer came after the hand-over, or the worker died: it may have left",
    (Status.SENDING, Status.REHEARSED): "a dry run: it was written, and handed to nobody",
    (Status.REHEARSED, Status.QUEUED): "an operator ends the rehearsal: a mail that never left cannot come twice",
    (Status.UNKNOWN, Status.SENT): "an event, or the late answer of a worker thought dead, says that it left",
    (Status.UNKNOWN, Status.FAILED): "an event, or the late answer of a worker thought dead, says that it did not",
    (Status.UNKNOWN, Status.QUEUED): "an operator has found out that it did not arrive, and answers for a second mail",
    (Status.SENT, Status.FAILED): "the receiving server refused what the provider had accepted",
}
"""From where to where, and why. What is not here does not happen: above all, UNKNOWN is never sent again by itself."""

ACCEPTED_EVENTS = ("queued", "sent", "delivered", "deferred", "complained")
"""Events that prove that the provider had the mail."""

COUNTED = (Status.SENDING, Status.SENT, Status.FAILED, Status.UNKNOWN)
OLDEST_ON_ITS_WAY = timedelta(days=2)  # a mail is given up sooner; the index by age keeps the count short


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """How many deliveries in doubt have left after all, and of how many nobody knows."""

    sent: int
    unknown: int


def waiting(*, now: datetime, limit: int, among: Sequence[UUID] | None = None) -> list[UUID]:
    """Find deliveries that may be tried now, the oldest first; only those `among` some, if given."""
    queued = Delivery.objects.filter(_due(now), status=Status.QUEUED)
    if among is not None:
        queued = queued.filter(pk__in=among)
    return list(queued.order_by("created_at", "pk").values_list("pk", flat=True)[:limit])


def waiting_after(*, last: tuple[datetime, UUID] | None, now: datetime, limit: int) -> list[tuple[datetime, UUID]]:
    """Find a page of all that may be tried now, the oldest first, beginning behind the `last` one of the page before.

    Returns: when each was queued, and its id.
    """
    queued = Delivery.objects.filter(_due(now), status=Status.QUEUED)
    if last is not None:
        queued = queued.filter(Q(created_at__gt=last[0]) | Q(created_at=last[0], pk__gt=last[1]))
    return list(queued.order_by("created_at", "pk").values_list("created_at", "pk")[:limit])


def expire(*, now: datetime, among: Sequence[UUID] | None = None) -> int:
    """Drop what could not be sent in time, and tell how many: nobody gets yesterday's digest beside today's.

    Of all that waits, what is too old; of those `among` some, also what the reader's next digest has
    overtaken.
    """
    queued, is_old = Delivery.objects.filter(status=Status.QUEUED), Q(created_at__lte=now - KEEPS_FRESH)
    late = queued.filter(is_old)
    if among is not None:
        late = queued.filter(is_old | Q(Exists(_overtaken())), pk__in=among)
    error = Left(Concat(Value("too late to send. "), F("error")), 500)
    return late.update(status=Status.EXPIRED, error=error)


def claim(*, delivery_id: UUID, provider: str, now: datetime) -> bool:
    """Take a delivery for this worker, if its reader may be mailed at this very moment. Committed on return."""
    with transaction.atomic(durable=True):
        fields = claim_fields(provider=provider, now=now)
        return claimable(delivery_id=delivery_id, now=now).update(**fields) == 1


def claimable(*, delivery_id: UUID, now: datetime) -> QuerySet[Delivery]:
    """Find a delivery if it may be claimed now: the one place for the conditions.

    All stand in the UPDATE itself: between a check and a claim a reader could leave. Those on the row must not move
    into a subquery: PostgreSQL looks at them again when another worker was faster.
    """
    return Delivery.objects.filter(_due(now), Exists(_mailable_digest(now)), pk=delivery_id, status=Status.QUEUED)


def claim_fields(*, provider: str, now: datetime) -> dict[str, Any]:
    """List what a claim writes."""
    return {"status": Status.SENDING, "claimed_at": now, "attempts": F("attempts") + 1, "provider": provider}


def sent_fields(*, message_id: str, now: datetime) -> dict[str, Any]:
    """List what is written of a mail that the provider has accepted, beside its status."""
    return {"sent_at": now, "provider_message_id": message_id[:200], "error": ""}


def move(*, delivery_id: UUID, origin: Delivery.Status, to: Delivery.Status, **fields: Any) -> bool:
    """Move a delivery on, if it is where the caller thinks it is, and tell whether it was.

    Raises: KeyError when the table allows no such move.
    """
    _ = MOVES[origin, to]
    return Delivery.objects.filter(pk=delivery_id, status=origin).update(status=to, **fields) == 1


def why_not_mailable(*, delivery_id: UUID) -> str:
    """Say why the reader of a delivery must not be mailed now; empty when they may, or when the delivery is gone."""
    row = Delivery.objects.select_related("digest__subscriber").filter(pk=delivery_id).first()
    if row is None:
        return ""  # its reader was erased a moment ago, and it with them
    reader = row.digest.subscriber
    if reader.status != Subscriber.Status.ACTIVE:
        return f"the reader is {reader.get_status_display().lower()}"
    if reader.is_paused(on=row.digest.digest_date):
        return "the reader asked for a pause"
    stopped = Suppression.objects.standing().filter(address_key=reader.address_key).first()
    return f"the address is suppressed: {stopped.get_reason_display().lower()}" if stopped else ""


def put_off(*, delivery_id: UUID, now: datetime) -> bool:
    """Let a delivery wait as long as its reader's address does after soft bounces, and tell whether it has to."""
    key = Subscriber.objects.filter(digests__delivery=delivery_id).values("address_key")[:1]
    row = SoftBounce.objects.waiting(now=now).filter(address_key=Subquery(key)).first()
    if row is None:
        return False
    mine = Delivery.objects.filter(pk=delivery_id, status=Status.QUEUED)
    return mine.update(retry_at=row.waits_until, error="mails to the address came back for now, so it waits") == 1


def sweep_stuck(*, now: datetime) -> SweepReport:
    """Settle deliveries whose worker died while sending, or heard no answer.

    Those of which the provider has told us something since they were claimed have left; nobody knows of the others.
    An event may be quicker than the worker that waits for an answer in vain, so UNKNOWN ones are looked at too.
    """
    stuck = Q(status=Status.SENDING, claimed_at__lt=now - CLAIM_TIMEOUT)
    events = DeliveryEvent.objects.filter(kind__in=ACCEPTED_EVENTS, received_at__gte=OuterRef("claimed_at"))
    told = Exists(events.filter(delivery=OuterRef("pk")))
    in_doubt = Delivery.objects.filter(stuck | Q(status=Status.UNKNOWN))
    sent = in_doubt.filter(told).update(status=Status.SENT, sent_at=F("claimed_at"), error="")
    lost = Delivery.objects.filter(stuck)
    unknown = lost.update(status=Status.UNKNOWN, error="its worker died while sending: it may have left")
    return SweepReport(sent=sent, unknown=unknown)


def handed_over(*, day: date) -> dict[str, int]:
    """Count the mails that were given to each provider in a UTC day, or may have been: every claim but a rehearsal."""
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    of_day = Q(claimed_at__gte=midnight, claimed_at__lt=midnight + timedelta(days=1))
    recent = Delivery.objects.filter(of_day, status__in=COUNTED, created_at__gt=midnight - OLDEST_ON_ITS_WAY)
    return dict(recent.values("provider").annotate(n=Count("pk")).values_list("provider", "n"))


def _due(now: datetime) -> Q:
    return Q(retry_at__isnull=True) | Q(retry_at__lte=now)


def _overtaken() -> QuerySet[Digest]:
    """Find a delivery's digest whose reader has a newer one."""
    newer = Digest.objects.filter(subscriber=OuterRef("subscriber"), digest_date__gt=OuterRef("digest_date"))
    return Digest.objects.filter(Exists(newer), pk=OuterRef("digest_id"))


def _mailable_digest(now: datetime) -> QuerySet[Digest]:
    key = OuterRef("subscriber__address_key")
    stopped = Suppression.objects.standing().filter(address_key=key)
    waits = SoftBounce.objects.waiting(now=now).filter(address_key=key)
    unpaused = Q(subscriber__paused_until__isnull=True) | Q(subscriber__paused_until__lte=F("digest_date"))
    digests = Digest.objects.filter(unpaused, pk=OuterRef("digest_id"), subscriber__status=Subscriber.Status.ACTIVE)
    return digests.exclude(Exists(stopped)).exclude(Exists(waits))
