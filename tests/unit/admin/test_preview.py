"""Looking at a reader's digest of today, and mailing oneself a copy, without touching the reader or their links."""

from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from digest.admin.preview import MOST_COPIES
from digest.models import Delivery, Digest, DigestItem
from subscriptions.models import Subscriber
from tests.builders import NOW, make_paper, make_reader
from tests.mailbox import Mailbox
from tests.unit.admin.conftest import messages_of
from tests.unit.admin.rows import list_url, make_delivery, make_digest, make_item, page_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def reader() -> Subscriber:
    """A reader without interests, for whom one paper is trending."""
    make_paper(title="Everybody reads this", trending_score=3.0, trending_note="118 upvotes on Hugging Face")
    return make_reader(email="ada@example.org")


def preview_url(reader: Subscriber) -> str:
    return f"/admin/subscriptions/subscriber/{reader.pk}/preview/"


def send(client: Client, *readers: Subscriber, **fields: str) -> Any:
    chosen = {"action": "send_to_me", "_selected_action": [reader.pk for reader in readers]}
    return client.post(list_url(Subscriber), {**chosen, **fields}, follow=True)


def test_the_preview_shows_what_the_reader_would_get_and_writes_nothing(
    staff_client: Client, reader: Subscriber
) -> None:
    before = Subscriber.objects.values().get()

    mail = staff_client.get(f"{preview_url(reader)}mail/").content.decode()

    assert "Everybody reads this" in mail
    assert not Digest.objects.exists()
    assert not Delivery.objects.exists()
    assert Subscriber.objects.values().get() == before


def test_the_preview_of_a_digest_that_went_already_shows_what_went(staff_client: Client, reader: Subscriber) -> None:
    digest = make_digest(reader=reader)
    make_item(digest=digest, paper=make_paper(title="This is what was sent"))
    make_delivery(digest=digest)

    mail = staff_client.get(f"{preview_url(reader)}mail/").content.decode()

    assert "This is what was sent" in mail
    assert DigestItem.objects.count() == 1


def test_the_preview_carries_no_link_that_acts_for_the_reader(staff_client: Client, reader: Subscriber) -> None:
    mail = staff_client.get(f"{preview_url(reader)}mail/").content.decode()

    assert "/unsubscribe/" not in mail
    assert "/preferences/" not in mail


def test_the_mail_may_style_itself_in_its_frame_and_do_nothing_else(staff_client: Client, reader: Subscriber) -> None:
    answer = staff_client.get(f"{preview_url(reader)}mail/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_page_around_the_mail_keeps_the_strict_policy(staff_client: Client, reader: Subscriber) -> None:
    answer = staff_client.get(preview_url(reader))

    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert f'src="{preview_url(reader)}mail/"' in answer.content.decode()


def test_the_readers_page_leads_to_the_preview(staff_client: Client, reader: Subscriber) -> None:
    assert preview_url(reader) in staff_client.get(page_url(reader)).content.decode()


def test_the_action_leads_to_the_preview_of_one_reader(staff_client: Client, reader: Subscriber) -> None:
    page = staff_client.post(list_url(Subscriber), {"action": "preview", "_selected_action": reader.pk})

    assert page.headers["Location"] == preview_url(reader)


def test_two_readers_cannot_be_previewed_at_once(staff_client: Client, reader: Subscriber) -> None:
    chosen = {"action": "preview", "_selected_action": [reader.pk, make_reader().pk]}

    page = staff_client.post(list_url(Subscriber), chosen, follow=True)

    assert "Choose one reader" in messages_of(page)


@pytest.mark.parametrize("page", ["", "mail/"])
def test_a_reader_who_does_not_exist_has_no_preview(staff_client: Client, page: str) -> None:
    assert staff_client.get(f"/admin/subscriptions/subscriber/999/preview/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "mail/"])
def test_staff_who_may_not_see_readers_see_no_preview(reader: Subscriber, page: str) -> None:
    client = Client()
    client.force_login(User.objects.create_user("new", is_staff=True))

    assert client.get(f"{preview_url(reader)}{page}").status_code == 403


@pytest.mark.parametrize("page", ["", "mail/"])
def test_who_is_no_staff_is_sent_to_the_log_in_page(outside_client: Client, reader: Subscriber, page: str) -> None:
    assert "/admin/login/" in outside_client.get(f"{preview_url(reader)}{page}").headers["Location"]


def test_who_may_only_look_may_preview(looking_client: Client, reader: Subscriber) -> None:
    page = looking_client.get(preview_url(reader))

    assert page.status_code == 200
    assert "Send to me" not in page.content.decode()


def test_a_copy_is_asked_for_first(staff_client: Client, reader: Subscriber, mailbox: Mailbox) -> None:
    page = send(staff_client, reader).content.decode()

    assert "will be mailed to you, and to nobody else" in page
    assert mailbox.messages() == []


def test_a_copy_goes_to_the_person_who_asked_and_to_nobody_else(
    staff_client: Client, reader: Subscriber, mailbox: Mailbox
) -> None:
    page = send(staff_client, reader, confirmed="yes")

    (mail,) = mailbox.messages()
    assert mail["To"] == "grace@staff.example.org"
    assert mail["Subject"].startswith("[Preview for staff] ")
    assert "ada@example.org" not in mail.as_string()
    assert "Mailed to you at grace@staff.example.org: 1 digest." in messages_of(page)


def test_a_copy_cannot_unsubscribe_the_reader(staff_client: Client, reader: Subscriber, mailbox: Mailbox) -> None:
    send(staff_client, reader, confirmed="yes")

    (mail,) = mailbox.messages()
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert "/unsubscribe/" not in mail.as_string()


def test_two_copies_are_two_mails(staff_client: Client, reader: Subscriber, mailbox: Mailbox) -> None:
    send(staff_client, reader, confirmed="yes")
    send(staff_client, reader, confirmed="yes")

    assert len({mail["Message-ID"] for mail in mailbox.messages()}) == 2


def test_sending_a_copy_writes_nothing_but_the_log(staff_client: Client, reader: Subscriber, mailbox: Mailbox) -> None:
    before = Subscriber.objects.values().get()

    send(staff_client, reader, confirmed="yes")

    assert not Digest.objects.exists()
    assert not Delivery.objects.exists()
    assert Subscriber.objects.values().get() == before
    assert LogEntry.objects.get().change_message == "Mailed a copy of today's digest to themselves"


def test_staff_without_an_address_are_told_so(
    staff_client: Client, staff: User, reader: Subscriber, mailbox: Mailbox
) -> None:
    User.objects.filter(pk=staff.pk).update(email="")

    page = send(staff_client, reader, confirmed="yes")

    assert "your account has no e-mail address" in messages_of(page)
    assert mailbox.messages() == []


def test_more_copies_than_one_click_may_send_are_refused(
    staff_client: Client, reader: Subscriber, mailbox: Mailbox
) -> None:
    many = [make_reader() for _ in range(MOST_COPIES)]

    page = send(staff_client, reader, *many, confirmed="yes")

    assert f"choose {MOST_COPIES} readers at most" in messages_of(page)
    assert mailbox.messages() == []


def test_who_may_only_look_sends_no_copy(looking_client: Client, reader: Subscriber, mailbox: Mailbox) -> None:
    User.objects.filter(username="edith").update(email="edith@staff.example.org")

    send(looking_client, reader, confirmed="yes")

    assert mailbox.messages() == []


def test_a_provider_that_refuses_is_named_and_nothing_claims_success(
    staff_client: Client, reader: Subscriber, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2

    page = send(staff_client, reader, confirmed="yes")

    assert "The copy could not be mailed" in messages_of(page)
    assert not LogEntry.objects.exists()
