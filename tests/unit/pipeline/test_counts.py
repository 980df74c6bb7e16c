"""The numbers on the admin's first page."""

from datetime import timedelta

import pytest

from digest.models import Delivery, Digest
from digest.pipeline import counts
from digest.pipeline.counts import day_counts
from tests.builders import NOW, make_reader
from tests.unit.admin.rows import make_delivery, make_digest, make_outgoing

pytestmark = pytest.mark.django_db


def test_todays_digests_are_counted_by_status() -> None:
    for status in (Digest.Status.READY, Digest.Status.READY, Digest.Status.PLANNED):
        make_digest(reader=make_reader(), status=status)
    make_digest(reader=make_reader(), digest_date=NOW.date() - timedelta(days=1))

    assert day_counts(now=NOW).digests == {"Planned": "1", "Ready": "2", "Empty": "0"}


def test_each_queue_is_counted() -> None:
    due = make_reader(next_digest_at=NOW)
    make_digest(reader=due, status=Digest.Status.PLANNED)
    for status in (Delivery.Status.QUEUED, Delivery.Status.SENDING, Delivery.Status.UNKNOWN, Delivery.Status.SENT):
        make_delivery(digest=make_digest(reader=make_reader(next_digest_at=None)), status=status)
    make_outgoing(reader=due)
    make_outgoing(reader=due, status="sent")

    assert day_counts(now=NOW).queues == {
        "Readers who are due": "1",
        "Digests to build": "1",
        "Digests to mail": "2",
        "Digests to settle by hand": "1",
        "Other mails to send": "1",
    }


@pytest.mark.parametrize(("rows", "words"), [(2, "2"), (3, "3 or more"), (4, "3 or more")])
def test_nothing_is_counted_beyond_the_limit(monkeypatch: pytest.MonkeyPatch, rows: int, words: str) -> None:
    monkeypatch.setattr(counts, "COUNT_LIMIT", 3)
    for _ in range(rows):
        make_digest(reader=make_reader())

    assert day_counts(now=NOW).digests["Ready"] == words
