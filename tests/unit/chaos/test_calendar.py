"""Who is due when around a change of the clocks: worked out beside the planner, and the same."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.chaos.calendar import CHANGES, ZONES, Timeline, days_due
from subscriptions import schedule

EVERY_DAY = frozenset(range(7))
AUTUMN, SPRING = CHANGES[0], CHANGES[1]


def berlin(*, hour: int, change: datetime) -> list[tuple[date, datetime]]:
    """The days of a reader in Berlin from the evening before a change to the evening after it."""
    span = {"since": change - timedelta(hours=30), "until": change + timedelta(hours=12)}
    return sorted(days_due(timezone="Europe/Berlin", hour=hour, weekdays=EVERY_DAY, **span).items())


def test_an_hour_that_comes_twice_is_due_at_its_first_coming_alone() -> None:
    due = berlin(hour=2, change=AUTUMN)

    assert due == [
        (date(2026, 10, 24), datetime(2026, 10, 24, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC)),
    ]


def test_an_hour_that_is_left_out_is_due_when_the_clocks_have_been_put_forward() -> None:
    due = berlin(hour=2, change=SPRING)

    assert due == [
        (date(2027, 3, 27), datetime(2027, 3, 27, 1, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 1, tzinfo=UTC)),
    ]


def test_only_days_of_the_chosen_weekdays_are_due() -> None:
    span = {"since": AUTUMN - timedelta(days=3), "until": AUTUMN + timedelta(days=3)}

    due = days_due(timezone="UTC", hour=8, weekdays=frozenset({5}), **span)

    assert list(due) == [date(2026, 10, 24)]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("timezone", ZONES)
def test_every_slot_of_a_run_lies_in_the_two_days_that_are_played(change: datetime, timezone: str) -> None:
    timeline = Timeline(change=change)

    for hour in timeline.hours(timezone=timezone):
        due = days_due(
            timezone=timezone, hour=hour, weekdays=EVERY_DAY, since=timeline.begins[0], until=timeline.ends[1]
        )

        first, second = due.values()
        assert timeline.begins[0] < first <= timeline.ends[0] < timeline.begins[1] < second <= timeline.ends[1]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("timezone", ZONES)
def test_the_planner_reckons_the_same_moments(change: datetime, timezone: str) -> None:
    since, until = change - timedelta(days=2), change + timedelta(days=2)

    for hour in range(24):
        due = days_due(timezone=timezone, hour=hour, weekdays=EVERY_DAY, since=since, until=until)

        for moment in due.values():
            before = moment - timedelta(seconds=1)
            slot = schedule.next_slot(after=before, timezone=timezone, hour=hour, days=EVERY_DAY)
            assert slot == moment
