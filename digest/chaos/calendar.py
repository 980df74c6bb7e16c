"""When readers are due around a change of the clocks, worked out anew: the judge must not ask the planner.

Pure: what a reader's clock shows is read off a grid of quarters of an hour.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
ONE_DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=2)
CHANGES = (
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Europe puts its clocks back
    datetime(2027, 3, 28, 1, tzinfo=UTC),  # ... and forward
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York puts its clocks back
    datetime(2027, 3, 14, 7, tzinfo=UTC),  # ... and forward
)
ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "UTC",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Two days around a change of the clocks: when each begins to be played and until when, in UTC."""

    change: datetime

    @property
    def begins(self) -> tuple[datetime, datetime]:
        """Begin before the first slot of each day: the earliest lies an hour and a half before the change's hour."""
        first = self.change - ONE_DAY - timedelta(minutes=110)
        return first, first + ONE_DAY

    @property
    def ends(self) -> tuple[datetime, datetime]:
        """End after the last slot of each day: where clocks are put back, it comes an hour later than before."""
        return self.change - ONE_DAY + timedelta(minutes=5), self.change + timedelta(minutes=65)

    def hours(self, *, timezone: str) -> list[int]:
        """Name the hours of a zone whose slots lie close before the change, on both days."""
        moments = (self.change - ONE_DAY - timedelta(hours=1), self.change - ONE_DAY)
        return [moment.astimezone(ZoneInfo(timezone)).hour for moment in moments]


def days_due(
    *, timezone: str, hour: int, weekdays: frozenset[int], since: datetime, until: datetime
) -> dict[date, datetime]:
    """List the local days on which a reader is due after `since` and not after `until`, and the moment of each.

    They are due as soon as their own clock shows that day and at least that hour: an hour that is left out is late,
    one that comes twice counts once.
    """
    first = _first_moments(timezone, hour, since - LOOK_BACK, until)
    return {day: at for day, at in first.items() if since < at <= until and day.weekday() in weekdays}


@cache
def _first_moments(timezone: str, hour: int, since: datetime, until: datetime) -> dict[date, datetime]:
    zone, start = ZoneInfo(timezone), _on_the_grid(since)
    found: dict[date, datetime] = {}
    for step in range(int((until - start) / QUARTER) + 1):
        at = start + step * QUARTER
        shown = at.astimezone(zone)
        if shown.hour >= hour:
            found.setdefault(shown.date(), at)
    return found


def _on_the_grid(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
