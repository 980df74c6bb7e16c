"""Leaving: from the mail program's own button, and from the page behind the same link."""

import pytest
from django.test import Client

from subscriptions.models import ConsentEvent, Subscriber
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


def test_the_page_says_when_it_is_done_already(client: Client, link: str) -> None:
    client.post(link)

    page = client.get(link).content.decode()

    assert "You are unsubscribed" in page
    assert "<button>" not in page


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
