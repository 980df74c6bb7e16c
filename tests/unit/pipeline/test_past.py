"""What came on past days, and what is said of the days on which nothing was planned."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from digest.models import Delivery, Digest, DigestItem
from digest.pipeline.past import DIGESTS_SHOWN, Gap, Why, read_past
from subscriptions.models import ConsentEvent, Subscriber
from tests.builders import NOW, make_paper, make_reader

pytestmark = pytest.mark.django_db

TODAY = NOW.date()  # Tuesday, 9 June 2026
Kind = ConsentEvent.Kind


@pytest.fixture
def reader(db: None) -> Subscriber:
    return make_reader(created=NOW - timedelta(days=8))


@pytest.fixture
def digest_on(reader: Subscriber) -> Callable[..., None]:
    """Save digests of the reader's on some days of June."""

    def save(*days: int) -> None:
        for day in days:
            at = datetime(2026, 6, day, 8, tzinfo=UTC)
            Digest.objects.create(
                subscriber=reader,
                digest_date=at.date(),
                status=Digest.Status.READY,
                window_start=at - timedelta(days=1),
                window_end=at,
                horizon_days=7,
                planned_at=at,
            )

    return save


def did(reader: Subscriber, kind: Kind, day: int) -> None:
    ConsentEvent.objects.create(
        subscriber=reader, address_key=reader.address_key, kind=kind, at=datetime(2026, 6, day, 12, tzinfo=UTC)
    )


def gaps(reader: Subscriber) -> list[tuple[int, int, Why]]:
    return [(gap.first.day, gap.last.day, gap.why) for gap in read_past(reader=reader, today=TODAY).gaps]


def test_digests_of_every_day_leave_no_gap(reader: Subscriber, digest_on: Callable[..., None]) -> None:
    digest_on(*range(1, 10))

    past = read_past(reader=reader, today=TODAY)

    assert [row.digest_date.day for row in past.digests] == list(range(9, 0, -1))
    assert past.gaps == ()


def test_today_is_no_gap_before_its_hour(reader: Subscriber, digest_on: Callable[..., None]) -> None:
    digest_on(*range(1, 9))

    assert gaps(reader) == []


def test_days_that_are_not_chosen_are_one_gap(reader: Subscriber, digest_on: Callable[..., None]) -> None:
    reader.cadence = "weekdays"
    digest_on(1, 2, 3, 4, 5, 8, 9)

    assert gaps(reader) == [(6, 7, Why.NOT_CHOSEN)]


def test_a_chosen_day_without_a_digest_is_not_explained_further(
    reader: Subscriber, digest_on: Callable[..., None]
) -> None:
    reader.cadence = "weekdays"
    digest_on(1, 2, 3, 8, 9)

    assert gaps(reader) == [(4, 7, Why.CHOSEN)]


def test_a_pause_explains_the_days_up_to_yesterday(reader: Subscriber, digest_on: Callable[..., None]) -> None:
    reader.paused_until = date(2026, 6, 20)
    digest_on(1, 2, 3, 5)

    assert gaps(reader) == [(6, 8, Why.PAUSED), (4, 4, Why.CHOSEN)]


def test_the_days_before_the_address_was_confirmed_say_so(reader: Subscriber, digest_on: Callable[..., None]) -> None:
    did(reader, Kind.REQUESTED, 1)
    did(reader, Kind.CONFIRMED, 5)
    digest_on(6, 7, 8, 9)

    assert gaps(reader) == [(5, 5, Why.BEGAN), (1, 4, Why.NOT_CONFIRMED)]


def test_the_days_between_leaving_and_coming_back_say_so(reader: Subscriber, digest_on: Callable[..., None]) -> None:
    did(reader, Kind.IMPORTED, 1)
    did(reader, Kind.UNSUBSCRIBED, 4)
    did(reader, Kind.RETURNED, 7)
    digest_on(1, 2, 3, 4, 8, 9)

    assert gaps(reader) == [(7, 7, Why.BEGAN), (5, 6, Why.LEFT)]


def test_a_reader_without_digests_has_the_days_since_they_signed_up(reader: Subscriber) -> None:
    did(reader, Kind.REQUESTED, 1)
    did(reader, Kind.CONFIRMED, 8)

    assert gaps(reader) == [(8, 8, Why.BEGAN), (1, 7, Why.NOT_CONFIRMED)]


def test_days_are_the_reader_s_own(reader: Subscriber) -> None:
    reader.timezone = "Pacific/Auckland"
    did(reader, Kind.CONFIRMED, 7)  # noon in UTC is the 8th there

    assert gaps(reader)[0] == (8, 8, Why.BEGAN)


def test_what_is_older_is_read_on_without_a_day_lost_or_doubled(
    reader: Subscriber, digest_on: Callable[..., None]
) -> None:
    reader.created_at = datetime(2026, 4, 1, tzinfo=UTC)
    for days_ago in range(0, 2 * DIGESTS_SHOWN, 2):
        _save(reader, TODAY - timedelta(days=days_ago))
    _save(reader, date(2026, 4, 3))

    newer = read_past(reader=reader, today=TODAY)
    older = read_past(reader=reader, today=TODAY, before=newer.earlier)

    assert (len(newer.digests), [row.digest_date for row in older.digests]) == (DIGESTS_SHOWN, [date(2026, 4, 3)])
    covered = _days([*newer.gaps, *older.gaps]) + [row.digest_date for row in (*newer.digests, *older.digests)]
    assert sorted(covered) == [date(2026, 4, 1) + timedelta(days=n) for n in range((TODAY - date(2026, 4, 1)).days + 1)]
    assert older.earlier is None


@pytest.mark.parametrize("before", [date.min, date(2026, 6, 1), date.max])
def test_no_day_before_the_sign_up_or_after_today_is_explained(
    reader: Subscriber, digest_on: Callable[..., None], before: date
) -> None:
    digest_on(9)

    days = _days([*read_past(reader=reader, today=TODAY, before=before).gaps])

    assert all(reader.created_at.date() <= day < TODAY for day in days)


def test_it_costs_four_queries_however_much_came(
    reader: Subscriber, digest_on: Callable[..., None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    digest_on(*range(1, 10))
    for row in Digest.objects.all():
        DigestItem.objects.create(digest=row, subscriber=reader, paper=make_paper(), section="matched", position=0)
        Delivery.objects.create(digest=row, created_at=NOW)

    with django_assert_num_queries(4):
        past = read_past(reader=reader, today=TODAY)
        titles = [(item.paper.title, row.delivery.status) for row in past.digests for item in row.items.all()]

    assert len(titles) == 9


def _save(reader: Subscriber, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    window = {"window_start": at - timedelta(days=1), "window_end": at, "horizon_days": 7, "planned_at": at}
    Digest.objects.create(subscriber=reader, digest_date=day, status=Digest.Status.READY, **window)


def _days(gaps: list[Gap]) -> list[date]:
    return [gap.first + timedelta(days=n) for gap in gaps for n in range((gap.last - gap.first).days + 1)]
