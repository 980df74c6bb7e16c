"""Why a digest is empty: the reason that a reader can use."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digest.models import Digest, IngestRun
from digest.pipeline.empty import why_empty

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def digest_of(reader: Any, day: date) -> Digest:
    end = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return Digest(
        pk=reader.pk,
        subscriber=reader,
        digest_date=day,
        window_start=end - timedelta(days=1),
        window_end=end,
        horizon_days=7,
    )


def reasons(digests: Sequence[Digest], *, n_news: int, interested: bool) -> list[str]:
    """Ask for the reasons of digests that are alike."""
    return list(
        why_empty(
            digests=digests,
            n_news={digest.pk: n_news for digest in digests},
            interested={digest.subscriber_id for digest in digests if interested},
        ).values()
    )


def reason_of(digest: Digest, *, n_news: int, interested: bool) -> str:
    """Ask for the reason of one digest."""
    return reasons([digest], n_news=n_news, interested=interested)[0]


TUESDAY, SUNDAY = date(2026, 6, 9), date(2026, 6, 7)


def test_a_weekend_without_papers_is_named(make_reader: Make) -> None:
    reason = reason_of(digest_of(make_reader(), SUNDAY), n_news=0, interested=True)

    assert reason == "arXiv announces nothing on Sundays."


def test_a_source_that_could_not_be_read_is_named(make_reader: Make, now: datetime) -> None:
    IngestRun.objects.create(source="arxiv", started_at=now - timedelta(hours=2), error="429")

    reason = reason_of(digest_of(make_reader(), TUESDAY), n_news=0, interested=True)

    assert reason == "No new papers came in: arxiv could not be read."


def test_a_source_that_recovered_is_not_blamed(make_reader: Make, now: datetime) -> None:
    IngestRun.objects.create(source="arxiv", started_at=now - timedelta(hours=4), error="429")
    IngestRun.objects.create(source="arxiv", started_at=now - timedelta(hours=2))

    reason = reason_of(digest_of(make_reader(), TUESDAY), n_news=0, interested=True)

    assert reason == "No new papers came in since your last digest."


def test_one_paper_that_was_not_close_enough_is_counted_in_the_singular(make_reader: Make) -> None:
    reason = reason_of(digest_of(make_reader(), TUESDAY), n_news=1, interested=True)

    assert reason == "The one new paper did not come close enough to your interests."


def test_a_reader_whose_interests_are_all_paused_is_told_so(make_reader: Make) -> None:
    reader = make_reader(trending=False, profiles=[{"name": "Off", "active": False}])

    reason = reason_of(digest_of(reader, TUESDAY), n_news=9, interested=False)

    assert reason == "Trending papers are off and every interest is paused."


def test_a_reader_without_any_interest_is_told_so(make_reader: Make) -> None:
    reason = reason_of(digest_of(make_reader(trending=False), TUESDAY), n_news=9, interested=False)

    assert reason == "Trending papers are off and there are no interests."


@pytest.mark.parametrize(("age", "blamed"), [(timedelta(days=2, seconds=-1), True), (timedelta(days=2), False)])
def test_only_readings_of_the_last_two_days_are_blamed(
    make_reader: Make, now: datetime, age: timedelta, blamed: bool
) -> None:
    IngestRun.objects.create(source="arxiv", started_at=now - age, error="429")

    reason = reason_of(digest_of(make_reader(), TUESDAY), n_news=0, interested=True)

    assert ("arxiv could not be read" in reason) is blamed


def test_twenty_digests_take_as_many_queries_as_one(make_reader: Make, django_assert_num_queries: Any) -> None:
    digests = [digest_of(make_reader(), TUESDAY) for _ in range(20)]

    with django_assert_num_queries(2):
        found = reasons(digests, n_news=0, interested=True)

    assert found == ["No new papers came in since your last digest."] * 20
