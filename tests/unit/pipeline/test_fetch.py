"""A reading from the network to the rows, against a real server that has good and bad days."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from digest.models import FetchedPage, IngestRun, Paper, SourceGate
from digest.pipeline.fetch import LONGEST_RUN, read_files, read_source, run_source
from digest.pipeline.ingest import IngestReport
from tests import source_server
from tests.builders import make_paper
from tests.payloads import (
    api_entry,
    api_feed,
    hf_list,
    hf_paper,
    oai_error,
    oai_page,
    oai_raw,
    rss_feed,
    rss_item,
)
from tests.source_server import ACCESS_DENIED, RATE_EXCEEDED, Answer, Request, SourceServer, busy
from tests.unit.pipeline.moments import FakeTime

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 9, 4, 10, tzinfo=UTC)
"""Ten past midnight in New York: Monday evening's announcement has just come into the feed."""
YESTERDAY = NOW - timedelta(days=1)
V1, V2 = "Fri, 5 Jun 2026 10:11:12 GMT", "Sat, 6 Jun 2026 01:00:00 GMT"


@pytest.fixture
def server(settings: LazySettings) -> Iterator[SourceServer]:
    with source_server.running() as running:
        settings.SOURCES = {
            "arxiv": {
                "categories": ("cs.CL",),
                "rss_url": running.address,
                "api_url": f"{running.address}/api/query",
                "oai_url": f"{running.address}/oai",
            },
            "arxiv-oai": {"categories": ("cs.CL",), "oai_url": f"{running.address}/oai"},
            "huggingface": {"base_url": running.address},
        }
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(NOW)


@pytest.fixture
def yesterday() -> None:
    """The source was last read a day ago."""
    for source in ("arxiv", "arxiv-oai", "huggingface"):
        IngestRun.objects.create(source=source, started_at=YESTERDAY, finished_at=YESTERDAY, seen=1)


Run = Callable[..., IngestReport | None]


@pytest.fixture
def run(server: SourceServer, time: FakeTime, yesterday: None) -> Run:
    """Run a source at the moment that the clock shows."""
    return lambda name="arxiv": run_source(source_name=name, now=time.at, clock=time.clock)


def arxiv(*, feed: bytes = b"", api: bytes | Answer = b"", oai: bytes | Answer = b"") -> Callable[[Request], Answer]:
    """Answer by the address that was asked."""
    answers = {"/api/query": api or api_feed(), "/oai": oai or oai_error(code="noRecordsMatch")}

    def answer(request: Request) -> Answer:
        found = answers.get(request.path, feed or rss_feed())
        return found if isinstance(found, Answer) else Answer(body=found)

    return answer


def paths(server: SourceServer) -> list[str]:
    return [request.path for request in server.requests]


# --- a good day -------------------------------------------------------------------------


def test_the_feed_announces_and_the_api_says_it_cleanly(server: SourceServer, run: Run) -> None:
    server.answers(arxiv(feed=rss_feed(rss_item(title="For people")), api=api_feed(api_entry(title="Clean"))))

    report = run()

    paper = Paper.objects.get()
    assert report is not None
    assert report.counts() == {"seen": 2, "new": 1, "updated": 1, "unchanged": 0, "rejected": 0}
    assert (paper.title, paper.announced_on, paper.metadata_rank) == ("Clean", NOW.date(), 30)
    assert server.requests[1].params["id_list"] == "2606.01234"


def test_papers_of_other_lists_are_looked_up_too(server: SourceServer, run: Run) -> None:
    make_paper(arxiv="2606.05678", metadata_rank=0, metadata_as_of=YESTERDAY)
    make_paper(arxiv="2606.00001", metadata_rank=30, metadata_as_of=YESTERDAY)
    make_paper(arxiv="2601.00001", metadata_rank=0, metadata_as_of=NOW - timedelta(days=5))
    server.answers(arxiv())

    run()

    assert [request.params.get("id_list") for request in server.requests] == [None, "2606.05678"]


def test_a_replacement_that_sounds_withdrawn_is_settled_by_the_flag(server: SourceServer, run: Run) -> None:
    words = api_entry(paper="2606.01234v2", updated="2026-06-06T01:00:00Z", comment="This paper has been withdrawn")
    server.answers(
        arxiv(
            feed=rss_feed(rss_item(paper="2606.01234v2", kind="replace")),
            api=api_feed(words),
            oai=oai_page(oai_raw(versions=[(V1, ""), (V2, "")], comments="This paper has been withdrawn")),
        )
    )

    run()

    paper = Paper.objects.get()
    assert paths(server) == ["/rss/cs.CL", "/api/query", "/oai"]
    assert (paper.withdrawn, paper.withdrawn_settled_version) == (False, 2)


def test_a_harvest_follows_its_tokens_from_the_day_before_the_last_one(server: SourceServer, run: Run) -> None:
    server.answers(oai_page(oai_raw(paper="2606.00001"), token="p2"), oai_page(oai_raw(paper="2606.00002")))

    report = run("arxiv-oai")

    assert report is not None
    assert report.new == 2
    assert server.requests[0].params["from"] == "2026-06-07"
    assert server.requests[1].params == {"verb": "ListRecords", "resumptionToken": "p2"}


def test_counts_are_read_hourly(server: SourceServer, run: Run, time: FakeTime) -> None:
    today = hf_list(hf_paper(upvotes=5))
    server.answers(today, *[hf_list()] * 7, hf_list(hf_paper(upvotes=9)))
    first = run("huggingface")
    time.passes(hours=1)

    second = run("huggingface")

    assert first is not None
    assert second is not None
    assert (first.new, second.updated) == (1, 1)
    assert len(server.requests) == 8 + 1  # the first run of a day reads the week before, too


def test_counts_that_rise_are_kept_day_by_day(server: SourceServer, run: Run, time: FakeTime) -> None:
    server.answers(hf_list(hf_paper(upvotes=5)), *[hf_list()] * 8, hf_list(hf_paper(upvotes=9)), hf_list())
    run("huggingface")
    time.passes(hours=24)

    run("huggingface")

    readings = Paper.objects.get().signals.order_by("day").values_list("day", "value")
    assert list(readings) == [(NOW.date(), 5), (NOW.date() + timedelta(days=1), 9)]


def test_all_arxiv_hosts_share_one_gate_and_one_connection(server: SourceServer, run: Run, time: FakeTime) -> None:
    server.answers(arxiv(feed=rss_feed(rss_item()), api=api_feed(api_entry())))
    run()
    run("arxiv-oai")

    assert list(SourceGate.objects.values_list("host", flat=True)) == ["arxiv"]
    assert time.slept == [3.0, 3.0]
    assert server.most_at_once == 1


def test_a_paper_is_first_seen_when_it_is_stored_and_not_when_the_reading_began(
    server: SourceServer, run: Run, time: FakeTime
) -> None:
    server.answers(oai_page(oai_raw(paper="2606.00001"), token="p2"), oai_page(oai_raw(paper="2606.00002")))

    run("arxiv-oai")

    first, second = Paper.objects.order_by("pk").values_list("first_seen_at", flat=True)
    assert second - first == timedelta(seconds=3)


# --- the clock --------------------------------------------------------------------------


def test_what_is_not_due_is_not_asked(server: SourceServer, run: Run) -> None:
    IngestRun.objects.create(source="arxiv", started_at=NOW - timedelta(minutes=5), finished_at=NOW, seen=9)

    report = run()

    assert report is None
    assert server.requests == []


def test_the_feed_is_polled_until_the_announcement_came(server: SourceServer, run: Run, time: FakeTime) -> None:
    old = rss_feed(title="yesterday's")
    server.answers(old, old, arxiv(feed=rss_feed(rss_item())))
    seen = []
    for _ in range(4):
        report = run()
        seen.append(report.seen if report else None)
        time.passes(minutes=10)

    assert seen == [0, 0, 1, None]


def test_a_reading_that_is_still_going_on_is_not_begun_again(server: SourceServer, run: Run) -> None:
    IngestRun.objects.create(source="arxiv", started_at=NOW - timedelta(minutes=9))

    report = run()

    assert report is None


def test_a_reading_whose_process_died_does_not_stop_the_next(server: SourceServer, run: Run) -> None:
    IngestRun.objects.create(source="arxiv", started_at=NOW - timedelta(minutes=11))
    server.answers(arxiv())

    report = run()

    assert report is not None


@pytest.mark.parametrize(("takes", "asked"), [(LONGEST_RUN - timedelta(seconds=10), 3), (LONGEST_RUN, 2)])
def test_a_scheduled_reading_ends_before_its_worker_is_ended(
    server: SourceServer, run: Run, time: FakeTime, takes: timedelta, asked: int
) -> None:
    def slow(request: Request) -> Answer:
        time.at += takes / 2
        return Answer(body=next(pages))

    pages = iter([oai_page(oai_raw(), token="more"), oai_page(oai_raw(), token="rest"), oai_page(oai_raw())])
    server.answers(slow)

    run("arxiv-oai")

    last = IngestRun.objects.latest("pk")
    assert len(server.requests) == asked
    assert ("took too long" in last.error) is (asked == 2)
    assert last.finished_at is not None


def test_a_reading_by_hand_takes_its_time(server: SourceServer, time: FakeTime, yesterday: None) -> None:
    def slow(request: Request) -> Answer:
        time.at += LONGEST_RUN
        return Answer(body=next(pages))

    pages = iter([oai_page(oai_raw(), token="more"), oai_page(oai_raw())])
    server.answers(slow)

    assert read_source(source_name="arxiv-oai", now=NOW, clock=time.clock).stopped == ""
    assert len(server.requests) == 2


def test_a_window_asked_for_by_hand_does_not_move_the_clock(
    server: SourceServer, time: FakeTime, yesterday: None
) -> None:
    server.answers(oai_page(oai_raw()))
    read_source(
        source_name="arxiv-oai",
        now=NOW,
        since=datetime(2020, 1, 1, tzinfo=UTC),
        until=datetime(2020, 1, 3, tzinfo=UTC),
        clock=time.clock,
    )

    read_source(source_name="arxiv-oai", now=time.at, clock=time.clock)

    assert [request.params["from"] for request in server.requests] == ["2019-12-31", "2026-06-07"]


def test_a_window_asked_for_by_hand_is_of_the_past_and_not_of_todays_feed(server: SourceServer, time: FakeTime) -> None:
    server.answers(arxiv(api=api_feed(api_entry())))

    report = read_source(
        source_name="arxiv",
        now=NOW,
        since=datetime(2026, 6, 1, tzinfo=UTC),
        until=datetime(2026, 6, 3, tzinfo=UTC),
        clock=time.clock,
    )

    assert (report.new, paths(server)) == (1, ["/api/query"])
    assert "submittedDate:[202606010000 TO 202606030000]" in server.requests[0].params["search_query"]


# --- bad days ---------------------------------------------------------------------------


def test_a_refusal_keeps_what_came_before_and_the_next_run_goes_on(
    server: SourceServer, run: Run, time: FakeTime
) -> None:
    feed = rss_feed(rss_item(title="For people"))
    server.answers(arxiv(feed=feed, api=RATE_EXCEEDED))
    stopped = run()
    time.passes(minutes=10)
    server.answers(arxiv(feed=feed, api=api_feed(api_entry(title="Clean"))))

    run()

    assert stopped is not None
    assert (stopped.new, "429" in stopped.stopped) == (1, True)
    assert Paper.objects.get().title == "Clean"


def test_during_the_silence_nothing_is_asked(server: SourceServer, run: Run, time: FakeTime) -> None:
    server.answers(busy(retry_after="3600"))
    run()
    time.passes(minutes=10)

    report = run("arxiv-oai")

    assert report is not None
    assert "left alone until 2026-06-09 05:10" in report.stopped
    assert len(server.requests) == 1


def test_a_403_is_kept_in_the_run_and_ends_all_requests(server: SourceServer, run: Run, time: FakeTime) -> None:
    server.answers(ACCESS_DENIED)
    run()
    time.passes(days=1)

    run()

    assert len(server.requests) == 1
    assert "until a person" in IngestRun.objects.latest("started_at").error


def test_a_page_that_could_not_be_read_comes_again(server: SourceServer, run: Run, time: FakeTime) -> None:
    server.answers(b"<html>Down for maintenance</html>")
    report = run()

    assert report is not None
    assert report.nothing_readable
    assert not FetchedPage.objects.exists()
    assert "HTML page" in IngestRun.objects.latest("started_at").error


def test_every_run_leaves_a_row_with_its_sums(server: SourceServer, run: Run) -> None:
    server.answers(arxiv(feed=rss_feed(rss_item(), rss_item(paper="2606.0002v1"))))

    run()

    row = IngestRun.objects.latest("started_at")
    assert (row.seen, row.new, row.rejected, row.error) == (2, 1, 1, "")
    assert row.finished_at is not None


# --- files ------------------------------------------------------------------------------


def test_files_are_read_in_whichever_format_and_do_not_move_the_clock(tmp_path: Path) -> None:
    feed, harvest = tmp_path / "feed.xml", tmp_path / "harvest.xml"
    feed.write_bytes(rss_feed(rss_item(paper="2606.00001v1")))
    harvest.write_bytes(oai_page(oai_raw(paper="2606.00002")))

    report = read_files(source_name="arxiv", paths=[feed, harvest], now=NOW)

    assert report.new == 2
    assert IngestRun.objects.get().on_schedule is False


def test_a_file_that_is_missing_does_not_stop_the_others(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss_feed(rss_item()))

    report = read_files(source_name="arxiv", paths=[tmp_path / "gone.xml", feed], now=NOW)

    assert report.new == 1
    assert "No such file" in report.unreadable[0].reason
