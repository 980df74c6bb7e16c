"""The preferences panel: what it shows, and the forms on it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from subscriptions import services
from subscriptions.models import InterestProfile, Subscriber, Suppression
from tests.builders import NOW, make_profile
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db

DELIVERY = {"cadence": "chosen", "weekdays": ["0", "3"], "hour": "6", "timezone": "Asia/Kolkata", "max_papers": "7"}


def test_the_panel_says_when_the_next_mail_comes_on_the_reader_s_own_clock(client: Client, path: Path) -> None:
    page = client.get(path("manage")).content.decode()

    assert "The next mail comes on Tuesday 9 June at 10:00 (Berlin time)." in page


def test_an_interest_is_shown_in_words(client: Client, path: Path, interest: InterestProfile) -> None:
    interest.categories, interest.exclude, interest.authors = ["cs.CL", "biology"], ["survey"], ["A. Lovelace"]
    interest.save()

    page = client.get(path("manage")).content.decode()

    for words in ["Long context", "Computation and Language · biology", "survey", "A. Lovelace", "1 paper you like"]:
        assert words in page


def test_a_liked_paper_is_shown_by_its_title_and_leads_to_its_page(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    interest.library.update(state="known", title="Reading <long> documents")

    page = client.get(path("manage")).content.decode()

    assert '<a href="https://arxiv.org/abs/2406.01234">Reading &lt;long&gt; documents</a>' in page


def test_an_id_that_arxiv_does_not_know_is_named_without_a_click(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    interest.library.update(state="unknown")

    page = client.get(path("manage")).content.decode()

    assert "<strong>arXiv does not know this id</strong>" in page
    assert "<details open>" in page


def test_the_panel_costs_the_same_however_many_interests_there_are(
    client: Client, path: Path, reader: Subscriber, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    link = path("manage")
    for _ in range(12):
        make_profile(reader=reader, likes=["2406.01234"])

    with django_assert_num_queries(5):
        client.get(link)


def test_delivery_is_saved_and_the_next_mail_moves(client: Client, path: Path, reader: Subscriber) -> None:
    with time_machine.travel(NOW - timedelta(hours=1), tick=False):
        answer = client.post(path("manage"), DELIVERY, follow=True)

    reader.refresh_from_db()
    assert (reader.cadence, reader.weekdays, reader.hour, reader.timezone) == ("chosen", [0, 3], 6, "Asia/Kolkata")
    assert (reader.max_papers, reader.trending) == (7, False)
    assert "Saved. The next mail comes on Thursday 11 June at 06:00 (Kolkata time)." in answer.content.decode()


def test_delivery_that_cannot_be_is_refused_and_keeps_what_was_typed(
    client: Client, path: Path, reader: Subscriber
) -> None:
    answer = client.post(path("manage"), DELIVERY | {"weekdays": [], "max_papers": "5000"})

    page = answer.content.decode()
    reader.refresh_from_db()
    assert answer.status_code == 400
    assert 'value="5000"' in page
    assert "Please tick at least one day." in page
    assert reader.cadence == "daily"


def test_a_pause_is_shown_with_a_way_to_end_it(client: Client, path: Path, reader: Subscriber) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = client.post(path("pause"), {"until": "2026-06-15"}, follow=True)

    reader.refresh_from_db()
    assert reader.paused_until is not None
    assert "Paused until Monday 15 June." in answer.content.decode()
    assert 'name="resume"' in answer.content.decode()


def test_a_pause_ends_at_a_press(client: Client, path: Path, reader: Subscriber) -> None:
    services.pause(subscriber=reader, until=(NOW + timedelta(days=9)).date(), now=NOW)

    with time_machine.travel(NOW, tick=False):
        answer = client.post(path("pause"), {"resume": "1"}, follow=True)

    reader.refresh_from_db()
    assert reader.paused_until is None
    assert "Welcome back." in answer.content.decode()


@pytest.mark.parametrize("until", ["", "yesterday", "2020-01-01", "2099-01-01", "\u202e2026"])
def test_a_pause_that_cannot_be_is_refused_in_words(client: Client, path: Path, reader: Subscriber, until: str) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = client.post(path("pause"), {"until": until})

    reader.refresh_from_db()
    assert answer.status_code == 400
    assert 'id="pause_until_error"' in answer.content.decode()
    assert reader.paused_until is None


@pytest.mark.parametrize(
    ("status", "words"), [("pending", "not confirmed yet"), ("unsubscribed", "You have unsubscribed")]
)
def test_a_reader_who_gets_no_mail_is_told_why(
    client: Client, path: Path, reader: Subscriber, status: str, words: str
) -> None:
    Subscriber.objects.filter(pk=reader.pk).update(status=status, next_digest_at=None)

    page = client.get(path("manage")).content.decode()

    assert words in page
    assert "Pause for a while" not in page


def test_a_reader_whose_mails_come_back_is_told_so(client: Client, path: Path, reader: Subscriber) -> None:
    Suppression.objects.create(address_key=reader.address_key, reason="hard_bounce", created_at=NOW)

    assert "came back" in client.get(path("manage")).content.decode()


@pytest.mark.parametrize(("trending", "words"), [(True, "what is trending"), (False, "there is nothing to send")])
def test_a_reader_without_interests_is_told_what_comes_instead(
    client: Client, path: Path, reader: Subscriber, trending: bool, words: str
) -> None:
    Subscriber.objects.filter(pk=reader.pk).update(trending=trending)

    assert words in client.get(path("manage")).content.decode()


def test_a_zone_that_the_world_has_dropped_counts_as_utc(client: Client, path: Path, reader: Subscriber) -> None:
    Subscriber.objects.filter(pk=reader.pk).update(timezone="Atlantis/Capital")

    answer = client.get(path("manage"))

    assert answer.status_code == 200
    assert "at 08:00 (Capital time)" in answer.content.decode()


def test_whatever_a_reader_typed_is_shown_as_text(client: Client, path: Path, reader: Subscriber) -> None:
    make_profile(reader=reader, name="<script>alert(1)</script>", keywords=["<b>bold</b>"])

    page = client.get(path("manage")).content.decode()

    assert "<script>alert" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
