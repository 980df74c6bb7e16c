"""When a reader's mail is due: a zone, an hour and some weekdays -> moments in UTC. Pure: no clock, no database.

A slot belongs to one local day. Where clocks are put forward over the reader's hour, it is the first moment after
the gap; where an hour comes twice, its first coming. A day that a zone left out altogether has no slot.
"""

import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

EVERY_DAY = frozenset(range(7))
MONDAY_TO_FRIDAY = frozenset(range(5))
MONDAY = 0
LONGEST_WAIT_DAYS = 16  # one chosen weekday, twice in a row left out by its zone
ONE_DAY = timedelta(days=1)


def delivery_days(*, cadence: str, weekdays: Sequence[int]) -> frozenset[int]:
    """Name the weekdays on which there is mail; Monday is 0. Never empty."""
    chosen = frozenset(weekdays)
    if cadence == "weekdays":
        return MONDAY_TO_FRIDAY
    if cadence == "weekly":
        return frozenset({min(chosen, default=MONDAY)})
    return chosen or EVERY_DAY


def next_slot(*, after: datetime, timezone: str, hour: int, days: frozenset[int]) -> datetime:
    """Find the first slot strictly after a moment, in UTC.

    Raises: ValueError when `days` names no weekday; ZoneInfoNotFoundError when the zone is unknown.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    # A slot moved by a change of the clocks can lie a day off the calendar: start a day early.
    first = after.astimezone(zone).date() - ONE_DAY
    calendar = (first + timedelta(days=n) for n in range(LONGEST_WAIT_DAYS + 2))
    return _first(slot for slot in _slots(calendar, zone, hour, days) if slot > after)


def previous_slot(*, until: datetime, timezone: str, hour: int, days: frozenset[int]) -> datetime:
    """Find the latest slot that is not after a moment, in UTC.

    Raises: ValueError when `days` names no weekday; ZoneInfoNotFoundError when the zone is unknown.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    last = until.astimezone(zone).date() + ONE_DAY
    calendar = (last - timedelta(days=n) for n in range(LONGEST_WAIT_DAYS + 2))
    return _first(slot for slot in _slots(calendar, zone, hour, days) if slot <= until)


def local_day(*, at: datetime, timezone: str) -> date:
    """Name the day that it is in a zone at a moment."""
    return at.astimezone(zoneinfo.ZoneInfo(timezone)).date()


def day_begins(*, day: date, timezone: str) -> datetime:
    """Find the first moment of a local day, in UTC; of a day that the zone left out, the moment it was left out."""
    zone = zoneinfo.ZoneInfo(timezone)
    midnight = datetime.combine(day, time(), tzinfo=zone)
    return _end_of_gap(midnight) if _is_skipped(midnight) else midnight.astimezone(UTC)


def is_zone(name: str) -> bool:
    """Tell whether a name is in the time zone database."""
    return name in _zone_names()


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _first(slots: Iterator[datetime]) -> datetime:
    for slot in slots:
        return slot
    raise ValueError("No weekday was chosen, so there is no slot")


def _slots(calendar: Iterable[date], zone: zoneinfo.ZoneInfo, hour: int, days: frozenset[int]) -> Iterator[datetime]:
    for day in calendar:
        slot = _slot_of(day, zone, hour) if day.weekday() in days else None
        if slot is not None:
            yield slot


def _slot_of(day: date, zone: zoneinfo.ZoneInfo, hour: int) -> datetime | None:
    wanted = datetime.combine(day, time(hour), tzinfo=zone)  # fold=0: of an hour that comes twice, the first
    if not _is_skipped(wanted):
        return wanted.astimezone(UTC)
    after_gap = _end_of_gap(wanted)
    if after_gap.astimezone(zone).date() == day:
        return after_gap
    # The gap reaches into the next day, whose own slot must stay its only one: this day's last hour, if it has any.
    last_hour = after_gap - timedelta(hours=1)
    return last_hour if last_hour.astimezone(zone).date() == day else None


def _is_skipped(wanted: datetime) -> bool:
    there_and_back = wanted.astimezone(UTC).astimezone(wanted.tzinfo)
    return there_and_back.replace(tzinfo=None) != wanted.replace(tzinfo=None)


def _end_of_gap(skipped: datetime) -> datetime:
    """Find the moment at which the clocks were put forward over a local time that never was, to the second."""
    # PEP 495: in a gap, fold=0 reads the clock as before the change and fold=1 as after it.
    before, after = skipped.replace(fold=1).astimezone(UTC), skipped.replace(fold=0).astimezone(UTC)
    old_offset = before.astimezone(skipped.tzinfo).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(skipped.tzinfo).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after
