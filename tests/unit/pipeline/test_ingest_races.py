"""Several processes that meet the same paper at the same moment: one row, nothing lost. PostgreSQL alone can tell."""

from datetime import UTC, datetime

import pytest

from digest.models import Paper, PaperIdentifier
from digest.pipeline.ingest import IngestReport, ingest
from tests.payloads import api_entry, api_feed
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
WORKERS = 4


def total(reports: list[IngestReport]) -> IngestReport:
    return sum(reports, start=IngestReport())


def test_a_paper_that_all_workers_bring_is_new_once() -> None:
    feed = api_feed(*(api_entry(paper=f"2606.{number:05d}v1") for number in range(1, 31)))

    reports = at_once(workers=WORKERS, do=lambda: ingest(source_name="arxiv", payloads=[feed], now=NOW))

    assert total(reports).counts() == {"seen": 120, "new": 30, "updated": 0, "unchanged": 90, "rejected": 0}
    assert Paper.objects.count() == PaperIdentifier.objects.count() == 30


def test_workers_that_bring_the_same_papers_in_other_orders_do_not_block_each_other() -> None:
    entries = [api_entry(paper=f"2606.{number:05d}v1") for number in range(1, 31)]
    feeds = [api_feed(*entries), api_feed(*reversed(entries))] * 2

    reports = at_once(workers=WORKERS, do=lambda: ingest(source_name="arxiv", payloads=[feeds.pop()], now=NOW))

    assert total(reports).counts()["rejected"] == 0
    assert Paper.objects.count() == 30


def test_a_new_version_is_not_lost_to_a_worker_that_brings_the_old_one() -> None:
    old = api_feed(api_entry(paper="2606.01234v1", title="Old"))
    new = api_feed(api_entry(paper="2606.01234v2", updated="2026-06-08T09:00:00Z", title="New"))
    feeds = [old, new] * 2

    at_once(workers=WORKERS, do=lambda: ingest(source_name="arxiv", payloads=[feeds.pop()], now=NOW))

    paper = Paper.objects.get()
    assert (paper.title, paper.latest_version, paper.versions.count()) == ("New", 2, 2)
