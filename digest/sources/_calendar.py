"""arXiv's clock: papers are announced at 20:00 US Eastern from Sunday to Thursday, and not on its holidays.

In: a day or a moment. Out: what arXiv did then. No clock is read here.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
FEED_CHANGES_AT = time(0, 0)
"""The RSS feed turns to the evening's announcement at midnight."""
OAI_IS_FRESH_AT = time(22, 30)

_FRIDAY, _SATURDAY = 4, 5
_LONGEST_BREAK = 10
"""Days to look back for an announcement; the longest pause, at the turn of the year, is shorter."""

_HOLIDAYS = {
    date(2026, 1, 1): "New Year's Day",
    date(2026, 1, 19): "Martin Luther King Day",
    date(2026, 6, 19): "Juneteenth",
    date(2026, 7, 3): "Independence Day",
    date(2026, 9, 7): "Labor Day",
    date(2026, 11, 26): "Thanksgiving",
    date(2026, 12, 25): "Christmas",
    date(2026, 12, 29): "the winter break",
    date(2026, 12, 31): "New Year's Eve",
}
"""Evenings without an announcement, as arXiv publishes them year by year. A year that is missing has none."""


def announces_on_evening_of(*, day: date) -> bool:
    """Decide whether arXiv announces papers at 20:00 US Eastern on this day."""
    return day.weekday() not in (_FRIDAY, _SATURDAY) and day not in _HOLIDAYS


def quiet_reason(*, day: date) -> str:
    """Say why a feed dated `day` holds nothing new, or "" when it should hold something.

    A feed carries the announcement of the evening before its date: Saturday's and Sunday's are empty.
    """
    evening = day - timedelta(days=1)
    if announces_on_evening_of(day=evening):
        return ""
    if evening in _HOLIDAYS and evening.weekday() not in (_FRIDAY, _SATURDAY):
        return f"arXiv announced nothing on {evening:%-d %B} ({_HOLIDAYS[evening]})."
    return f"arXiv announces nothing on {day:%A}s."


def evenings_between(*, after: datetime, until: datetime) -> tuple[date, ...]:
    """List the evenings whose announcement, if there is one, turns the feed in (after, until], the first one first."""
    evening = after.astimezone(EASTERN).date() - timedelta(days=1)
    found: list[date] = []
    while (turns_at := _feed_change_after(evening)) <= until:
        if turns_at > after:
            found.append(evening)
        evening += timedelta(days=1)
    return tuple(found)


def holiday_of(*, evening: date) -> str:
    """Name the holiday for which arXiv announces nothing on an evening on which it otherwise would; "" for none."""
    return "" if evening.weekday() in (_FRIDAY, _SATURDAY) else _HOLIDAYS.get(evening, "")


def holiday_names() -> frozenset[str]:
    """Give the names of all holidays, for who has to say them in other languages."""
    return frozenset(_HOLIDAYS.values())


def knows_holidays_of(*, year: int) -> bool:
    """Tell whether arXiv's holidays of a year stand here."""
    return any(day.year == year for day in _HOLIDAYS)


def latest_feed_change(*, now: datetime) -> datetime:
    """Give the last moment at which the RSS feed turned to a new announcement, in UTC."""
    return _latest(now=now, at=FEED_CHANGES_AT, days_after_evening=1)


def latest_oai_change(*, now: datetime) -> datetime:
    """Give the last moment at which OAI-PMH became fresh after an announcement, in UTC."""
    return _latest(now=now, at=OAI_IS_FRESH_AT, days_after_evening=0)


def _feed_change_after(evening: date) -> datetime:
    return datetime.combine(evening + timedelta(days=1), FEED_CHANGES_AT, tzinfo=EASTERN).astimezone(UTC)


def _latest(*, now: datetime, at: time, days_after_evening: int) -> datetime:
    today = now.astimezone(EASTERN).date()
    for back in range(_LONGEST_BREAK):
        evening = today - timedelta(days=back)
        moment = datetime.combine(evening + timedelta(days=days_after_evening), at, tzinfo=EASTERN)
        if moment <= now and announces_on_evening_of(day=evening):
            return moment.astimezone(UTC)
    return now - timedelta(days=_LONGEST_BREAK)
