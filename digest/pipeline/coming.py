"""The coming days of a reader: on which a digest is planned, on which none, and what arXiv announces for each.

In: a reader and a moment. Out: one ComingDay a day. Nothing is written, and nothing is promised: `plan` decides when
the hour has come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from digest.pipeline.plan import HORIZON_DAYS
from digest.sources._calendar import announces_on_evening_of, evenings_between, holiday_of
from subscriptions import schedule
from subscriptions.models import Subscriber

DAYS_AHEAD = 28
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a day brings; PASSED is today after its hour."""

    DIGEST = "digest"
    PASSED = "passed"
    PAUSED = "paused"
    NOT_CHOSEN = "not_chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingDay:
    """One of the reader's own days; `at` is when its digest comes (UTC).

    `evenings` are those of arXiv's announcements that this digest would bring, `quiet` those without one.
    """

    day: date
    kind: DayKind
    at: datetime | None = None
    evenings: tuple[date, ...] = ()
    quiet: tuple[date, ...] = ()

    @property
    def holidays(self) -> tuple[str, ...]:
        """Name the holidays among the quiet evenings, in order."""
        return tuple(filter(None, (holiday_of(evening=evening) for evening in self.quiet)))


def coming_days(*, reader: Subscriber, now: datetime, days: int = DAYS_AHEAD) -> Iterator[ComingDay]:
    """Tell of each of the next days, today first, what a reader gets if nothing is changed until then."""
    today = schedule.local_day(at=now, timezone=reader.timezone)
    slots = _slots(reader, now, last_day=today + days * ONE_DAY)
    since = reader.digested_until
    for day in (today + n * ONE_DAY for n in range(days)):
        at = slots.get(day)
        if at is None:
            yield ComingDay(day=day, kind=_without_digest(reader, day))
            continue
        horizon = at - HORIZON_DAYS * ONE_DAY
        evenings = evenings_between(after=max(since or horizon, horizon), until=at)
        announced = tuple(each for each in evenings if announces_on_evening_of(day=each))
        quiet = tuple(each for each in evenings if each not in announced)
        yield ComingDay(day=day, kind=DayKind.DIGEST, at=at, evenings=announced, quiet=quiet)
        since = at


def _slots(reader: Subscriber, now: datetime, *, last_day: date) -> dict[date, datetime]:
    """Find when the digest of each day comes, from the one that is planned next on."""
    found: dict[date, datetime] = {}
    days = schedule.delivery_days(cadence=reader.cadence, weekdays=reader.weekdays)
    at = reader.next_digest_at
    while at is not None:
        day = schedule.local_day(at=at, timezone=reader.timezone)
        if day >= last_day:
            break
        found[max(day, schedule.local_day(at=now, timezone=reader.timezone))] = at
        at = schedule.next_slot(after=max(at, now), timezone=reader.timezone, hour=reader.hour, days=days)
    return found


def _without_digest(reader: Subscriber, day: date) -> DayKind:
    if reader.is_paused(on=day):
        return DayKind.PAUSED
    days = schedule.delivery_days(cadence=reader.cadence, weekdays=reader.weekdays)
    return DayKind.PASSED if day.weekday() in days else DayKind.NOT_CHOSEN
