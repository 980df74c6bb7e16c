"""Another address, and no address at all."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber
from tests.builders import NOW
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db


def test_asking_for_a_new_address_changes_nothing_but_mails_it(client: Client, path: Path, reader: Subscriber) -> None:
    answer = client.post(path("change_address"), {"email": "countess@example.org"}, follow=True)

    reader.refresh_from_db()
    assert reader.email == "ada@example.org"
    assert OutgoingMail.objects.get().to == "countess@example.org"
    assert "A mail is on its way to the new address." in answer.content.decode()


@pytest.mark.parametrize("email", ["", "ada", "ada@example.org", "countess@example.org\r\nBcc: all@example.org"])
def test_what_cannot_be_the_new_address_is_refused_in_words(client: Client, path: Path, email: str) -> None:
    answer = client.post(path("change_address"), {"email": email})

    assert answer.status_code == 400
    assert 'id="id_email_error"' in answer.content.decode()
    assert not OutgoingMail.objects.exists()


def test_nobody_learns_from_the_answer_whose_address_it_is(
    client: Client, path: Path, make_reader: Callable[..., Subscriber]
) -> None:
    make_reader(email="taken@example.org")
    link = path("change_address")

    with time_machine.travel(NOW, tick=False):
        taken = client.post(link, {"email": "taken@example.org"}, follow=True).content.decode()
        free = client.post(link, {"email": "free@example.org"}, follow=True).content.decode()

    assert taken == free


def test_opening_the_mailed_link_changes_nothing(client: Client, change_path: str, reader: Subscriber) -> None:
    page = client.get(change_path).content.decode()

    reader.refresh_from_db()
    assert "countess@example.org" in page
    assert reader.email == "ada@example.org"


def test_the_button_at_the_new_address_makes_the_change(client: Client, change_path: str, reader: Subscriber) -> None:
    answer = client.post(change_path, follow=True)

    reader.refresh_from_db()
    assert reader.email == "countess@example.org"
    assert answer.status_code == 200
    assert "the mail comes to countess@example.org" in answer.content.decode()


def test_a_used_link_says_so(client: Client, change_path: str) -> None:
    client.post(change_path)

    answer = client.post(change_path)

    assert answer.status_code == 404
    assert "has been used" in answer.content.decode()


def test_an_address_that_somebody_else_took_meanwhile_is_refused(
    client: Client, change_path: str, reader: Subscriber, make_reader: Callable[..., Subscriber]
) -> None:
    make_reader(email="countess@example.org")

    answer = client.post(change_path)

    reader.refresh_from_db()
    assert answer.status_code == 400
    assert "has a subscription of its own" in answer.content.decode()
    assert reader.email == "ada@example.org"


def test_a_request_that_is_gone_is_a_404(client: Client, change_path: str) -> None:
    OutgoingMail.objects.all().delete()

    assert client.get(change_path).status_code == 404
    assert client.post(change_path).status_code == 404


def test_opening_the_page_about_deleting_deletes_nothing(client: Client, path: Path, reader: Subscriber) -> None:
    client.get(path("erase"))

    assert Subscriber.objects.filter(pk=reader.pk).exists()


def test_deleting_leaves_only_the_proof_without_the_address(client: Client, path: Path, reader: Subscriber) -> None:
    link = path("erase")

    answer = client.post(link)

    assert "Everything is deleted" in answer.content.decode()
    assert not Subscriber.objects.exists()
    assert ConsentEvent.objects.get().subscriber is None
    assert client.post(link).status_code == 404
