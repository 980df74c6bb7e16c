"""Polite requests, against a real server on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.conf import LazySettings

from digest.errors import AccessDenied, PermanentError, TemporaryError
from digest.models import FetchedPage, SourceGate
from digest.pipeline import http as http_module
from digest.pipeline.gate import Gate
from digest.pipeline.http import PoliteHttp, polite_client, retry_after
from tests import source_server
from tests.source_server import ACCESS_DENIED, RATE_EXCEEDED, Answer, SourceServer, busy
from tests.unit.pipeline.moments import FakeTime

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[SourceServer]:
    with source_server.running() as running:
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(NOW)


@pytest.fixture
def http(time: FakeTime) -> Iterator[PoliteHttp]:
    with polite_client(timeout=httpx.Timeout(0.3)) as client:
        yield PoliteHttp(gate=Gate(host="arxiv", pause=timedelta(seconds=3), clock=time.clock), client=client)


def test_a_request_says_who_asks_and_how_to_reach_them(
    server: SourceServer, http: PoliteHttp, settings: LazySettings
) -> None:
    settings.SITE_URL, settings.CONTACT_EMAIL = "https://papers.example.org", "staff@example.org"
    server.answers(b"hello")
    with polite_client() as client:
        PoliteHttp(gate=http.gate, client=client).get(server.address)

    agent = server.requests[0].headers["User-Agent"]

    assert agent.startswith("Postprint/")
    assert agent.endswith("(+https://papers.example.org; mailto:staff@example.org)")


def test_the_body_comes_with_its_parameters(server: SourceServer, http: PoliteHttp) -> None:
    server.answers(b"hello")

    body = http.get(f"{server.address}/api/query", params={"id_list": "hep-th/9901001,2606.01234"})

    assert body == b"hello"
    assert server.requests[0].params == {"id_list": "hep-th/9901001,2606.01234"}


def test_requests_are_three_seconds_apart(server: SourceServer, http: PoliteHttp, time: FakeTime) -> None:
    server.answers(b"one", b"two", b"three")

    for _ in range(3):
        http.get(server.address)

    assert time.slept == [3.0, 3.0]


# --- what has not changed ---------------------------------------------------------------


def test_a_page_that_was_read_and_stored_is_not_sent_again(server: SourceServer, http: PoliteHttp) -> None:
    server.answers(b"the feed")
    first = http.get(server.address, conditional=True)
    http.keep()

    second = http.get(server.address, conditional=True)

    assert (first, second) == (b"the feed", None)


def test_a_page_that_was_read_but_not_stored_comes_again(server: SourceServer, http: PoliteHttp) -> None:
    server.answers(b"the feed")
    http.get(server.address, conditional=True)

    second = http.get(server.address, conditional=True)

    assert second == b"the feed"


def test_a_page_that_changed_is_sent(server: SourceServer, http: PoliteHttp) -> None:
    server.answers(b"old", b"new")
    http.get(server.address, conditional=True)
    http.keep()

    second = http.get(server.address, conditional=True)
    http.keep()

    assert second == b"new"
    assert FetchedPage.objects.count() == 1


# --- bad days ---------------------------------------------------------------------------


def open_at() -> datetime:
    return SourceGate.objects.get().open_at


def test_a_429_closes_the_gate_for_minutes_and_doubles(server: SourceServer, http: PoliteHttp, time: FakeTime) -> None:
    server.answers(RATE_EXCEEDED)

    with pytest.raises(TemporaryError, match=r"429 .*Rate exceeded.*asking again in 2 minutes"):
        http.get(server.address)
    with pytest.raises(TemporaryError, match="left alone"):
        http.get(server.address)
    time.passes(minutes=2)
    with pytest.raises(TemporaryError, match="asking again in 4 minutes"):
        http.get(server.address)

    assert len(server.requests) == 2


def test_a_503_is_believed_when_it_says_how_long(server: SourceServer, http: PoliteHttp) -> None:
    server.answers(busy(retry_after="1200"))

    with pytest.raises(TemporaryError, match="asking again in 20 minutes"):
        http.get(server.address)

    assert open_at() == NOW + timedelta(minutes=20)


def test_a_503_without_a_word_closes_the_gate_for_minutes(server: SourceServer, http: PoliteHttp) -> None:
    server.answers(busy())

    with pytest.raises(TemporaryError):
        http.get(server.address)

    assert open_at() == NOW + timedelta(minutes=2)


def test_a_403_ends_all_requests_until_a_person_lifts_it(
    server: SourceServer, http: PoliteHttp, time: FakeTime
) -> None:
    server.answers(ACCESS_DENIED)
    with pytest.raises(AccessDenied, match="Access denied"):
        http.get(server.address)
    time.passes(days=7)

    with pytest.raises(AccessDenied, match="person"):
        http.get(server.address)

    assert len(server.requests) == 1


def test_a_server_that_hangs_is_left_and_given_minutes(server: SourceServer, http: PoliteHttp) -> None:
    server.answers(Answer(hangs=True))

    with pytest.raises(TemporaryError, match="could not be read"):
        http.get(server.address)

    assert open_at() == NOW + timedelta(minutes=2)


def test_a_server_that_is_not_there_is_a_trouble_that_may_pass(http: PoliteHttp) -> None:
    with pytest.raises(TemporaryError, match="could not be read"):
        http.get("http://127.0.0.1:9/")

    assert SourceGate.objects.get().failures == 1


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_bad_request_is_not_asked_again_and_keeps_the_gate_open(
    server: SourceServer, http: PoliteHttp, status: int
) -> None:
    server.answers(Answer(status=status, body=b"Feed error for query"))

    with pytest.raises(PermanentError, match=f"answers {status} .*Feed error"):
        http.get(server.address)

    assert open_at() == NOW + timedelta(seconds=3)


def test_an_address_that_is_none_is_a_wrong_setting(http: PoliteHttp) -> None:
    with pytest.raises(PermanentError, match="settings that end in _URL"):
        http.get("http://[::1")


def test_an_answer_that_is_too_large_is_not_read(
    server: SourceServer, http: PoliteHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_module, "MAX_ANSWER_BYTES", 1000)
    server.answers(b"x" * 1001)

    with pytest.raises(PermanentError, match="answers more than"):
        http.get(server.address)


def test_a_program_error_on_the_way_does_not_leave_the_gate_shut(http: PoliteHttp) -> None:
    def interrupted(_: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    http.client = httpx.Client(transport=httpx.MockTransport(interrupted))

    with pytest.raises(KeyboardInterrupt):
        http.get("https://arxiv.example.org")

    assert SourceGate.objects.get().holder == ""


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Tue, 09 Jun 2026 08:10:00 GMT", timedelta(minutes=10)),
        ("Tue, 09 Jun 2026 07:00:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, wait: timedelta | None) -> None:
    response = httpx.Response(503, headers={"Retry-After": header})

    found = retry_after(response=response, now=NOW)

    assert found == wait
