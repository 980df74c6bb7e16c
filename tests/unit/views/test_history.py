"""The list of past days: what was in each digest, and why the other days had nothing."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Delivery, Digest, DigestItem
from digest.pipeline.past import DIGESTS_SHOWN, Why
from digest.views.history import NOT_ARRIVED, WHY_NONE
from subscriptions.models import ConsentEvent, Subscriber
from tests.builders import NOW, make_paper
from tests.unit.views.conftest import link, make_digest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """It is NOW, a Tuesday."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def path(reader: Subscriber) -> str:
    return link("history", reader=reader)


def words(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_past_days_stand_newest_first_with_papers_or_the_reason(
    client: Client, path: str, sent_digest: Digest, empty_digest: Digest
) -> None:
    page = words(client, path)

    assert page.index("Tuesday, 9 June 2026") < page.index("2 papers") < page.index("Monday, 8 June 2026")
    assert "arXiv rests on Sundays." in page


def test_what_was_in_a_digest_unfolds_in_its_order(client: Client, path: str, sent_digest: Digest) -> None:
    page = words(client, path)

    assert re.findall(r'<li dir="auto">([^<]+)</li>', page) == ["Bounds of 10⁻⁴", "A trending paper"]


def test_each_past_day_opens(client: Client, path: str, sent_digest: Digest) -> None:
    opened = words(client, path).split('href="/digest/')[1].split('"')[0]

    assert "For you" in client.get(f"/digest/{opened}").content.decode()


def test_before_the_first_digest_the_list_says_so(client: Client, path: str) -> None:
    assert "Nothing yet" in words(client, path)


def test_days_without_a_digest_say_why(client: Client, path: str, reader: Subscriber) -> None:
    reader.cadence = "weekdays"
    reader.save()
    for days_ago in (0, 1, 4):
        make_digest(reader=reader, days_ago=days_ago, status=Digest.Status.READY)

    page = words(client, path)

    assert "Saturday, 6 June 2026, to Sunday, 7 June 2026" in page
    assert "Not among the days that you have chosen." in page


def test_a_reader_who_has_just_confirmed_sees_why_there_was_nothing(
    client: Client, path: str, reader: Subscriber
) -> None:
    ConsentEvent.objects.create(
        subscriber=reader, address_key=reader.address_key, kind="confirmed", at=NOW - timedelta(days=1)
    )

    page = words(client, path)

    assert page.index("You confirmed on this day") < page.index("You had not confirmed your address yet.")


@pytest.mark.parametrize("status", sorted(NOT_ARRIVED))
def test_a_mail_that_did_not_come_is_told(client: Client, path: str, sent_digest: Digest, status: str) -> None:
    Delivery.objects.update(status=status)

    assert str(NOT_ARRIVED[Delivery.Status(status)]) in words(client, path)


def test_every_reason_has_its_sentence() -> None:
    assert set(WHY_NONE) == set(Why)


def test_the_list_costs_five_queries_however_long_it_is(
    client: Client, path: str, reader: Subscriber, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days_ago in range(DIGESTS_SHOWN + 3):
        row = make_digest(reader=reader, days_ago=days_ago, status=Digest.Status.READY)
        DigestItem.objects.create(digest=row, subscriber=reader, paper=make_paper(), section="matched", position=0)

    with django_assert_num_queries(5):
        page = words(client, path)

    assert page.count('href="/digest/') == DIGESTS_SHOWN


def test_older_digests_stand_on_a_page_of_their_own(client: Client, path: str, reader: Subscriber) -> None:
    for days_ago in range(DIGESTS_SHOWN + 3):
        make_digest(reader=reader, days_ago=days_ago, status=Digest.Status.READY)
    (earlier,) = re.findall(r'href="([^"]+\?before=[^"]+)"', words(client, path))

    page = words(client, earlier)

    assert page.count('href="/digest/') == 3
    assert "before=" not in page.partition("</main>")[0]


@pytest.mark.parametrize("typed", ["yesterday", "2026-02-30", "٢٠٢٦-٠١-٠١", "2026-6-9' OR 1=1", "9" * 5000])
def test_a_day_that_is_none_is_an_address_that_leads_nowhere(client: Client, path: str, typed: str) -> None:
    answer = client.get(path, {"before": typed})

    assert answer.status_code in {200, 404}
    assert "html" in answer["Content-Type"]


def test_the_first_and_the_last_day_of_all_are_days(client: Client, path: str) -> None:
    answers = [client.get(path, {"before": day.isoformat()}).status_code for day in (date.min, date.max)]

    assert answers == [200, 200]
