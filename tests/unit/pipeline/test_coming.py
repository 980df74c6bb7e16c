"""The coming days: which have a digest, which announcements it would bring, and why the others have none."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digest.pipeline.coming import DAYS_AHEAD, ComingDay, DayKind, coming_days
from digest.pipeline.plan import plan_due
from subscriptions.models import Subscriber
from subscriptions.services.reader import next_digest_at
from tests.builders import make_reader

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # of the week of Thanksgiving


def coming(now: datetime = MONDAY, **fields: Any) -> list[ComingDay]:
    """Look ahead for a reader whose last digest was a moment ago."""
    reader = make_reader(**{"digested_until": now, **fields})
    reader.next_digest_at = next_digest_at(subscriber=reader, now=now)
    return list(coming_days(reader=reader, now=now))


def on(days: list[ComingDay], day: int) -> ComingDay:
    return next(each for each in days if each.day.day == day)


def test_every_day_of_the_coming_weeks_is_told_once(db: None) -> None:
    days = coming()

    assert [each.day for each in days] == [MONDAY.date() + timedelta(days=n) for n in range(DAYS_AHEAD)]


def test_a_morning_brings_what_was_announced_the_evening_before(db: None) -> None:
    tuesday = on(coming(timezone="Europe/Berlin", hour=7), 24)

    assert (tuesday.kind, tuesday.at) == (DayKind.DIGEST, datetime(2026, 11, 24, 6, tzinfo=UTC))
    assert (tuesday.evenings, tuesday.quiet) == ((date(2026, 11, 23),), ())


def test_a_weekend_and_a_holiday_bring_nothing_new(db: None) -> None:
    days = coming(timezone="Europe/Berlin", hour=7)

    quiet = {each.day.day: each.holidays for each in days[:8] if each.kind == DayKind.DIGEST and not each.evenings}

    assert quiet == {27: ("Thanksgiving",), 28: (), 29: ()}


def test_where_the_morning_is_new_york_s_evening_the_quiet_days_are_a_day_later(db: None) -> None:
    days = coming(timezone="Pacific/Auckland", hour=8)

    quiet = [each.day.strftime("%a") for each in days[10:17] if each.kind == DayKind.DIGEST and not each.evenings]

    assert quiet == ["Sun", "Mon"]


def test_a_weekly_mail_brings_the_week_without_its_holiday(db: None) -> None:
    days = coming(cadence="weekly", weekdays=[4], timezone="Europe/Berlin", hour=7)

    friday = on(days, 27)

    assert [each.day.day for each in days if each.at][:2] == [27, 4]
    assert [evening.day for evening in friday.evenings] == [23, 24, 25]
    assert friday.holidays == ("Thanksgiving",)


def test_a_new_reader_s_first_mail_reaches_back_a_week_and_no_further(db: None) -> None:
    first = next(each for each in coming(digested_until=None, hour=7) if each.at)

    assert len(first.evenings) + len(first.quiet) == 7


def test_days_that_are_not_chosen_and_days_of_a_pause_have_none(db: None) -> None:
    days = coming(cadence="weekdays", paused_until=date(2026, 11, 30))

    assert {each.day.day: each.kind for each in days[1:9]} == {
        **dict.fromkeys(range(24, 30), DayKind.PAUSED),
        30: DayKind.DIGEST,
        1: DayKind.DIGEST,
    }
    assert on(days, 5).kind == DayKind.NOT_CHOSEN


@pytest.mark.parametrize(("hour", "kind"), [(12, DayKind.PASSED), (13, DayKind.DIGEST)])
def test_today_counts_until_its_hour(db: None, hour: int, kind: DayKind) -> None:
    assert coming(hour=hour)[0].kind == kind


def test_a_mail_that_is_due_stands_at_today(db: None) -> None:
    reader = make_reader(next_digest_at=MONDAY - timedelta(minutes=3), digested_until=None, hour=8)

    days = list(coming_days(reader=reader, now=MONDAY))

    assert days[0].at == MONDAY - timedelta(minutes=3)
    assert days[1].at == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_who_gets_no_mail_has_no_day_with_one(db: None) -> None:
    assert not any(each.at for each in coming(status=Subscriber.Status.UNSUBSCRIBED))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
def test_what_is_foretold_is_what_is_planned_over_a_change_of_the_clocks(db: None, zone: str) -> None:
    now = datetime(2026, 10, 20, 12, 30, tzinfo=UTC)
    reader = make_reader(timezone=zone, hour=2, digested_until=now)
    reader.next_digest_at = next_digest_at(subscriber=reader, now=now)
    reader.save()
    foretold = [(each.day, each.at) for each in coming_days(reader=reader, now=now) if each.at]

    planned = []
    for _ in foretold:
        reader.refresh_from_db()
        at = reader.next_digest_at
        assert at is not None
        plan_due(now=at)
        planned.append((reader.digests.latest("digest_date").digest_date, at))

    assert planned == foretold
