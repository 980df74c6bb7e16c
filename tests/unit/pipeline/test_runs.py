"""The record of readings does not grow for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from digest import tasks
from digest.models import IngestRun
from digest.pipeline.runs import KEPT_FOR, tidy_runs
from tests.builders import NOW
from tests.unit.admin.rows import make_run

pytestmark = pytest.mark.django_db


def test_a_reading_is_forgotten_after_its_time_and_not_before() -> None:
    kept = [make_run(started_at=NOW), make_run(started_at=NOW - KEPT_FOR)]
    make_run(started_at=NOW - KEPT_FOR - timedelta(seconds=1))

    n_forgotten = tidy_runs(now=NOW)

    assert (n_forgotten, list(IngestRun.objects.order_by("pk"))) == (1, kept)


def test_tidying_again_forgets_nothing_more() -> None:
    make_run(started_at=NOW - KEPT_FOR * 2)
    tidy_runs(now=NOW)

    assert tidy_runs(now=NOW) == 0


def test_the_task_tidies_by_today_s_date() -> None:
    today = datetime.now(UTC)
    kept = make_run(started_at=today - KEPT_FOR / 2)
    make_run(started_at=today - KEPT_FOR * 2)

    tasks.tidy_runs()

    assert IngestRun.objects.get() == kept
