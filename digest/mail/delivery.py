"""Queued deliveries -> the provider, each at most once; what came of each is written before the next is touched.

Safe to run in any number of workers, and to be killed at any moment: see the table of moves in ledger.py.
"""

import logging
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from digest.mail import content, ledger
from digest.mail.ledger import Status, expire, sweep_stuck, waiting
from digest.mail.outcome import Outcome, Verdict, without_addresses
from digest.mail.render import render_digest
from digest.mail.returned import note_refusal
from digest.mail.wire import Wire
from digest.models import Delivery

__all__ = ["DeliveryReport", "deliver", "expire", "sweep_stuck", "waiting"]

log = logging.getLogger(__name__)

CHUNK = 50  # deliveries whose papers are read at once
FIRST_RETRY = timedelta(minutes=1)  # doubled with every attempt, until the digest expires
LONGEST_RETRY = timedelta(hours=4)
PROVIDER_PAUSE = timedelta(minutes=3)
NO_PAPERS_LEFT = "every paper was withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How many deliveries came to which end; `provider_down` when the rest was not tried for that reason."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: int = 0
    retried: int = 0
    expired: int = 0
    provider_down: bool = False

    @property
    def total(self) -> int:
        """Count the deliveries that were moved on."""
        return self.sent + self.failed + self.unknown + self.suppressed + self.retried + self.expired


def deliver(*, delivery_ids: Sequence[UUID] | None, now: datetime, limit: int = 500) -> DeliveryReport:
    """Hand over the deliveries that are due, at most `limit`, over one connection; all that wait, or only some.

    When the provider takes no mail at all, the rest is left for the next call.
    """
    counts: Counter[str] = Counter()
    provider_down = False
    with Wire() as wire:
        for loaded in _load(_fresh(delivery_ids, now, limit, counts)):
            outcome = _deliver_one(loaded, wire, now, counts)
            provider_down = outcome is not None and outcome.verdict is Verdict.DOWN
            if provider_down:
                log.error("The mail provider takes no mail, so the rest waits")
                break
    return DeliveryReport(**dict(counts), provider_down=provider_down)


def _fresh(delivery_ids: Sequence[UUID] | None, now: datetime, limit: int, counts: Counter[str]) -> Sequence[UUID]:
    """Find what may be tried now, and drop what comes too late."""
    due = waiting(now=now, limit=limit, among=delivery_ids)
    counts["expired"] = expire(now=now, among=due)
    return waiting(now=now, limit=limit, among=due) if counts["expired"] else due


def _load(delivery_ids: Sequence[UUID]) -> Iterator[content.Loaded]:
    for start in range(0, len(delivery_ids), CHUNK):
        yield from content.load(delivery_ids=delivery_ids[start : start + CHUNK])


def _deliver_one(loaded: content.Loaded, wire: Wire, now: datetime, counts: Counter[str]) -> Outcome | None:
    """Write the mail, claim it, hand it over, write down what came of it: nothing is claimed that cannot be sent."""
    delivery_id = loaded.delivery.pk
    if loaded.is_bare:
        counts["suppressed"] += _suppress(delivery_id, NO_PAPERS_LEFT)
        return None
    message = _write(loaded, counts)
    if message is None:
        return None
    if not ledger.claim(delivery_id=delivery_id, provider=settings.EMAIL_PROVIDER[:32], now=now):
        counts.update(_not_claimed(delivery_id, now))
        return None
    outcome = wire.hand_over(message=message)
    counts[_settle(loaded.delivery, outcome, now)] += 1
    return outcome


def _write(loaded: content.Loaded, counts: Counter[str]) -> EmailMessage | None:
    try:
        return render_digest(digest=content.to_digest(loaded=loaded))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one digest, the others are sent
        reason = f"the mail could not be written: {type(error).__name__}"
        log.error("Delivery %s: %s", loaded.delivery.pk, reason)  # noqa: TRY400 - a traceback could name the reader
        error_words = without_addresses(text=f"{reason}: {error}")
        failed = ledger.move(delivery_id=loaded.delivery.pk, origin=Status.QUEUED, to=Status.FAILED, error=error_words)
        counts["failed"] += failed
        return None


def _not_claimed(delivery_id: UUID, now: datetime) -> dict[str, int]:
    """Write down why a delivery could not be claimed, and count it; not if another worker was faster."""
    reason = ledger.why_not_mailable(delivery_id=delivery_id)
    if reason:
        return {"suppressed": _suppress(delivery_id, reason)}
    return {"retried": ledger.put_off(delivery_id=delivery_id, now=now)}


def _suppress(delivery_id: UUID, reason: str) -> bool:
    return ledger.move(delivery_id=delivery_id, origin=Status.QUEUED, to=Status.SUPPRESSED, error=reason)


def _settle(delivery: Delivery, outcome: Outcome, now: datetime) -> str:
    """Write an outcome down. Returns: the field of the report in which it counts."""
    if outcome.verdict is Verdict.SENT:
        _end(delivery, Status.SENT, sent_at=now, provider_message_id=outcome.message_id[:200], error="")
        return "sent"
    log.warning("Delivery %s: %s: %s", delivery.pk, outcome.verdict.name.lower(), outcome.reason)
    if outcome.verdict is Verdict.LOST:
        ledger.move(delivery_id=delivery.pk, origin=Status.SENDING, to=Status.UNKNOWN, error=outcome.reason)
        return "unknown"
    if outcome.verdict is Verdict.REFUSED:
        _end(delivery, Status.FAILED, error=outcome.reason)
        note_refusal(delivery=delivery, outcome=outcome, now=now)
        return "failed"
    return _try_again(delivery, outcome, now)


def _try_again(delivery: Delivery, outcome: Outcome, now: datetime) -> str:
    """Queue a mail again that was not taken; the ledger drops it when its reader's next digest is due."""
    attempts = delivery.attempts + 1
    if outcome.verdict is Verdict.DOWN:  # the provider's fault, so it costs the mail no attempt
        again = {"retry_at": now + PROVIDER_PAUSE, "attempts": F("attempts") - 1}
    else:
        again = {"retry_at": now + retry_delay(delivery_id=delivery.pk, attempts=attempts)}
    ledger.move(delivery_id=delivery.pk, origin=Status.SENDING, to=Status.QUEUED, error=outcome.reason, **again)
    return "retried"


def retry_delay(*, delivery_id: UUID, attempts: int) -> timedelta:
    """Decide how long to wait after so many attempts: doubled up to a limit, up to half longer by the id."""
    longer = 1 + (delivery_id.int % 512) / 1024
    return min(FIRST_RETRY * math.pow(2, min(attempts, 12) - 1), LONGEST_RETRY) * longer


def _end(delivery: Delivery, to: Delivery.Status, **fields: object) -> None:
    """Settle a delivery, also one that a sweeper thought lost in the meantime: now we know."""
    for origin in (Status.SENDING, Status.UNKNOWN):
        if ledger.move(delivery_id=delivery.pk, origin=origin, to=to, **fields):
            return
    log.warning("Delivery %s was settled before it could be written down as %s", delivery.pk, to)
