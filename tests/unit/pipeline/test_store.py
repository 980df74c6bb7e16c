"""One door for two kinds of database: the same rows whichever way they go in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from digest.models import Delivery, Digest, DigestItem
from digest.pipeline import store
from digest.pipeline.plan import plan_due
from digest.pipeline.store import Content, ItemRow, settle_digests, write_deliveries, write_items
from digest.types import Reason

Make = Callable[..., Any]

ODD = 'tab\t back\\slash "quote" \\N é\nline'


def stored(now: datetime) -> list[dict[str, Any]]:
    """Every column of what was written but the numbers that the database gave."""
    items = [{**row, "id": 0} for row in DigestItem.objects.order_by("position").values()]
    deliveries = [{**row, "id": 0} for row in Delivery.objects.values()]
    assert all(row["created_at"] == now for row in deliveries)
    return items + deliveries


@pytest.fixture
def rows(make_paper: Make, make_reader: Make, now: datetime) -> list[ItemRow]:
    papers = [make_paper(), make_paper()]
    reader = make_reader(profiles=[{"name": "Reefs"}])
    (digest_id,) = plan_due(now=now).digest_ids
    matched = ItemRow(
        digest_id=digest_id,
        subscriber_id=reader.pk,
        paper_id=papers[0].pk,
        section="matched",
        position=0,
        profile_id=reader.profiles.get().pk,
        profile_name=ODD,
        also_in=(ODD, "Tides"),
        score=2.5,
        reasons=(Reason(kind="keyword", term=ODD, share=1.0, asked="reefs"),),
    )
    trending = ItemRow(digest_id, reader.pk, papers[1].pk, section="trending", position=1, score=3.0, note=ODD)
    return [matched, trending]


@pytest.mark.postgres
@pytest.mark.django_db
def test_copied_rows_are_those_that_an_insert_writes(
    rows: list[ItemRow], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_items(rows)
    write_deliveries(digest_ids=[rows[0].digest_id], now=now)
    copied = stored(now)
    DigestItem.objects.all().delete()
    Delivery.objects.all().delete()

    monkeypatch.setattr(store, "can_copy", lambda: False)
    write_items(rows)
    write_deliveries(digest_ids=[rows[0].digest_id], now=now)

    assert stored(now) == copied


@pytest.mark.django_db
def test_what_is_written_can_be_read_again_letter_by_letter(rows: list[ItemRow]) -> None:
    write_items(rows)

    matched, trending = DigestItem.objects.order_by("position")
    assert (matched.profile_name, matched.also_in, trending.note) == (ODD, [ODD, "Tides"], ODD)
    assert matched.reasons == [{"kind": "keyword", "term": ODD, "share": 1.0, "asked": "reefs"}]


@pytest.mark.django_db
def test_a_digest_without_papers_says_why_and_one_with_papers_does_not(rows: list[ItemRow], now: datetime) -> None:
    ready = rows[0].digest_id

    settle_digests(contents={ready: Content(items=tuple(rows))}, now=now)
    full = Digest.objects.get()
    settle_digests(contents={ready: Content(items=(), empty_reason="It is Sunday.")}, now=now)
    empty = Digest.objects.get()

    assert (full.status, full.empty_reason, full.built_at) == ("ready", "", now)
    assert (empty.status, empty.empty_reason) == ("empty", "It is Sunday.")


@pytest.mark.django_db
def test_the_mails_of_an_hour_are_spread_over_it(rows: list[ItemRow], now: datetime, settings: LazySettings) -> None:
    settings.EMAIL_SPREAD_MINUTES = 40
    ids = [row.digest_id for row in rows][:1]

    moments = []
    for _ in range(30):
        Delivery.objects.all().delete()
        write_deliveries(digest_ids=ids, now=now)
        moments.append(Delivery.objects.get().retry_at or now)

    assert now <= min(moments) < now + timedelta(minutes=20) < max(moments) < now + timedelta(minutes=40)


@pytest.mark.django_db
def test_without_a_spread_a_mail_may_leave_at_once(rows: list[ItemRow], now: datetime) -> None:
    write_deliveries(digest_ids=[rows[0].digest_id], now=now)

    assert Delivery.objects.get().retry_at is None


@pytest.mark.django_db
def test_nothing_to_write_asks_nothing_of_the_database(now: datetime, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        write_items([])
        assert write_deliveries(digest_ids=[], now=now) == ()
