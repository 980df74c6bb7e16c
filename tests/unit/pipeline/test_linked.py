"""Accounts that readers let us follow, against a real server: only what changed, and no key where it can leak."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from digest.models import SourceGate
from digest.pipeline.linked import AGAIN_AFTER, READ_EVERY, refresh_libraries
from digest.pipeline.orcid import is_orcid_id
from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LinkedLibrary
from subscriptions.sealed import unseal
from subscriptions.services.libraries import MOST_LINKED
from tests import source_server
from tests.builders import NOW, make_profile, make_reader
from tests.source_server import RATE_EXCEEDED, Answer, Request, SourceServer
from tests.threads import at_once
from tests.unit.pipeline.moments import FakeTime

pytestmark = pytest.mark.django_db
KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"
ORCID = "0000-0002-1825-0097"


@pytest.fixture
def server(settings: LazySettings) -> Iterator[SourceServer]:
    with source_server.running() as running:
        settings.ZOTERO_URL = running.address
        settings.ORCID_URL = f"{running.address}/v3.0"
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(NOW)


@pytest.fixture
def interest() -> InterestProfile:
    return make_profile(reader=make_reader())


Refresh = Callable[[], LinkedLibrary]


@pytest.fixture
def refresh(server: SourceServer, time: FakeTime) -> Refresh:
    """Read what is due at the moment that the clock shows."""

    def run() -> LinkedLibrary:
        refresh_libraries(now=time.at, clock=time.clock)
        return LinkedLibrary.objects.get()

    return run


def zotero(interest: InterestProfile, library: str = "users/123", secret: str = KEY) -> LinkedLibrary:
    return services.link_library(
        subscriber=interest.subscriber, profile_id=interest.pk, kind="zotero", library=library, secret=secret, now=NOW
    )


def orcid(interest: InterestProfile) -> LinkedLibrary:
    return services.link_library(
        subscriber=interest.subscriber, profile_id=interest.pk, kind="orcid", library=ORCID, secret="", now=NOW
    )


def item(number: int, **said: Any) -> dict[str, Any]:
    data = {"itemType": "preprint", "title": f"Tea {number}", "url": f"https://arxiv.org/abs/2406.{number:05}", **said}
    return {"key": f"K{number}", "version": number, "data": data}


def page(*items: dict[str, Any], version: int = 7, total: int | None = None, **headers: str) -> Answer:
    said = {
        "Last-Modified-Version": str(version),
        "Total-Results": str(len(items) if total is None else total),
        **headers,
    }
    return Answer(body=json.dumps(list(items)).encode(), headers=tuple(said.items()))


def works(*dois: str, changed: int = 5) -> bytes:
    groups = [
        {
            "external-ids": {"external-id": [{"external-id-type": "doi", "external-id-value": doi}]},
            "work-summary": [{"title": {"title": {"value": f"On {doi}"}}}],
        }
        for doi in dois
    ]
    return json.dumps({"last-modified-date": {"value": changed}, "group": groups}).encode()


def values(interest: InterestProfile) -> set[str]:
    return set(interest.library.values_list("value", flat=True))


def test_a_zotero_library_is_read_page_by_page(
    server: SourceServer, interest: InterestProfile, refresh: Refresh
) -> None:
    zotero(interest)

    def answer(request: Request) -> Answer:
        start = int(request.params["start"])
        return page(*(item(number) for number in range(start, min(start + 100, 250))), total=250)

    server.answers(answer)

    row = refresh()

    assert [request.params["start"] for request in server.requests] == ["0", "100", "200"]
    assert len(values(interest)) == 250
    assert (row.version, row.problem, row.read_at, row.next_read_at) == (7, "", NOW, NOW + READ_EVERY)
    assert row.last_import is not None
    assert len(row.last_import.lines) == 250


def test_the_key_goes_in_a_header_and_nowhere_else(
    server: SourceServer, interest: InterestProfile, refresh: Refresh, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    zotero(interest)
    server.answers(page(item(1)))

    row = refresh()

    [asked] = server.requests
    assert asked.path == "/users/123/items/top"
    assert asked.headers["Zotero-API-Key"] == KEY
    assert asked.headers["Zotero-API-Version"] == "3"
    assert KEY not in "".join(asked.params.values()) + caplog.text + row.sealed_key
    assert unseal(row.sealed_key) == KEY


def test_the_next_day_only_what_changed_is_asked_for(
    server: SourceServer, interest: InterestProfile, refresh: Refresh, time: FakeTime
) -> None:
    zotero(interest)
    server.answers(page(item(1)), Answer(status=304))
    refresh()

    refresh()
    time.passes(days=1)
    row = refresh()

    assert len(server.requests) == 2
    assert server.requests[1].params["since"] == "7"
    assert server.requests[1].headers["If-Modified-Since-Version"] == "7"
    assert (row.version, values(interest)) == (7, {"2406.00001"})


def test_a_wish_for_a_pause_is_heeded_on_any_answer(
    server: SourceServer, interest: InterestProfile, refresh: Refresh
) -> None:
    zotero(interest)
    server.answers(page(item(1), Backoff="40"))

    refresh()

    assert SourceGate.objects.get(host="127.0.0.1").open_at == NOW + timedelta(seconds=40)


def test_a_busy_host_is_asked_again_later(server: SourceServer, interest: InterestProfile, refresh: Refresh) -> None:
    zotero(interest)
    server.answers(RATE_EXCEEDED)

    row = refresh()

    assert (row.problem, row.failures, row.next_read_at) == ("away", 1, NOW + AGAIN_AFTER)


@pytest.mark.parametrize(("status", "problem"), [(403, "key_refused"), (404, "no_library")])
def test_what_the_reader_must_mend_waits_for_them_and_stops_nobody_else(
    server: SourceServer, interest: InterestProfile, refresh: Refresh, status: int, problem: str
) -> None:
    zotero(interest)
    server.answers(Answer(status=status, body=b"Forbidden"))

    row = refresh()

    assert (row.problem, row.next_read_at) == (problem, None)
    assert SourceGate.objects.get(host="127.0.0.1").denied_at is None


def test_a_new_key_is_tried_at_once(server: SourceServer, interest: InterestProfile, refresh: Refresh) -> None:
    zotero(interest)
    server.answers(Answer(status=403), page(item(1)))
    refresh()

    zotero(interest, secret="N" * 24)
    SourceGate.objects.all().delete()
    row = refresh()

    assert (row.problem, values(interest)) == ("", {"2406.00001"})
    assert server.requests[1].headers["Zotero-API-Key"] == "N" * 24


def test_the_key_follows_no_redirect(server: SourceServer, interest: InterestProfile, refresh: Refresh) -> None:
    zotero(interest)
    server.answers(Answer(status=302, headers=(("Location", f"{server.address}/elsewhere"),)), page(item(1)))

    row = refresh()

    assert len(server.requests) == 1
    assert row.problem == "unreadable"


@pytest.mark.parametrize("body", [b"<html>Sorry</html>", b'{"a": 1}', b"\0\0\0", b"[{"])
def test_an_answer_that_is_no_list_of_items_is_a_problem_and_no_crash(
    server: SourceServer, interest: InterestProfile, refresh: Refresh, body: bytes
) -> None:
    zotero(interest)
    server.answers(body)

    row = refresh()

    assert (row.problem, row.version, values(interest)) == ("unreadable", 0, set())


def test_the_works_of_a_person_are_read_when_they_have_changed(
    server: SourceServer, interest: InterestProfile, refresh: Refresh, time: FakeTime
) -> None:
    orcid(interest)
    server.answers(works("10.1000/a", "10.1000/b"))
    refresh()
    server.answers(works("10.1000/c", changed=5))
    time.passes(days=1)
    refresh()
    server.answers(works("10.1000/d", changed=6))
    time.passes(days=1)

    row = refresh()

    assert values(interest) == {"10.1000/a", "10.1000/b", "10.1000/d"}
    assert row.version == 6
    assert server.requests[0].path == f"/v3.0/{ORCID}/works"
    assert server.requests[0].headers["Accept"] == "application/json"


def test_a_person_whom_orcid_does_not_know_is_a_problem(
    server: SourceServer, interest: InterestProfile, refresh: Refresh
) -> None:
    orcid(interest)
    server.answers(Answer(status=404, body=b"{}"))

    assert refresh().problem == "no_person"


def test_nothing_is_read_for_a_reader_who_left_and_their_key_is_gone(
    server: SourceServer, interest: InterestProfile, time: FakeTime
) -> None:
    zotero(interest)

    services.unsubscribe(subscriber=interest.subscriber, now=NOW)

    assert refresh_libraries(now=NOW, clock=time.clock) == 0
    assert LinkedLibrary.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_reads_an_account(server: SourceServer) -> None:
    zotero(make_profile(reader=make_reader()))
    server.answers(page(item(1)))

    read = at_once(workers=2, do=lambda: refresh_libraries(now=NOW, clock=FakeTime(NOW).clock))

    assert sorted(read) == [0, 1]
    assert len(server.requests) == 1


def test_erasing_a_reader_erases_their_keys(interest: InterestProfile) -> None:
    zotero(interest)

    services.erase(subscriber=interest.subscriber, now=NOW)

    assert LinkedLibrary.objects.count() == 0


def test_the_copy_of_a_readers_data_names_the_account_and_not_its_key(interest: InterestProfile) -> None:
    row = zotero(interest)

    held = json.dumps(services.export(subscriber=interest.subscriber, now=NOW))

    assert "users/123" in held
    assert KEY not in held
    assert row.sealed_key not in held


def test_the_same_account_twice_is_one(interest: InterestProfile) -> None:
    assert zotero(interest).pk == zotero(interest).pk


def test_nobody_follows_more_than_a_few_accounts(interest: InterestProfile) -> None:
    for number in range(MOST_LINKED):
        zotero(interest, library=f"users/{number}")

    with pytest.raises(SubscriptionError, match="the most"):
        zotero(interest, library="users/99")


def test_only_the_owner_ends_it(interest: InterestProfile) -> None:
    row = zotero(interest)

    services.unlink_library(subscriber=make_reader(), linked_id=row.pk)
    assert LinkedLibrary.objects.count() == 1

    services.unlink_library(subscriber=interest.subscriber, linked_id=row.pk)
    services.unlink_library(subscriber=interest.subscriber, linked_id=row.pk)
    assert LinkedLibrary.objects.count() == 0


@pytest.mark.parametrize("text", ["0000-0002-1825-0097", "0000-0002-1694-233X", "0000-0001-8607-8025"])
def test_a_right_orcid_id_is_taken(text: str) -> None:
    assert is_orcid_id(text)


@pytest.mark.parametrize(
    "text", ["0000-0002-1825-0098", "0000-0002-1694-2330", "0000000218250097", "", "0000-0002-1825-009"]
)
def test_a_wrong_orcid_id_is_told(text: str) -> None:
    assert not is_orcid_id(text)
