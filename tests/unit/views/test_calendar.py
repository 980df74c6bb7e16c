"""The coming weeks in words: when mail comes, what is announced for it, and why nothing comes."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Digest
from digest.sources._calendar import holiday_names
from digest.views.calendar import HOLIDAYS
from subscriptions import services
from subscriptions.models import Subscriber
from subscriptions.services.reader import next_digest_at
from tests.builders import make_reader
from tests.unit.views.conftest import link

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # of the week of Thanksgiving
ROW = re.compile(
    r'<th scope="row">([^<]+)</th> <td> <div class="two"> <strong>([^<]+)</strong>'
    r'(?: <span class="soft">([^<]+)</span>)?'
)


def planned(**fields: Any) -> Subscriber:
    """Save a reader in Berlin who reads at seven, planned as of MONDAY."""
    reader = make_reader(**{"timezone": "Europe/Berlin", "hour": 7, "digested_until": MONDAY, **fields})
    reader.next_digest_at = next_digest_at(subscriber=reader, now=MONDAY)
    reader.save()
    return reader


def page_of(client: Client, reader: Subscriber) -> str:
    with time_machine.travel(MONDAY, tick=False):
        return " ".join(client.get(link("calendar", reader=reader)).content.decode().split())


def rows(page: str) -> dict[str, tuple[str, str]]:
    return {day: (mail, said) for day, mail, said in ROW.findall(page)}


def test_each_coming_day_says_when_mail_comes_and_what_to_expect(client: Client) -> None:
    found = rows(page_of(client, planned()))

    trending = "Trending papers only, if there are any that you have not had."
    assert len(found) == 28
    assert found["Tuesday 24 November"] == ("07:00", "arXiv&#x27;s papers of Monday evening.")
    assert found["Friday 27 November"] == ("07:00", f"arXiv announces nothing for Thanksgiving. {trending}")
    assert found["Saturday 28 November"] == ("07:00", f"arXiv announces nothing at the weekend. {trending}")


def test_without_trending_papers_a_quiet_day_has_no_mail(client: Client) -> None:
    found = rows(page_of(client, planned(trending=False)))

    assert found["Saturday 28 November"] == ("no mail", "arXiv announces nothing at the weekend.")


def test_who_wants_a_note_on_empty_days_gets_one(client: Client) -> None:
    found = rows(page_of(client, planned(trending=False, tell_when_empty=True)))

    said = "arXiv announces nothing at the weekend. You get a note that says so."
    assert found["Saturday 28 November"] == ("07:00", said)


def test_a_weekly_mail_says_how_much_it_gathers(client: Client) -> None:
    found = rows(page_of(client, planned(cadence="weekly", weekdays=[4])))

    said = "arXiv&#x27;s papers of 3 evenings. Nothing is announced for Thanksgiving."
    assert found["Friday 27 November"] == ("07:00", said)
    assert found["Thursday 26 November"] == ("no mail", "Not a day that you have chosen.")


def test_a_pause_stands_in_the_calendar(client: Client) -> None:
    reader = planned()
    services.pause(subscriber=reader, until=(MONDAY + timedelta(days=3)).date(), now=MONDAY)

    found = rows(page_of(client, reader))

    assert found["Wednesday 25 November"] == ("no mail", "You have paused.")
    assert found["Thursday 26 November"][0] == "07:00"


def test_today_is_told_apart_before_and_after_its_mail(client: Client) -> None:
    reader = planned()
    before = rows(page_of(client, reader))["Monday 23 November"]
    Digest.objects.create(
        subscriber=reader,
        digest_date=MONDAY.date(),
        status=Digest.Status.EMPTY,
        empty_reason="Nothing came close.",
        window_start=MONDAY - timedelta(days=1),
        window_end=MONDAY,
        horizon_days=7,
        planned_at=MONDAY,
    )

    after = rows(page_of(client, reader))["Monday 23 November"]

    assert before == ("no mail", "The hour of your mail has passed.")
    assert after == ("had already", "Nothing came close.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "pending", "confirmed_at": None}, "not confirmed yet"),
        ({"status": "unsubscribed"}, "You have unsubscribed"),
    ],
)
def test_who_gets_no_mail_reads_why_in_the_calendar_s_place(
    client: Client, fields: dict[str, object], said: str
) -> None:
    page = page_of(client, planned(**fields))

    assert said in page
    assert "<table" not in page


def test_an_address_that_is_suppressed_reads_why(client: Client) -> None:
    reader = planned()
    services.suppress(address_key=reader.address_key, reason="hard_bounce", detail="", now=MONDAY)

    page = page_of(client, reader)

    assert "came back, so we stopped" in page
    assert "<table" not in page


def test_a_year_whose_holidays_are_not_known_is_named(client: Client) -> None:
    reader = planned()
    new_year = datetime(2026, 12, 20, 12, tzinfo=UTC)

    with time_machine.travel(new_year, tick=False):
        page = " ".join(client.get(link("calendar", reader=reader)).content.decode().split())

    assert "Its holidays of 2027 are not known here yet." in page
    assert "not known here yet" not in page_of(client, reader)


def test_every_holiday_of_arxiv_can_be_said_in_other_languages() -> None:
    assert set(HOLIDAYS) == holiday_names()


def test_the_calendar_costs_three_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    reader = planned()

    with django_assert_num_queries(3):
        page_of(client, reader)
