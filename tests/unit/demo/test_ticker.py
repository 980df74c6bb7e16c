"""The worker's and beat's work in the demo's process."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from celery import current_app, shared_task
from celery.schedules import schedule

from digest.demo.ticker import INGEST, LOOK_UP, PLAN, Entry, run_due, schedule_entries, welcome
from digest.models import Digest
from subscriptions import doorbell
from subscriptions.models import Subscriber
from tests.builders import NOW, make_reader

ran: list[str] = []


@shared_task(name="tests.chime")
def chime(name: str) -> None:
    ran.append(name)


@shared_task(name="tests.break_down")
def break_down() -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def nothing_ran() -> Iterator[None]:
    ran.clear()
    doorbell._rung.clear()  # what other tests rang
    yield
    doorbell._rung.clear()


def entry(*, task: str = "tests.chime", args: tuple[Any, ...] = ("beat",), last_run_at: datetime) -> Entry:
    hourly = schedule(timedelta(hours=1), app=current_app)
    return Entry(name="test", task=task, args=args, schedule=hourly, last_run_at=last_run_at)


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_is_due_at_once() -> None:
    reader = make_reader(next_digest_at=NOW + timedelta(hours=20), digested_until=None)

    assert welcome(now=NOW) == 1

    reader.refresh_from_db()
    assert reader.next_digest_at == NOW


@pytest.mark.django_db(transaction=True)
def test_welcoming_twice_welcomes_once() -> None:
    make_reader(next_digest_at=NOW + timedelta(hours=20), digested_until=None)
    welcome(now=NOW)

    assert welcome(now=NOW + timedelta(seconds=1)) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"digested_until": NOW - timedelta(days=1)},
        {"digested_until": None, "paused_until": date(2026, 6, 12)},
        {"digested_until": None, "status": Subscriber.Status.PENDING},
        {"digested_until": None, "status": Subscriber.Status.UNSUBSCRIBED},
    ],
    ids=["was digested before", "paused", "not confirmed", "left"],
)
def test_who_is_no_newcomer_keeps_their_hour(fields: dict[str, Any]) -> None:
    reader = make_reader(next_digest_at=NOW + timedelta(hours=20), **fields)

    welcome(now=NOW)

    reader.refresh_from_db()
    assert reader.next_digest_at == NOW + timedelta(hours=20)


@pytest.mark.django_db(transaction=True)
def test_a_welcome_rings_for_the_planning() -> None:
    reader = make_reader(next_digest_at=datetime.now(UTC) + timedelta(hours=20), digested_until=None)
    welcome(now=datetime.now(UTC))

    doorbell.answer()

    assert Digest.objects.filter(subscriber=reader).count() == 1


def test_the_schedule_of_the_demo_asks_no_source_without_the_network() -> None:
    tasks = {found.task for found in schedule_entries(network=False)}

    assert not {INGEST, LOOK_UP} & tasks
    assert PLAN in tasks


def test_with_the_network_the_schedule_is_the_one_of_beat() -> None:
    entries = schedule_entries(network=True)

    assert {found.name for found in entries} == set(current_app.conf.beat_schedule)


def test_at_the_start_everything_is_due_once() -> None:
    assert all(found.is_due() for found in schedule_entries(network=True))


def test_every_task_of_the_schedule_exists() -> None:
    assert {found.task for found in schedule_entries(network=True)} <= set(current_app.tasks)


def test_what_is_due_runs_and_is_not_due_again() -> None:
    late = entry(last_run_at=datetime.now(UTC) - timedelta(hours=2))

    after = run_due(entries=[late], now=datetime.now(UTC))
    run_due(entries=after, now=datetime.now(UTC))

    assert ran == ["beat"]


def test_what_is_not_due_waits() -> None:
    run_due(entries=[entry(last_run_at=datetime.now(UTC))], now=datetime.now(UTC))

    assert ran == []


def test_an_entry_that_fails_is_logged_and_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    broken, sound = entry(task="tests.break_down", args=(), last_run_at=long_ago), entry(last_run_at=long_ago)

    with caplog.at_level(logging.ERROR):
        run_due(entries=[broken, sound], now=datetime.now(UTC))

    assert ran == ["beat"]
    assert "it runs again when it is next due" in caplog.text
