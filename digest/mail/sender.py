"""One lane of a call: reads its mails chunk by chunk, writes them, and takes them from one state to the next."""

import logging
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

from django.core.mail import EmailMessage
from django.db.models import F

from digest.mail import brake, content, ledger
from digest.mail.ledger import Status
from digest.mail.outcome import Outcome, Verdict, without_addresses
from digest.mail.render import render_digest
from digest.mail.returned import note_refusal
from digest.mail.route import Route
from digest.mail.step import Accepted, step
from digest.mail.throttle import Why
from digest.models import Delivery

log = logging.getLogger(__name__)

CHUNK = 50  # deliveries whose papers are read, and whose mails are written, at once
FIRST_RETRY = timedelta(minutes=1)  # doubled with every attempt, until the digest expires
LONGEST_RETRY = timedelta(hours=4)
PROVIDER_PAUSE = timedelta(minutes=3)
TIME_IS_UP = "this call has taken its time"
NO_PAPERS_LEFT = "every paper was withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A delivery and its mail."""

    delivery: Delivery
    message: EmailMessage


class Sender:
    """Hands mails over one by one.

    That one was accepted is written together with the claim of the next, in one commit, or before anything that
    takes longer: a pause, a turn that has to be asked for, the next chunk.
    """

    def __init__(self, *, route: Route, now: datetime, until: datetime, stop: Event) -> None:
        """Work at `now` and until `until` on the route's clock, or until `stop` is set."""
        self.route, self.now, self.until, self.stop = route, now, until, stop
        self.counts: Counter[str] = Counter()
        self.provider_down, self.held = False, ""
        self.accepted: Accepted | None = None

    def send(self, delivery_ids: Sequence[UUID]) -> None:
        """Hand over as many as may be; the others stay queued."""
        try:
            for start in range(0, len(delivery_ids), CHUNK):
                if brake.standing() is not None or not self._send_chunk(delivery_ids[start : start + CHUNK]):
                    return
        finally:
            self._settle_accepted()

    def _send_chunk(self, delivery_ids: Sequence[UUID]) -> bool:
        """Tell whether the next chunk may be sent, too."""
        for written in self._write_all(delivery_ids):
            if not self._may_go_on():
                return False
            self._send_one(written)
            if self.provider_down:
                log.error("The mail provider takes no mail, so the rest waits")
                return False
        self._settle_accepted()
        return True

    def _write_all(self, delivery_ids: Sequence[UUID]) -> list[Written]:
        """Write the mails before the first is claimed: nothing is claimed that cannot be sent at once."""
        written = []
        for loaded in content.load(delivery_ids=delivery_ids):
            if loaded.is_bare:
                self.counts["suppressed"] += _suppress(loaded.delivery.pk, NO_PAPERS_LEFT)
            elif (message := self._write(loaded)) is not None:
                written.append(Written(delivery=loaded.delivery, message=message))
        return written

    def _write(self, loaded: content.Loaded) -> EmailMessage | None:
        try:
            return render_digest(digest=content.to_digest(loaded=loaded))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one digest, the others are sent
            reason = f"the mail could not be written: {type(error).__name__}"
            log.error("Delivery %s: %s", loaded.delivery.pk, reason)  # noqa: TRY400 - a traceback could name the reader
            words = without_addresses(text=f"{reason}: {error}")
            moved = ledger.move(delivery_id=loaded.delivery.pk, origin=Status.QUEUED, to=Status.FAILED, error=words)
            self.counts["failed"] += moved
            return None

    def _may_go_on(self) -> bool:
        """Get a turn for the next mail; say why there is none."""
        if self.stop.is_set() or self.route.clock.now() >= self.until:
            self.held = TIME_IS_UP
            return False
        if self.route.must_ask:
            self._settle_accepted()
        self.held = _why_wait(self.route)
        return not self.held

    def _send_one(self, written: Written) -> None:
        """Claim a mail, hand it over, write down what came of it."""
        delivery = written.delivery
        if not self._claim(delivery.pk):
            self.counts.update(_not_claimed(delivery.pk, self.now))
            return
        outcome = self.route.hand_over(message=written.message)
        if outcome.verdict is Verdict.SENT:
            self.accepted = Accepted(delivery_id=delivery.pk, message_id=outcome.message_id)
            self.counts["sent"] += 1
            return
        self.counts[_settle(delivery, outcome, self.now)] += 1
        self.provider_down = outcome.verdict is Verdict.DOWN and not self.route.has_another

    def _claim(self, delivery_id: UUID) -> bool:
        provider = self.route.provider.name[:32]
        done = step(accepted=self.accepted, next_id=delivery_id, provider=provider, now=self.now)
        if done.settled:
            self.accepted = None
        self._settle_accepted()  # a sweeper thought it lost
        return done.claimed

    def _settle_accepted(self) -> None:
        """Write down that the last mail was accepted, if that is still to be done."""
        accepted, self.accepted = self.accepted, None
        if accepted is not None:
            fields = ledger.sent_fields(message_id=accepted.message_id, now=self.now)
            _end(accepted.delivery_id, Status.SENT, **fields)


def _why_wait(route: Route) -> str:
    """Get a turn for the next mail; say why there is none, here and in the log."""
    if route.turn() is not None or route.held is None:
        return ""
    why, wait_s = route.held.why, route.held.wait_s
    log.log(logging.ERROR if why is Why.GONE else logging.INFO, "Mails wait: %s (%.0f s)", why.value, wait_s)
    return why.value


def _not_claimed(delivery_id: UUID, now: datetime) -> dict[str, int]:
    """Write down why a delivery could not be claimed, and count it; not if another worker was faster."""
    reason = ledger.why_not_mailable(delivery_id=delivery_id)
    if reason:
        return {"suppressed": _suppress(delivery_id, reason)}
    return {"retried": ledger.put_off(delivery_id=delivery_id, now=now)}


def _suppress(delivery_id: UUID, reason: str) -> bool:
    return ledger.move(delivery_id=delivery_id, origin=Status.QUEUED, to=Status.SUPPRESSED, error=reason)


def _settle(delivery: Delivery, outcome: Outcome, now: datetime) -> str:
    """Write down an outcome that is not SENT. Returns: the field of the report in which it counts."""
    if outcome.verdict is Verdict.REHEARSED:
        _end(delivery.pk, Status.REHEARSED, error=outcome.reason)
        return "rehearsed"
    log.warning("Delivery %s: %s: %s", delivery.pk, outcome.verdict.name.lower(), outcome.reason)
    if outcome.verdict is Verdict.LOST:
        ledger.move(delivery_id=delivery.pk, origin=Status.SENDING, to=Status.UNKNOWN, error=outcome.reason)
        return "unknown"
    if outcome.verdict is Verdict.REFUSED:
        _end(delivery.pk, Status.FAILED, error=outcome.reason)
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


def _end(delivery_id: UUID, to: Delivery.Status, **fields: object) -> None:
    """Settle a delivery, also one that a sweeper thought lost in the meantime: now we know."""
    for origin in (Status.SENDING, Status.UNKNOWN):
        if (origin, to) in ledger.MOVES and ledger.move(delivery_id=delivery_id, origin=origin, to=to, **fields):
            return
    log.warning("Delivery %s was settled before it could be written down as %s", delivery_id, to)
