"""Changing when one is mailed: what moves the next digest, and what must not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.models import Subscriber
from subscriptions.types import Preferences

pytestmark = pytest.mark.django_db
TOMORROW_AT_SIX = datetime(2026, 6, 10, 6, tzinfo=UTC)


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    """Mailed at six in UTC; today's mail has gone."""
    return make_reader(hour=6, timezone="UTC", next_digest_at=TOMORROW_AT_SIX)


def update(reader: Subscriber, *, now: datetime, **fields: Any) -> Subscriber:
    services.update_preferences(subscriber=reader, preferences=Preferences(**{"hour": 6, **fields}), now=now)
    reader.refresh_from_db()
    return reader


def test_another_hour_moves_the_next_digest(reader: Subscriber, now: datetime) -> None:
    update(reader, hour=9, now=now)

    assert reader.next_digest_at == datetime(2026, 6, 9, 9, tzinfo=UTC)


def test_another_zone_moves_the_next_digest(reader: Subscriber, now: datetime) -> None:
    update(reader, timezone="America/New_York", now=now)

    assert reader.next_digest_at == datetime(2026, 6, 9, 10, tzinfo=UTC)


def test_other_days_move_the_next_digest(reader: Subscriber, now: datetime) -> None:
    update(reader, cadence="chosen", weekdays=(6, 5), now=now)

    assert reader.weekdays == [5, 6]
    assert reader.next_digest_at == datetime(2026, 6, 13, 6, tzinfo=UTC)


def test_a_change_beside_the_timetable_leaves_the_next_digest(reader: Subscriber, now: datetime) -> None:
    update(reader, max_papers=3, trending=False, tell_when_empty=True, now=now)

    assert (reader.max_papers, reader.trending, reader.tell_when_empty) == (3, False, True)
    assert reader.next_digest_at == TOMORROW_AT_SIX


def test_a_digest_that_is_due_stays_due_when_the_hour_changes(reader: Subscriber, now: datetime) -> None:
    due = now - timedelta(minutes=2)
    Subscriber.objects.update(next_digest_at=due)

    update(reader, hour=5, now=now)

    assert reader.next_digest_at == due


def test_a_reader_who_is_not_active_gets_no_next_digest(reader: Subscriber, now: datetime) -> None:
    Subscriber.objects.update(status=Subscriber.Status.UNSUBSCRIBED, next_digest_at=None)

    update(reader, hour=9, now=now)

    assert (reader.hour, reader.next_digest_at) == (9, None)


def test_the_same_preferences_twice_change_nothing_more(reader: Subscriber, now: datetime) -> None:
    update(reader, hour=9, now=now)

    update(reader, hour=9, now=now + timedelta(minutes=1))

    assert reader.next_digest_at == datetime(2026, 6, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"hour": -1}, "hour"),
        ({"hour": 24}, "hour"),
        ({"cadence": "hourly"}, "cadence"),
        ({"weekdays": (7,)}, "weekdays"),
        ({"weekdays": (-1,)}, "weekdays"),
        ({"cadence": "chosen"}, "weekdays"),
        ({"max_papers": 0}, "max_papers"),
        ({"max_papers": 101}, "max_papers"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_changes_nothing(
    fields: dict[str, Any], field: str, reader: Subscriber, now: datetime
) -> None:
    with pytest.raises(SubscriptionError) as refused:
        update(reader, now=now, **fields)

    reader.refresh_from_db()
    assert (refused.value.field, reader.hour, reader.next_digest_at) == (field, 6, TOMORROW_AT_SIX)


@pytest.mark.parametrize("fields", [{"hour": 0}, {"hour": 23}, {"max_papers": 1}, {"max_papers": 100}])
def test_the_edges_of_what_can_be_are_taken(fields: dict[str, int], reader: Subscriber, now: datetime) -> None:
    update(reader, now=now, **fields)

    assert {name: getattr(reader, name) for name in fields} == fields


def test_a_pause_moves_the_next_digest_to_its_end(reader: Subscriber, now: datetime) -> None:
    services.pause(subscriber=reader, until=date(2026, 7, 1), now=now)

    reader.refresh_from_db()
    assert reader.next_digest_at == datetime(2026, 7, 1, 6, tzinfo=UTC)


def test_a_digest_at_midnight_comes_on_the_very_day_a_pause_ends(
    make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    reader = make_reader(hour=0, timezone="America/New_York")

    services.pause(subscriber=reader, until=date(2026, 7, 1), now=now)

    reader.refresh_from_db()
    assert reader.next_digest_at == datetime.fromisoformat("2026-07-01T00:00-04:00")


def test_a_pause_silences_a_digest_that_is_due(reader: Subscriber, now: datetime) -> None:
    Subscriber.objects.update(next_digest_at=now)

    services.pause(subscriber=reader, until=date(2026, 6, 10), now=now)

    reader.refresh_from_db()
    assert reader.next_digest_at == TOMORROW_AT_SIX


def test_a_pause_can_be_ended(reader: Subscriber, now: datetime) -> None:
    services.pause(subscriber=reader, until=date(2026, 7, 1), now=now)

    services.pause(subscriber=reader, until=None, now=now)

    reader.refresh_from_db()
    assert (reader.paused_until, reader.next_digest_at) == (None, TOMORROW_AT_SIX)


def test_ending_no_pause_does_not_move_a_digest_that_is_due(reader: Subscriber, now: datetime) -> None:
    Subscriber.objects.update(next_digest_at=now)

    services.pause(subscriber=reader, until=None, now=now)

    reader.refresh_from_db()
    assert reader.next_digest_at == now


def test_a_timetable_changed_within_a_pause_does_not_end_it(reader: Subscriber, now: datetime) -> None:
    services.pause(subscriber=reader, until=date(2026, 7, 1), now=now)

    update(reader, hour=9, now=now)

    assert reader.next_digest_at == datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("until", [date(2026, 6, 9), date(2020, 1, 1), date(2027, 6, 11), date(9999, 12, 31)])
def test_a_pause_ends_after_today_and_within_a_year(until: date, reader: Subscriber, now: datetime) -> None:
    with pytest.raises(SubscriptionError) as refused:
        services.pause(subscriber=reader, until=until, now=now)

    assert refused.value.field == "until"


def test_today_is_the_readers_day(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    reader = make_reader(timezone="Pacific/Kiritimati")
    late = now + timedelta(hours=4)  # the tenth has begun there

    with pytest.raises(SubscriptionError, match="after today"):
        services.pause(subscriber=reader, until=date(2026, 6, 10), now=late)
