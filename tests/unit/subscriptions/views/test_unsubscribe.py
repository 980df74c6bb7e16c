"""Leaving: from the mail program's own button, and from the page behind the same link."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from subscriptions import services
from subscriptions.models import ConsentEvent, Subscriber
from tests.builders import NOW
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(path: Path) -> str:
    return path("unsubscribe", purpose="unsubscribe")


@pytest.fixture
def mail_program() -> Client:
    """What sends a one-click POST: no cookie, no token, no page before."""
    return Client(enforce_csrf_checks=True)


def status(reader: Subscriber) -> str:
    reader.refresh_from_db()
    return reader.status


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_ends_nothing(client: Client, link: str, reader: Subscriber, method: str) -> None:
    answer = getattr(client, method)(link)

    assert answer.status_code == 200
    assert status(reader) == Subscriber.Status.ACTIVE


def test_one_click_is_enough_and_is_answered_plainly(mail_program: Client, link: str, reader: Subscriber) -> None:
    answer = mail_program.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert not answer.cookies
    assert status(reader) == Subscriber.Status.UNSUBSCRIBED


def test_one_click_may_come_as_form_data(mail_program: Client, link: str, reader: Subscriber) -> None:
    answer = mail_program.post(link, {"List-Unsubscribe": "One-Click"})

    assert answer["Content-Type"].startswith("text/plain")
    assert status(reader) == Subscriber.Status.UNSUBSCRIBED


def test_the_page_s_own_button_ends_it_with_a_page(client: Client, link: str, reader: Subscriber) -> None:
    answer = client.post(link)

    assert "Nothing more will come." in answer.content.decode()
    assert status(reader) == Subscriber.Status.UNSUBSCRIBED


def test_leaving_twice_is_leaving_once(mail_program: Client, link: str, reader: Subscriber) -> None:
    answers = [mail_program.post(link, {"List-Unsubscribe": "One-Click"}).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert ConsentEvent.objects.filter(kind=ConsentEvent.Kind.UNSUBSCRIBED).count() == 1


def test_the_page_says_when_it_is_done_already_and_offers_less(client: Client, link: str) -> None:
    client.post(link, {"List-Unsubscribe": "One-Click"})

    page = client.get(link).content.decode()

    assert "You are unsubscribed" in page
    assert re.findall(r'name="way" value="(\w+)"', page) == ["weekly", "pause", "fewer"]


def test_long_after_leaving_nothing_is_offered_any_more(client: Client, path: Path, reader: Subscriber) -> None:
    services.unsubscribe(subscriber=reader, now=NOW)

    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        page = client.get(path("unsubscribe", purpose="unsubscribe")).content.decode()

    assert "You are unsubscribed" in page
    assert 'name="way"' not in page


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("weekly", "The next mail comes on Monday 15 June at 07:00 (Berlin time)."),
        ("pause", "The next mail comes on Thursday 9 July at 07:00 (Berlin time)."),
        ("fewer", "The next mail comes on Wednesday 10 June at 07:00 (Berlin time)."),
    ],
)
@pytest.mark.parametrize("presses", [1, 2])
def test_one_press_on_the_good_bye_page_brings_less_mail_back(
    path: Path, reader: Subscriber, way: str, words: str, presses: int
) -> None:
    browser = Client(enforce_csrf_checks=True)
    with time_machine.travel(NOW, tick=False):
        browser.post(path("unsubscribe", purpose="unsubscribe"))

        for _ in range(presses):
            answer = browser.post(path("come_back", purpose="unsubscribe"), {"way": way})

    assert "Welcome back" in answer.content.decode()
    assert words in answer.content.decode()
    assert status(reader) == Subscriber.Status.ACTIVE
    assert ConsentEvent.objects.filter(kind=ConsentEvent.Kind.RETURNED).count() == 1


@pytest.mark.parametrize("way", ["", "daily", "weekly; drop", "\u202eyldeew"])
def test_a_way_that_was_not_offered_leads_nowhere(client: Client, path: Path, reader: Subscriber, way: str) -> None:
    services.unsubscribe(subscriber=reader, now=timezone.now())

    answer = client.post(path("come_back", purpose="unsubscribe"), {"way": way})

    assert answer.status_code == 404
    assert status(reader) == Subscriber.Status.UNSUBSCRIBED


def test_opening_the_way_back_brings_nobody_back(client: Client, path: Path, reader: Subscriber) -> None:
    services.unsubscribe(subscriber=reader, now=timezone.now())

    assert client.get(path("come_back", purpose="unsubscribe")).status_code == 405
    assert status(reader) == Subscriber.Status.UNSUBSCRIBED


def test_coming_back_hands_out_no_link_to_the_preferences(client: Client, path: Path, reader: Subscriber) -> None:
    services.unsubscribe(subscriber=reader, now=timezone.now())

    page = client.post(path("come_back", purpose="unsubscribe"), {"way": "weekly"}).content.decode()

    assert "/preferences/" not in page


def test_a_link_in_a_form_of_another_purpose_ends_nothing(mail_program: Client, path: Path, reader: Subscriber) -> None:
    forged = path("unsubscribe", purpose="manage")

    assert mail_program.post(forged, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert status(reader) == Subscriber.Status.ACTIVE


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\x00", "multipart/form-data; boundary="),
        (b"List-Unsubscribe=One-Click", "multipart/form-data; boundary=x"),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"a=1&" * 2_000, "application/x-www-form-urlencoded"),
        (b"a" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
    ids=["no boundary", "cut off", "another charset", "too many fields", "too large"],
)
def test_a_body_that_cannot_be_read_keeps_nobody(
    mail_program: Client, link: str, reader: Subscriber, body: bytes, content_type: str
) -> None:
    answer = mail_program.post(link, body, content_type=content_type)

    assert answer.status_code == 200
    assert status(reader) == Subscriber.Status.UNSUBSCRIBED
