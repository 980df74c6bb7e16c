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

from django.core.mail import EmailMessage
from django.db.models import F

from digest.mail import brake, content, ledger
from digest.mail.ledger import Status, expire, sweep_stuck, waiting
from digest.mail.outcome import Outcome, Verdict, without_addresses
from digest.mail.render import render_digest
from digest.mail.returned import note_refusal
from digest.mail.route import Route
from digest.mail.throttle import Why
from digest.models import Delivery
from digest.pipeline.clock import Clock, running_from

__all__ = ["DeliveryReport", "deliver", "expire", "sweep_stuck", "waiting"]

log = logging.getLogger(__name__)

CHUNK = 50  # deliveries whose papers are read at once
FIRST_RETRY = timedelta(minutes=1)  # doubled with every attempt, until the digest expires
LONGEST_RETRY = timedelta(hours=4)
PROVIDER_PAUSE = timedelta(minutes=3)
LONGEST_CALL = timedelta(minutes=2)  # what is left stays queued: well within a task's time when a provider is slow
TIME_IS_UP = "this call has taken its time"
NO_PAPERS_LEFT = "every paper was withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How many deliveries came to which end; `provider_down` when the rest was not tried for that reason.

    `held`: why the rest must wait although the provider is well, in words; empty when it need not.
    """

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: int = 0
    retried: int = 0
    rehearsed: int = 0
    expired: int = 0
    provider_down: bool = False
    held: str = ""

    @property
    def total(self) -> int:
        """Count the deliveries that were moved on."""
        moved = self.sent + self.failed + self.unknown + self.suppressed + self.retried
        return moved + self.rehearsed + self.expired


def deliver(
    *, delivery_ids: Sequence[UUID] | None, now: datetime, limit: int = 500, clock: Clock | None = None
) -> DeliveryReport:
    """Hand over the deliveries that are due, at most `limit`; all that wait, or only some.

    When no provider takes mails or may be given more, when the brake is on, or after LONGEST_CALL, the rest is left
    for the next call. The clock begins at `now` unless one is given.
    """
    clock = clock or running_from(now)
    until = clock.now() + LONGEST_CALL
    counts: Counter[str] = Counter()
    provider_down, held = False, ""
    with Route(clock=clock) as route:
        for loaded in _load(_fresh(delivery_ids, now, limit, counts)):
            held = _why_wait(route) if clock.now() < until else TIME_IS_UP
            if held:
                break
            outcome = _deliver_one(loaded, route, now, counts)
            provider_down = outcome is not None and outcome.verdict is Verdict.DOWN and not route.has_another
            if provider_down:
                log.error("The mail provider takes no mail, so the rest waits")
                break
    return DeliveryReport(**dict(counts), provider_down=provider_down, held=held)


def _fresh(delivery_ids: Sequence[UUID] | None, now: datetime, limit: int, counts: Counter[str]) -> Sequence[UUID]:
    """Find what may be tried now, and drop what comes too late."""
    due = waiting(now=now, limit=limit, among=delivery_ids)
    counts["expired"] = expire(now=now, among=due)
    return waiting(now=now, limit=limit, among=due) if counts["expired"] else due


def _load(delivery_ids: Sequence[UUID]) -> Iterator[content.Loaded]:
    """Read the mails chunk by chunk, until the brake is on."""
    for start in range(0, len(delivery_ids), CHUNK):
        if brake.standing() is not None:
            return
        yield from content.load(delivery_ids=delivery_ids[start : start + CHUNK])


def _why_wait(route: Route) -> str:
    """Get a turn for the next mail; say why there is none, here and in the log."""
    if route.turn() is not None or route.held is None:
        return ""
    why, wait_s = route.held.why, route.held.wait_s
    log.log(logging.ERROR if why is Why.GONE else logging.INFO, "Mails wait: %s (%.0f s)", why.value, wait_s)
    return why.value


def _deliver_one(loaded: content.Loaded, route: Route, now: datetime, counts: Counter[str]) -> Outcome | None:
    """Write the mail, claim it, hand it over, write down what came of it: nothing is claimed that cannot be sent."""
    delivery_id = loaded.delivery.pk
    if loaded.is_bare:
        counts["suppressed"] += _suppress(delivery_id, NO_PAPERS_LEFT)
        return None
    message = _write(loaded, counts)
    if message is None:
        return None
    if not ledger.claim(delivery_id=delivery_id, provider=route.provider.name[:32], now=now):
        counts.update(_not_claimed(delivery_id, now))
        return None
    outcome = route.hand_over(message=message)
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
    if outcome.verdict is Verdict.REHEARSED:
        _end(delivery, Status.REHEARSED, error=outcome.reason)
        return "rehearsed"
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
        if (origin, to) in ledger.MOVES and ledger.move(delivery_id=delivery.pk, origin=origin, to=to, **fields):
            return
    log.warning("Delivery %s was settled before it could be written down as %s", delivery.pk, to)
