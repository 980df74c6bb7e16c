"""When a mail is due, in every kind of zone and over every kind of change of the clocks."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions import schedule
from subscriptions.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, next_slot, previous_slot

# Half hours, quarter hours, half-hour and late-evening changes of the clocks, a change at midnight, a lost day.
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Nuuk",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
]
YEAR = timedelta(days=366)


def local_slots(*, zone: str, hour: int, after: str, count: int, days: frozenset[int] = EVERY_DAY) -> list[str]:
    """List the next slots as the reader's own clock shows them."""
    moment, found = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone)), []
    for _ in range(count):
        moment = next_slot(after=moment, timezone=zone, hour=hour, days=days)
        found.append(f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %z}")
    return found


def slots_of_a_year(*, zone: str, hour: int, days: frozenset[int], start: datetime) -> list[datetime]:
    found = [next_slot(after=start, timezone=zone, hour=hour, days=days)]
    while found[-1] < start + YEAR:
        found.append(next_slot(after=found[-1], timezone=zone, hour=hour, days=days))
    return found


@pytest.mark.parametrize(
    ("cadence", "weekdays", "days"),
    [
        ("daily", [], {0, 1, 2, 3, 4, 5, 6}),
        ("daily", [0, 2], {0, 2}),
        ("weekdays", [], {0, 1, 2, 3, 4}),
        ("weekdays", [6], {0, 1, 2, 3, 4}),
        ("chosen", [5, 6], {5, 6}),
        ("weekly", [4, 2], {2}),
        ("weekly", [], {0}),
    ],
)
def test_a_cadence_means_these_weekdays(cadence: str, weekdays: list[int], days: set[int]) -> None:
    assert schedule.delivery_days(cadence=cadence, weekdays=weekdays) == days


def test_a_slot_is_strictly_after_the_moment() -> None:
    at_eight = datetime(2026, 6, 9, 8, tzinfo=UTC)

    following = next_slot(after=at_eight, timezone="UTC", hour=8, days=EVERY_DAY)

    assert following == datetime(2026, 6, 10, 8, tzinfo=UTC)


def test_a_moment_before_the_hour_has_its_slot_on_the_same_day() -> None:
    just_before = datetime(2026, 6, 9, 7, 59, 59, 999999, tzinfo=UTC)

    following = next_slot(after=just_before, timezone="UTC", hour=8, days=EVERY_DAY)

    assert following == datetime(2026, 6, 9, 8, tzinfo=UTC)


def test_the_previous_slot_may_be_the_moment_itself() -> None:
    at_eight = datetime(2026, 6, 9, 8, tzinfo=UTC)

    assert previous_slot(until=at_eight, timezone="UTC", hour=8, days=EVERY_DAY) == at_eight


def test_the_previous_slot_of_a_moment_before_is_a_day_earlier() -> None:
    just_before = datetime(2026, 6, 9, 7, 59, 59, 999999, tzinfo=UTC)

    latest = previous_slot(until=just_before, timezone="UTC", hour=8, days=EVERY_DAY)

    assert latest == datetime(2026, 6, 8, 8, tzinfo=UTC)


def test_an_hour_that_the_clocks_leave_out_is_the_first_moment_after_the_gap() -> None:
    slots = local_slots(zone="Europe/Berlin", hour=2, after="2026-03-28T12:00", count=2)

    assert slots == ["2026-03-29 03:00 +0200", "2026-03-30 02:00 +0200"]


def test_an_hour_that_comes_twice_has_its_mail_at_its_first_coming_alone() -> None:
    slots = local_slots(zone="Europe/Berlin", hour=2, after="2026-10-24T12:00", count=2)

    assert slots == ["2026-10-25 02:00 +0200", "2026-10-26 02:00 +0100"]


def test_a_gap_of_half_an_hour_moves_the_mail_by_half_an_hour() -> None:
    slots = local_slots(zone="Australia/Lord_Howe", hour=2, after="2026-10-03T12:00", count=2)

    assert slots == ["2026-10-04 02:30 +1100", "2026-10-05 02:00 +1100"]


def test_a_midnight_that_is_left_out_stays_on_its_day() -> None:
    slots = local_slots(zone="Africa/Cairo", hour=0, after="2026-04-23T12:00", count=2)

    assert slots == ["2026-04-24 01:00 +0300", "2026-04-25 00:00 +0300"]


def test_a_gap_at_the_end_of_a_day_moves_the_mail_to_the_hour_before() -> None:
    slots = local_slots(zone="America/Nuuk", hour=23, after="2024-03-30T12:00", count=2)

    assert slots == ["2024-03-30 22:00 -0200", "2024-03-31 23:00 -0100"]


def test_a_day_that_a_zone_left_out_has_no_mail() -> None:
    slots = local_slots(zone="Pacific/Apia", hour=8, after="2011-12-29T00:00", count=2)

    assert slots == ["2011-12-29 08:00 -1000", "2011-12-31 08:00 +1400"]


def test_a_weekly_mail_on_the_day_that_was_left_out_comes_a_week_later() -> None:
    friday = frozenset({4})

    slots = local_slots(zone="Pacific/Apia", hour=8, after="2011-12-24T00:00", count=1, days=friday)

    assert slots == ["2012-01-06 08:00 +1400"]


def test_half_hour_zones_are_mailed_at_the_full_local_hour() -> None:
    slot = next_slot(after=datetime(2026, 6, 9, tzinfo=UTC), timezone="Asia/Kolkata", hour=8, days=EVERY_DAY)

    assert slot == datetime(2026, 6, 9, 2, 30, tzinfo=UTC)


def test_the_year_ends_and_goes_on() -> None:
    slots = local_slots(zone="Asia/Tokyo", hour=8, after="2026-12-31T09:00", count=1)

    assert slots == ["2027-01-01 08:00 +0900"]


def test_february_has_its_leap_day() -> None:
    slots = local_slots(zone="UTC", hour=8, after="2028-02-28T09:00", count=2)

    assert slots == ["2028-02-29 08:00 +0000", "2028-03-01 08:00 +0000"]


def test_a_weekend_is_passed_over() -> None:
    friday_noon = datetime(2026, 6, 12, 12, tzinfo=UTC)

    slot = next_slot(after=friday_noon, timezone="UTC", hour=8, days=MONDAY_TO_FRIDAY)

    assert slot == datetime(2026, 6, 15, 8, tzinfo=UTC)


def test_no_weekday_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="No weekday"):
        next_slot(after=datetime(2026, 6, 9, tzinfo=UTC), timezone="UTC", hour=8, days=frozenset())


def test_a_local_day_is_the_readers_not_ours() -> None:
    at = datetime(2026, 6, 9, 12, tzinfo=UTC)

    days = [schedule.local_day(at=at, timezone=zone) for zone in ("Pacific/Kiritimati", "UTC")]

    assert days == [date(2026, 6, 10), date(2026, 6, 9)]


def test_a_day_begins_after_the_gap_that_its_midnight_fell_into() -> None:
    begins = schedule.day_begins(day=date(2026, 4, 24), timezone="Africa/Cairo")

    assert begins.astimezone(ZoneInfo("Africa/Cairo")).isoformat() == "2026-04-24T01:00:00+03:00"


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "Europe/../etc/passwd", "/etc/localtime", "America", "europe/berlin"]
)
def test_what_is_no_zone_is_known_as_none(name: str) -> None:
    assert not schedule.is_zone(name)


weekday_sets = st.frozensets(st.integers(0, 6), min_size=1)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(zone=st.sampled_from(ZONES), hour=st.integers(0, 23), days=weekday_sets, start=moments)
def test_over_a_year_each_chosen_local_day_has_exactly_one_slot(
    zone: str, hour: int, days: frozenset[int], start: datetime
) -> None:
    slots = slots_of_a_year(zone=zone, hour=hour, days=days, start=start)

    of_day = Counter(schedule.local_day(at=slot, timezone=zone) for slot in slots)

    first, last = min(of_day), max(of_day)
    calendar = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    lost = {date(2011, 12, 30)} if zone == "Pacific/Apia" else set()
    assert of_day == Counter(day for day in calendar - lost if day.weekday() in days)


@given(zone=st.sampled_from(ZONES), hour=st.integers(0, 23), days=weekday_sets, start=moments)
def test_slots_rise_and_the_previous_slot_leads_back(
    zone: str, hour: int, days: frozenset[int], start: datetime
) -> None:
    slots = slots_of_a_year(zone=zone, hour=hour, days=days, start=start)

    back = [
        previous_slot(until=slot - timedelta(microseconds=1), timezone=zone, hour=hour, days=days) for slot in slots
    ]

    assert all(earlier < later for earlier, later in zip(slots, slots[1:], strict=False))
    assert back[1:] == slots[:-1]


@given(zone=st.sampled_from(ZONES), hour=st.integers(0, 23), start=moments)
def test_a_mail_comes_at_the_readers_hour_or_beside_a_gap_in_it(zone: str, hour: int, start: datetime) -> None:
    slot = next_slot(after=start, timezone=zone, hour=hour, days=EVERY_DAY)

    local = slot.astimezone(ZoneInfo(zone))
    wanted = local.replace(hour=hour, minute=0, second=0, tzinfo=ZoneInfo(zone))
    exists = wanted.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    assert (local.hour, local.minute) == (hour, 0) if exists else abs(slot - wanted) <= timedelta(hours=2)
