"""Planning: who is due, once a day, and what their window is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from digest.models import Digest
from digest.pipeline.plan import WINDOW_OVERLAP, plan_due
from subscriptions.models import Subscriber
from tests.threads import at_once

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def test_a_due_reader_is_promised_a_digest_of_their_local_day(make_reader: Make, now: datetime) -> None:
    reader = make_reader(timezone="Asia/Kolkata", hour=13, next_digest_at=now)

    plan_due(now=now)

    digest = Digest.objects.get(subscriber=reader)
    assert (digest.status, digest.digest_date) == ("planned", date(2026, 6, 9))


def test_the_next_date_moves_on_to_the_readers_next_hour(make_reader: Make, now: datetime) -> None:
    reader = make_reader(timezone="UTC", hour=8, next_digest_at=now)

    plan_due(now=now)

    reader.refresh_from_db()
    assert reader.next_digest_at == now + timedelta(days=1)


def test_a_second_call_at_the_same_moment_plans_nobody(make_reader: Make, now: datetime) -> None:
    make_reader()
    plan_due(now=now)

    again = plan_due(now=now)

    assert (again.readers, again.digest_ids, Digest.objects.count()) == (0, (), 1)


def test_a_reader_is_not_due_one_second_before_their_hour(make_reader: Make, now: datetime) -> None:
    make_reader(next_digest_at=now)

    report = plan_due(now=now - timedelta(seconds=1))

    assert report.readers == 0


@pytest.mark.parametrize("status", [Subscriber.Status.PENDING, Subscriber.Status.UNSUBSCRIBED])
def test_only_active_readers_are_planned(make_reader: Make, now: datetime, status: str) -> None:
    make_reader(status=status)

    assert plan_due(now=now).readers == 0


def test_a_paused_reader_is_moved_on_without_a_digest(make_reader: Make, now: datetime) -> None:
    reader = make_reader(paused_until=now.date() + timedelta(days=1))

    report = plan_due(now=now)

    reader.refresh_from_db()
    assert (report.digest_ids, reader.next_digest_at) == ((), now + timedelta(days=1))


def test_a_pause_ends_on_its_day(make_reader: Make, now: datetime) -> None:
    make_reader(paused_until=now.date())

    assert len(plan_due(now=now).digest_ids) == 1


def test_after_days_of_standstill_there_is_one_digest(make_reader: Make, now: datetime) -> None:
    reader = make_reader(next_digest_at=now - timedelta(days=3))

    plan_due(now=now)

    assert list(Digest.objects.filter(subscriber=reader).values_list("digest_date", flat=True)) == [now.date()]


def test_a_reader_who_moves_their_hour_later_gets_no_second_digest_that_day(make_reader: Make, now: datetime) -> None:
    reader = make_reader(hour=8)
    plan_due(now=now)
    Subscriber.objects.filter(pk=reader.pk).update(hour=10, next_digest_at=now + timedelta(hours=2))

    report = plan_due(now=now + timedelta(hours=2))

    reader.refresh_from_db()
    assert (report.digest_ids, reader.next_digest_at) == ((), now + timedelta(days=1, hours=2))


def test_the_window_begins_where_the_last_one_ended_less_the_overlap(make_reader: Make, now: datetime) -> None:
    make_reader(digested_until=now - timedelta(days=1))

    plan_due(now=now)

    digest = Digest.objects.get()
    assert (digest.window_start, digest.window_end) == (now - timedelta(days=1) - WINDOW_OVERLAP, now)


def test_the_first_window_of_a_reader_is_as_long_as_the_horizon(make_reader: Make, now: datetime) -> None:
    make_reader(digested_until=None)

    plan_due(now=now, horizon_days=5)

    assert Digest.objects.get().window_start == now - timedelta(days=5)


def test_no_window_is_longer_than_the_horizon_however_long_the_reader_was_away(
    make_reader: Make, now: datetime
) -> None:
    make_reader(digested_until=now - timedelta(days=200))

    plan_due(now=now, horizon_days=7)

    assert Digest.objects.get().window_start == now - timedelta(days=7)


def test_planning_goes_by_chunks_oldest_first(make_reader: Make, now: datetime) -> None:
    late, later = make_reader(next_digest_at=now), make_reader(next_digest_at=now - timedelta(hours=1))

    first, second, last = plan_due(now=now, limit=1), plan_due(now=now, limit=1), plan_due(now=now, limit=1)

    owners = list(Digest.objects.order_by("pk").values_list("subscriber_id", flat=True))
    assert (owners, [first.readers, second.readers, last.readers]) == ([later.pk, late.pk], [1, 1, 0])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_planners_at_once_each_reader_has_one(make_reader: Make, now: datetime) -> None:
    for _ in range(40):
        make_reader()

    def plan() -> None:
        while plan_due(now=now, limit=5).readers:
            pass

    at_once(workers=2, do=plan)

    assert Digest.objects.count() == 40
