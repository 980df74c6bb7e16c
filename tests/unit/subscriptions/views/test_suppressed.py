"""A reader whose mail was stopped sees it, and comes back by a link that only their mailbox holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from subscriptions import services
from subscriptions.models import OutgoingMail, Subscriber
from subscriptions.outbox import send_outgoing
from subscriptions.selectors import is_suppressed
from tests.mailbox import Mailbox, links
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db


def stop(reader: Subscriber, *, reason: str = "hard_bounce") -> None:
    """Suppress the reader's address."""
    services.suppress(address_key=reader.address_key, reason=reason, detail="", now=timezone.now())


def mailed_link(mailbox: Mailbox, reader: Subscriber) -> str:
    """Send what waits, and read the link in the reader's mail."""
    send_outgoing(now=timezone.now())
    return next(link for link in links(mailbox.messages(to=reader.email)[-1]) if "/return/" in link)


@pytest.mark.parametrize(
    ("reason", "words"), [("hard_bounce", "came back"), ("soft_bounce", "came back"), ("complaint", "marked as spam")]
)
def test_the_panel_opens_and_says_why_no_mail_comes(
    client: Client, reader: Subscriber, path: Path, reason: str, words: str
) -> None:
    stop(reader, reason=reason)

    page = client.get(path("manage"))

    assert page.status_code == 200
    assert words in page.text
    assert "Mail me again" in page.text


def test_a_reader_asks_in_the_panel_and_confirms_from_the_mailbox(
    client: Client, reader: Subscriber, path: Path, mailbox: Mailbox
) -> None:
    stop(reader)

    client.post(path("ask_to_return"))
    link = mailed_link(mailbox, reader)
    looked = client.get(link)
    still_stopped = is_suppressed(address_key=reader.address_key)
    pressed, again = client.post(link, follow=True), client.post(link)

    assert (looked.status_code, still_stopped) == (200, True)
    assert "Mail comes to this address again." in pressed.text
    assert (is_suppressed(address_key=reader.address_key), again.status_code) == (False, 302)


def test_a_link_does_not_lift_a_later_stop(client: Client, reader: Subscriber, path: Path, mailbox: Mailbox) -> None:
    stop(reader)
    client.post(path("ask_to_return"))
    link = mailed_link(mailbox, reader)
    services.lift_suppression(address_key=reader.address_key, now=timezone.now())
    later = timezone.now() + timedelta(minutes=1)
    services.suppress(address_key=reader.address_key, reason="complaint", detail="", now=later)

    assert client.post(link).status_code == 404

    assert is_suppressed(address_key=reader.address_key)


def test_what_staff_stopped_only_staff_lifts(client: Client, reader: Subscriber, path: Path) -> None:
    stop(reader, reason="staff")

    page = client.get(path("manage"))
    answer = client.post(path("ask_to_return"), follow=True)

    assert "Mail me again" not in page.text
    assert "Staff stopped the mail" in answer.text
    assert not OutgoingMail.objects.exists()


def test_no_other_mail_reaches_a_suppressed_address(reader: Subscriber, mailbox: Mailbox) -> None:
    stop(reader)
    now = timezone.now()
    OutgoingMail.objects.create(subscriber=reader, kind="manage", not_before=now, created_at=now)

    send_outgoing(now=now)

    assert mailbox.messages() == []


def test_asking_without_end_is_refused_in_words(client: Client, reader: Subscriber, path: Path) -> None:
    stop(reader)

    answers = [client.post(path("ask_to_return"), follow=True).text for _ in range(4)]

    assert "You have asked several times" in answers[-1]
    assert "You have asked several times" not in answers[-2]
