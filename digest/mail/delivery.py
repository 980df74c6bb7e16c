"""Queued deliveries -> the provider, each at most once; what came of each is written before the next is touched.

Safe to run in any number of workers, and to be killed at any moment: see the table of moves in ledger.py.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from uuid import UUID

from digest.mail.lanes import Lanes
from digest.mail.ledger import expire, sweep_stuck, waiting, waiting_after
from digest.mail.route import Route
from digest.mail.sender import Sender
from digest.mail.wire import Wires
from digest.pipeline.clock import Clock, running_from

__all__ = ["DeliveryReport", "deliver", "expire", "sweep_stuck", "waiting", "waiting_after"]

LONGEST_CALL = timedelta(minutes=2)  # what is left stays queued: well within a task's time when a provider is slow


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
    *,
    delivery_ids: Sequence[UUID] | None,
    now: datetime,
    limit: int = 500,
    clock: Clock | None = None,
    lanes: "Lanes[Sender] | None" = None,
) -> DeliveryReport:
    """Hand over the deliveries that are due, at most `limit`; all that wait, or only some.

    When no provider takes mails or may be given more, when the brake is on, or after LONGEST_CALL, the rest is left
    for the next call. The clock begins at `now` unless one is given. With `lanes` they are shared out among them.
    """
    clock = clock or running_from(now)
    counts: Counter[str] = Counter()
    due, stop = _fresh(delivery_ids, now, limit, counts), Event()
    send = partial(_send, now=now, clock=clock, until=clock.now() + LONGEST_CALL, stop=stop)
    if lanes is None:
        senders = [send(due, None)]
    else:
        senders = lanes.run([partial(send, share) for share in _shares(due, lanes.number)], stop=stop)
    for sender in senders:
        counts += sender.counts
    provider_down = any(sender.provider_down for sender in senders)
    held = next((sender.held for sender in senders if sender.held), "")
    return DeliveryReport(**dict(counts), provider_down=provider_down, held=held)


def _send(
    delivery_ids: Sequence[UUID], wires: Wires | None, *, now: datetime, clock: Clock, until: datetime, stop: Event
) -> Sender:
    """Be one lane."""
    with Route(clock=clock, wires=wires) as route:
        sender = Sender(route=route, now=now, until=until, stop=stop)
        sender.send(delivery_ids)
    return sender


def _shares(delivery_ids: Sequence[UUID], number: int) -> list[Sequence[UUID]]:
    """Share some out, the oldest first in each share."""
    return [delivery_ids[place::number] for place in range(min(number, len(delivery_ids)))]


def _fresh(delivery_ids: Sequence[UUID] | None, now: datetime, limit: int, counts: Counter[str]) -> Sequence[UUID]:
    """Find what may be tried now, and drop what comes too late."""
    due = waiting(now=now, limit=limit, among=delivery_ids)
    counts["expired"] = expire(now=now, among=due)
    return waiting(now=now, limit=limit, among=due) if counts["expired"] else due
