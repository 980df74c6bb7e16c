"""The day's health: late work is named, on either side of the hour that it may take."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.models import Delivery, Digest
from digest.pipeline.health import LATE_AFTER, SILENT_AFTER, TRIED_AGAIN_WITHIN, DayHealth, day_health
from digest.plugins import discover
from subscriptions.models import SoftBounce
from tests.builders import make_reader
from tests.unit.admin.rows import make_delivery, make_digest, make_run, make_stop

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)  # a Tuesday: arXiv's feed turned at 04:00 UTC
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def production(settings: Any) -> None:
    """The demo asks no source, so it is not looked at for being late."""
    settings.DEMO = False


def names() -> Sequence[str]:
    from digest import sources

    return [source.name for source in discover(package=sources, attribute="SOURCE").values()]


def read_everything(*, at: datetime = MORNING, **fields: Any) -> None:
    for name in names():
        make_run(source=name, started_at=at, finished_at=at, **fields)


def problems_after(since: str, *, waited: timedelta) -> tuple[str, ...]:
    nothing: dict[str, Any] = {
        "reader_due_since": None,
        "digest_planned_since": None,
        "delivery_queued_since": None,
        "delivery_unknown_since": None,
    }
    return DayHealth(at=MORNING, sources=(), **{**nothing, since: MORNING - waited}).problems


def test_all_is_well_when_every_source_was_read_and_nobody_waits(production: None) -> None:
    read_everything()

    assert day_health(now=MORNING).problems == ()


def test_a_source_that_was_never_read_is_named(production: None) -> None:
    health = day_health(now=MORNING)

    assert [problem.split(" has never been read")[0] for problem in health.problems] == list(names())


def test_a_source_is_late_an_hour_after_its_own_clock_said_there_was_something(production: None) -> None:
    turned = datetime(2026, 6, 9, 4, 0, tzinfo=UTC)
    make_run(source="arxiv", started_at=turned - A_MOMENT, finished_at=turned)

    def is_late(now: datetime) -> bool:
        return next(source.is_late for source in day_health(now=now).sources if source.name == "arxiv")

    assert (is_late(turned + LATE_AFTER - A_MOMENT), is_late(turned + LATE_AFTER)) == (False, True)


def test_a_weekend_without_announcements_makes_no_source_late(production: None) -> None:
    friday, sunday = datetime(2026, 6, 5, 12, 0, tzinfo=UTC), datetime(2026, 6, 7, 12, 0, tzinfo=UTC)
    make_run(source="arxiv", started_at=friday, finished_at=friday)

    health = day_health(now=sunday)

    assert not next(source.is_late for source in health.sources if source.name == "arxiv")


@pytest.mark.parametrize(
    "fields",
    [{"error": "a time-out"}, {"finished_at": None}, {"on_schedule": False}],
    ids=["failed", "open", "by hand"],
)
def test_a_run_that_failed_never_ended_or_was_made_by_hand_is_no_reading(
    production: None, fields: dict[str, Any]
) -> None:
    make_run(**{"started_at": MORNING, **fields})

    health = day_health(now=MORNING)

    assert next(source.last_read_at for source in health.sources if source.name == "arxiv") is None


def test_a_failing_source_says_when_it_was_last_read(production: None) -> None:
    read_everything(at=MORNING - timedelta(days=2))
    read_everything(at=MORNING, error="a time-out")

    assert "arxiv was last read without an error on 07 June 2026 12:00 UTC" in day_health(now=MORNING).problems[0]


@pytest.mark.parametrize(("ago", "is_silent"), [(SILENT_AFTER - A_MOMENT, False), (SILENT_AFTER, True)])
def test_a_source_that_answers_without_papers_for_a_week_is_named(
    production: None, ago: timedelta, is_silent: bool
) -> None:
    read_everything(at=MORNING - ago)
    read_everything(at=MORNING, seen=0)

    said = any("has brought nothing for 7 days" in problem for problem in day_health(now=MORNING).problems)

    assert said is is_silent


def test_the_demo_asks_no_source_and_misses_none() -> None:
    assert day_health(now=MORNING).sources == ()


@pytest.mark.parametrize("waited", [LATE_AFTER, LATE_AFTER + A_MOMENT])
@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("reader_due_since", "A reader's digest has been due since 09 June 2026"),
        ("digest_planned_since", "waiting to be built since 09 June 2026"),
        ("delivery_queued_since", "waiting to go out since 09 June 2026"),
        ("delivery_unknown_since", "Nobody knows whether a mail of 09 June 2026"),
    ],
)
def test_what_waits_longer_than_an_hour_is_said_in_words(since: str, words: str, waited: timedelta) -> None:
    problems = problems_after(since, waited=waited)

    assert any(words in problem for problem in problems) is (waited > LATE_AFTER)


def test_the_oldest_of_each_kind_of_work_is_found() -> None:
    hours = [timedelta(hours=number) for number in (1, 2)]
    for ago in hours:
        reader = make_reader(next_digest_at=MORNING - ago)
        at = {"planned_at": MORNING - ago, "digest_date": MORNING.date() - ago * 24}
        make_digest(reader=reader, **at, status=Digest.Status.PLANNED)
        for status, day in ((Delivery.Status.QUEUED, 10), (Delivery.Status.UNKNOWN, 20)):
            digest = make_digest(reader=reader, digest_date=MORNING.date() - timedelta(days=day))
            make_delivery(digest=digest, status=status, created_at=MORNING - ago)

    health = day_health(now=MORNING)

    oldest = MORNING - max(hours)
    found = (health.reader_due_since, health.digest_planned_since, health.delivery_queued_since)
    assert (*found, health.delivery_unknown_since) == (oldest, oldest, oldest, oldest)


def test_readers_who_left_or_are_not_due_wait_for_nothing() -> None:
    make_reader(next_digest_at=MORNING + A_MOMENT)
    make_reader(status="unsubscribed", next_digest_at=None)

    assert day_health(now=MORNING).reader_due_since is None


@pytest.mark.parametrize(("overdue", "is_waiting"), [(timedelta(0), False), (TRIED_AGAIN_WITHIN, True)])
@pytest.mark.parametrize("attempts", [0, 1], ids=["came back", "refused for now"])
def test_a_mail_that_waits_for_its_own_mailbox_is_no_alarm_until_nobody_tries_it(
    attempts: int, overdue: timedelta, is_waiting: bool
) -> None:
    retry_at = MORNING + A_MOMENT - overdue - A_MOMENT * is_waiting
    reader = make_reader()
    times = {"created_at": MORNING, "retry_at": retry_at}
    make_delivery(digest=make_digest(reader=reader), status=Delivery.Status.QUEUED, attempts=attempts, **times)
    if not attempts:
        SoftBounce.objects.create(address_key=reader.address_key, times=1, last_at=MORNING, waits_until=retry_at)

    assert (day_health(now=MORNING).delivery_queued_since is not None) == is_waiting


def test_a_mail_that_the_providers_silence_keeps_back_is_an_alarm() -> None:
    times = {"created_at": MORNING, "retry_at": MORNING + A_MOMENT}
    make_delivery(digest=make_digest(reader=make_reader()), status=Delivery.Status.QUEUED, attempts=0, **times)

    assert day_health(now=MORNING).delivery_queued_since == MORNING


def test_a_mail_that_is_being_sent_counts_as_waiting() -> None:
    make_delivery(digest=make_digest(reader=make_reader()), status=Delivery.Status.SENDING, created_at=MORNING)

    assert day_health(now=MORNING).delivery_queued_since == MORNING


def test_the_look_takes_as_many_queries_for_many_readers_as_for_none(production: None) -> None:
    with CaptureQueriesContext(connection) as empty:
        day_health(now=MORNING)
    for _ in range(5):
        make_reader(next_digest_at=MORNING)

    with CaptureQueriesContext(connection) as full:
        day_health(now=MORNING)

    assert len(full) == len(empty)


def test_the_emergency_brake_is_named_at_once_and_until_it_is_lifted() -> None:
    stop = make_stop(reason="9 of 100 mails came back.")

    found = day_health(now=MORNING).problems
    stop.lifted_at = MORNING
    stop.save()

    assert len(found) == 1
    assert "9 of 100 mails came back. Lift it in the admin" in found[0]
    assert day_health(now=MORNING).problems == ()
