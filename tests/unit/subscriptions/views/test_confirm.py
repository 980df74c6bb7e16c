"""The button behind the confirmation mail."""

import pytest
from django.test import Client
from django.urls import reverse

from subscriptions import services
from subscriptions.models import Subscriber
from tests.builders import NOW
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(reader: Subscriber) -> Subscriber:
    Subscriber.objects.filter(pk=reader.pk).update(status="pending", confirmed_at=None, next_digest_at=None)
    reader.refresh_from_db()
    return reader


def test_opening_the_link_confirms_nothing(client: Client, pending: Subscriber, path: Path) -> None:
    page = client.get(path("confirm", purpose="confirm")).content.decode()

    pending.refresh_from_db()
    assert "Yes, subscribe me" in page
    assert pending.status == Subscriber.Status.PENDING


def test_the_button_confirms_and_leads_to_the_preferences(client: Client, pending: Subscriber, path: Path) -> None:
    answer = client.post(path("confirm", purpose="confirm"), follow=True)

    page = answer.content.decode()
    pending.refresh_from_db()
    assert pending.status == Subscriber.Status.ACTIVE
    assert answer.redirect_chain[0][0].startswith("/preferences/")
    assert "Your subscription is confirmed. The next mail comes on" in page


def test_pressing_twice_is_fine(client: Client, pending: Subscriber, path: Path) -> None:
    link = path("confirm", purpose="confirm")
    client.post(link)

    assert "there is nothing left to do" in client.get(link).content.decode()
    assert client.post(link).status_code == 302


def test_who_has_left_since_is_told_to_sign_up_again(client: Client, pending: Subscriber, path: Path) -> None:
    link = path("confirm", purpose="confirm")
    services.unsubscribe(subscriber=pending, now=NOW)

    answer = client.post(link)

    assert answer.status_code == 404
    assert reverse("home") in answer.content.decode()
