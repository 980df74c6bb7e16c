"""Handing out all the mails that wait, page by page: the number of tasks grows with the readers, not their size.

One round at a time: a sweep begins one every few minutes, and finds the last one still under way on a big morning.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from digest.mail import brake
from digest.mail.counters import CountersGone, counters
from digest.mail.ledger import waiting_after
from digest.mail.route import Route
from digest.pipeline.clock import Clock, running_from

ROUND = "handing-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Mails to be handed out, when each was queued and its id, and whether there may be more that can leave."""

    mails: list[tuple[datetime, UUID]]
    more: bool


def begin() -> bool:
    """Tell whether a round may begin: none is under way, and the numbers of what may leave can be read."""
    try:
        return counters().begin(name=ROUND)
    except CountersGone:
        return False


def next_page(*, last: tuple[datetime, UUID] | None, now: datetime, limit: int) -> Page:
    """Find the mails behind the last one of the page before; say when the round is over.

    It is over, too, when no mail may leave at this moment: more tasks would wait for the same thing.
    """
    mails = waiting_after(last=last, now=now, limit=limit)
    more = len(mails) == limit and _can_leave(running_from(now))
    try:
        if more:
            counters().go_on(name=ROUND)
        else:
            counters().end(name=ROUND)
    except CountersGone:
        return Page(mails=mails, more=False)
    return Page(mails=mails, more=more)


def _can_leave(clock: Clock) -> bool:
    if brake.standing() is not None:
        return False
    with Route(clock=clock) as route:
        return route.turn() is not None
