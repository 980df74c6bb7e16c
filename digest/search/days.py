"""Days as people write them: 2026-05-31, 2026-05, 2026, or two of those with .. between. Out: both ends, or nothing."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From `since` until `until`, both within; None is no end."""

    since: date | None = None
    until: date | None = None

    def __and__(self, other: "Days") -> "Days":
        """Keep the days that are in both."""
        since = [day for day in (self.since, other.since) if day]
        until = [day for day in (self.until, other.until) if day]
        return Days(since=max(since, default=None), until=min(until, default=None))

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no day between the two ends."""
        return bool(self.since and self.until and self.since > self.until)


def read_days(*, text: str) -> Days | None:
    """Read a day, a month, a year or a range of them; None when there is no such thing."""
    if ".." in text:
        first, _, last = text.partition("..")
        since, until = read_days(text=first), read_days(text=last.lstrip("."))
        if (first and since is None) or (last.lstrip(".") and until is None) or not (since or until):
            return None
        return Days(since=since.since if since else None, until=until.until if until else None)
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return _days(*(int(part) if part else None for part in found.groups()))
    except ValueError:
        return None


def _days(year: int | None, month: int | None, day: int | None) -> Days:
    year = year or 0
    if month is None:
        return Days(since=date(year, 1, 1), until=date(year, 12, 31))
    if day is None:
        return Days(since=date(year, month, 1), until=date(year, month, monthrange(year, month)[1]))
    return Days(since=date(year, month, day), until=date(year, month, day))
