"""Papers that readers named: found among ours, or asked for at a real server that has good and bad days."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from digest.models import Paper, PaperIdentifier, SourceGate
from digest.pipeline import library
from digest.pipeline.library import (
    ASK_AGAIN_AFTER,
    CLAIM_TIMEOUT,
    MOST_LOOK_UPS,
    LookUpReport,
    look_up_library,
    name_library,
)
from subscriptions.models import LibraryPaper, Subscriber
from tests import source_server
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.payloads import api_entry, api_feed
from tests.source_server import ACCESS_DENIED, RATE_EXCEEDED, Answer, Request, SourceServer
from tests.threads import at_once
from tests.unit.pipeline.moments import FakeTime

pytestmark = pytest.mark.django_db
OLD, OTHER, NONE = "1904.01234", "2001.05678", "2512.99999"
PAPERS = {
    OLD: api_entry(paper=f"{OLD}v2", title="An older paper", published="2019-04-02T10:00:00Z"),
    OTHER: api_entry(paper=f"{OTHER}v1", title="Another older paper", published="2020-01-15T10:00:00Z"),
}
MALFORMED = "nowhere/0101001"
"""It reads like an old arXiv id, but there was never such an archive."""


def arxiv(request: Request) -> Answer:
    """Answer as the API does: what it does not know is left out, and one malformed id spoils the request."""
    ids = request.params["id_list"].split(",")
    if MALFORMED in ids:
        return Answer(status=400, body=f"incorrect id format for {MALFORMED}".encode())
    return Answer(body=api_feed(*(PAPERS[paper] for paper in reversed(ids) if paper in PAPERS)))


@pytest.fixture
def server(settings: LazySettings) -> Iterator[SourceServer]:
    with source_server.running() as running:
        settings.SOURCES = {"arxiv": {"api_url": f"{running.address}/api/query"}}
        running.answers(arxiv)
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(NOW)


LookUp = Callable[..., LookUpReport]


@pytest.fixture
def look_up(server: SourceServer, time: FakeTime) -> LookUp:
    """Look up at the moment that the clock shows."""
    return lambda **options: look_up_library(now=time.at, clock=time.clock, **options)


def name(*ids: str, **reader: Any) -> None:
    """Have a reader name papers that they like."""
    make_profile(reader=make_reader(**reader), likes=ids)


def rows() -> dict[str, tuple[str, str]]:
    """Give each named paper's state and title."""
    return {
        value: (state, title) for value, state, title in LibraryPaper.objects.values_list("value", "state", "title")
    }


def asked(server: SourceServer) -> list[list[str]]:
    return [request.params["id_list"].split(",") for request in server.requests]


# --- papers that we have ----------------------------------------------------------------


def test_a_paper_that_we_have_gets_its_title_and_nobody_is_asked(server: SourceServer, look_up: LookUp) -> None:
    make_paper(arxiv=OLD, title="It is here already")
    name(OLD)

    report = look_up()

    assert rows() == {OLD: ("known", "It is here already")}
    assert (report, server.requests) == (LookUpReport(), [])


def test_a_paper_named_by_its_doi_gets_its_title_too() -> None:
    PaperIdentifier.objects.create(paper=make_paper(title="In a journal"), scheme="doi", value="10.5555/example.1")
    LibraryPaper.objects.create(
        profile=make_profile(reader=make_reader()), scheme="doi", value="10.5555/example.1", added_at=NOW
    )

    name_library()

    assert rows() == {"10.5555/example.1": ("known", "In a journal")}


def test_the_same_value_under_another_scheme_is_another_paper() -> None:
    PaperIdentifier.objects.create(paper=make_paper(), scheme="other", value=OLD)
    name(OLD)

    assert name_library() == 0


def test_naming_twice_names_once() -> None:
    make_paper(arxiv=OLD)
    name(OLD)
    name_library()

    assert name_library() == 0


def test_a_title_beyond_all_measure_is_cut() -> None:
    make_paper(arxiv=OLD, title="long " * 200)
    name(OLD)

    name_library()

    assert len(rows()[OLD][1]) == library.LONGEST_TITLE


def test_a_row_that_is_known_has_a_title() -> None:
    name(OLD)

    with pytest.raises(IntegrityError, match="library_paper_known_by_title"), transaction.atomic():
        LibraryPaper.objects.update(state="known")


# --- papers that arXiv has --------------------------------------------------------------


def test_an_unread_paper_is_asked_for_and_stored(server: SourceServer, look_up: LookUp) -> None:
    name(OLD, OTHER)

    report = look_up()

    assert rows() == {OLD: ("known", "An older paper"), OTHER: ("known", "Another older paper")}
    assert set(Paper.objects.values_list("title", flat=True)) == {"An older paper", "Another older paper"}
    assert (asked(server), report) == ([[OLD, OTHER]], LookUpReport(asked=2))


def test_a_paper_that_many_readers_named_is_asked_for_once(server: SourceServer, look_up: LookUp) -> None:
    for _ in range(3):
        name(OLD)

    look_up()

    assert asked(server) == [[OLD]]
    assert set(LibraryPaper.objects.values_list("state", flat=True)) == {"known"}


def test_a_second_look_up_asks_nothing_and_changes_nothing(server: SourceServer, look_up: LookUp) -> None:
    name(OLD, NONE)
    look_up()
    before = list(LibraryPaper.objects.order_by("pk").values())

    look_up()

    assert (len(server.requests), list(LibraryPaper.objects.order_by("pk").values())) == (1, before)


def test_at_most_one_request_of_ids_is_taken_up_and_the_rest_comes_next(server: SourceServer, look_up: LookUp) -> None:
    name(OLD, OTHER, NONE)

    report = look_up(limit=2)
    look_up(limit=2)

    assert (report.asked, asked(server)) == (2, [[OLD, OTHER], [NONE]])


def test_nothing_is_asked_for_a_reader_who_has_not_confirmed(server: SourceServer, look_up: LookUp) -> None:
    name(OLD, status=Subscriber.Status.PENDING)

    look_up()

    assert server.requests == []


def test_a_doi_is_not_asked_of_arxiv(server: SourceServer, look_up: LookUp) -> None:
    profile = make_profile(reader=make_reader())
    LibraryPaper.objects.create(profile=profile, scheme="doi", value="10.5555/example.1", added_at=NOW)

    look_up()

    assert (server.requests, rows()) == ([], {"10.5555/example.1": ("waiting", "")})


# --- papers that arXiv does not know ----------------------------------------------------


def test_an_id_that_arxiv_does_not_know_is_said_to_be_unknown(look_up: LookUp) -> None:
    name(OLD, NONE)

    look_up()

    assert rows() == {OLD: ("known", "An older paper"), NONE: ("unknown", "")}


def test_an_unknown_id_is_asked_for_again_after_a_week_and_no_sooner(
    server: SourceServer, look_up: LookUp, time: FakeTime
) -> None:
    name(NONE)
    look_up()
    time.at = NOW + ASK_AGAIN_AFTER - timedelta(seconds=1)
    look_up()
    too_soon = len(server.requests)
    time.at = NOW + ASK_AGAIN_AFTER

    look_up()

    assert (too_soon, len(server.requests)) == (1, 2)


def test_an_id_that_stays_unknown_is_given_up(server: SourceServer, look_up: LookUp, time: FakeTime) -> None:
    name(NONE)
    for _ in range(MOST_LOOK_UPS + 3):
        look_up()
        time.passes(days=8)

    assert (len(server.requests), rows()) == (MOST_LOOK_UPS, {NONE: ("unknown", "")})


def test_an_id_that_was_given_up_becomes_known_when_the_paper_comes_by_itself() -> None:
    name(NONE)
    LibraryPaper.objects.update(state="unknown", look_ups=MOST_LOOK_UPS, looked_up_at=NOW)
    make_paper(arxiv=NONE, title="At last")

    name_library()

    assert rows() == {NONE: ("known", "At last")}


def test_an_id_that_arxiv_takes_for_none_costs_no_other(server: SourceServer, look_up: LookUp) -> None:
    name(OLD, MALFORMED, NONE, OTHER)

    report = look_up()

    states = {value: state for value, (state, _) in rows().items()}
    assert states == {OLD: "known", OTHER: "known", MALFORMED: "unknown", NONE: "unknown"}
    assert report == LookUpReport(asked=4)


def test_a_server_that_refuses_everything_is_not_asked_for_ever(
    server: SourceServer, look_up: LookUp, time: FakeTime
) -> None:
    name(*(f"1904.{number:05d}" for number in range(100)))
    server.answers(Answer(status=400))

    report = look_up()

    assert "took too long" in report.stopped
    assert time.at < NOW + library.LONGEST_TURN + timedelta(minutes=1)


# --- bad days ---------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [RATE_EXCEEDED, Answer(status=503), Answer(body=b"<html>Hello</html>")])
def test_a_trouble_that_may_pass_leaves_the_rows_for_later(
    server: SourceServer, look_up: LookUp, time: FakeTime, answer: Answer
) -> None:
    name(OLD)
    server.answers(answer, arxiv)

    report = look_up()
    state = rows()[OLD]
    time.passes(seconds=CLAIM_TIMEOUT.total_seconds())
    look_up()

    assert (report.stopped != "", state) == (True, ("waiting", ""))
    assert rows()[OLD] == ("known", "An older paper")


def test_a_worker_that_died_is_followed_by_another(server: SourceServer, look_up: LookUp, time: FakeTime) -> None:
    name(OLD)
    library.claim(now=NOW, limit=100)
    time.passes(seconds=CLAIM_TIMEOUT.total_seconds() - 1)
    look_up()
    while_alive = len(server.requests)
    time.passes(seconds=1)

    look_up()

    assert (while_alive, len(server.requests)) == (0, 1)


def test_after_a_refusal_nothing_is_asked_until_a_person_lifts_it(
    server: SourceServer, look_up: LookUp, time: FakeTime
) -> None:
    name(OLD)
    server.answers(ACCESS_DENIED, arxiv)
    look_up()
    time.passes(days=3)

    report = look_up()

    assert SourceGate.objects.get().denied_at is not None
    assert (len(server.requests), rows()) == (1, {OLD: ("waiting", "")})
    assert "403" in report.stopped


def test_an_answer_with_a_broken_record_calls_nothing_unknown(server: SourceServer, look_up: LookUp) -> None:
    name(OLD, OTHER)
    server.answers(api_feed(PAPERS[OLD], PAPERS[OTHER])[:-200])

    look_up()

    assert rows() == {OLD: ("known", "An older paper"), OTHER: ("waiting", "")}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_gets_each_id() -> None:
    ids = [f"1904.{number:05d}" for number in range(40)]
    name(*ids)

    taken = at_once(workers=2, do=lambda: library.claim(now=NOW, limit=100))

    assert sorted(taken[0] + taken[1]) == ids


# --- what it is for ---------------------------------------------------------------------


def test_a_paper_from_the_past_keeps_its_own_dates(look_up: LookUp) -> None:
    name(OLD)

    look_up()

    paper = Paper.objects.get()
    assert (paper.first_seen_at, paper.submitted_at) == (NOW, datetime.fromisoformat("2019-04-02T10:00:00+00:00"))
    assert paper.announced_on is None
