"""Staff are told when the emergency brake is pulled: those who may lift it, once, whatever the brake says."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Permission, User

from digest import tasks
from digest.mail import brake
from digest.mail.alarm import tell_staff, whom
from digest.mail.brake import Kind
from digest.mail.limits import Provider as OneProvider
from digest.models import SendingStop
from tests.builders import NOW
from tests.mailbox import Mailbox, body, links
from tests.threads import at_once
from tests.unit.mail.fakes import ScriptedBackend
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
Provider = type[ScriptedBackend]


@pytest.fixture(autouse=True)
def _house(site: LazySettings) -> None:
    site.CONTACT_EMAIL = "desk@papers.example.org"


def make_staff(name: str, **fields: Any) -> User:
    """Save a superuser with an address."""
    return User.objects.create_superuser(name, f"{name}@staff.example.org", **fields)


def pull(reason: str = "9 of 100 mails came back.", *, kind: str = Kind.BOUNCES) -> None:
    brake.pull(kind=SendingStop.Kind(kind), reason=reason, now=NOW)


# --- whom -----------------------------------------------------------------------------------


def test_all_who_may_lift_the_brake_are_told_and_nobody_else() -> None:
    make_staff("grace")
    make_staff("gone", is_active=False)
    User.objects.create_user("edith", "edith@staff.example.org", is_staff=True)
    lifter = User.objects.create_user("ada", "ada@staff.example.org", is_staff=True)
    lifter.user_permissions.add(Permission.objects.get(codename="change_sendingstop"))

    assert whom() == ("grace@staff.example.org", "ada@staff.example.org")


@pytest.mark.parametrize(("contact", "found"), [("desk@papers.example.org", 1), ("", 0)])
def test_without_an_address_of_staff_the_contact_is_told(settings: LazySettings, contact: str, found: int) -> None:
    settings.CONTACT_EMAIL = contact
    User.objects.create_superuser("grace", "")

    assert whom() == (contact,) * found


# --- the mail -------------------------------------------------------------------------------


def test_the_mail_says_why_since_when_how_many_wait_and_where_to_lift_it(mailbox: Mailbox) -> None:
    make_staff("grace")
    make_delivery()
    pull()

    tell_staff(now=NOW)

    mail = mailbox.only(to="grace@staff.example.org")
    assert mail["Subject"] == "No digest is sent: the emergency brake of Postprint is on"
    for subtype in ("plain", "html"):
        words = " ".join(body(mail, subtype=subtype).split())
        assert "on since 9 June 2026, 08:00 UTC: 9 of 100 mails came back. " in words.replace("</p>", " ")
        assert "1 mail waits. A mail waits until" in words
    assert links(mail) == ["https://papers.example.org/admin/digest/sendingstop/"]


def test_what_staff_wrote_for_a_reason_carries_no_readers_address(mailbox: Mailbox) -> None:
    pull("ada@example.org complained", kind=Kind.BY_HAND)

    tell_staff(now=NOW)

    assert "ada@example.org" not in str(mailbox.only())


# --- once, and in spite of everything -------------------------------------------------------


def test_a_pull_is_told_once_and_the_next_one_again(mailbox: Mailbox) -> None:
    pull()
    told = [tell_staff(now=NOW), tell_staff(now=NOW)]
    brake.lift(stop_ids=None, by="grace", now=NOW)
    brake.pull(kind=Kind.BOUNCES, reason="Again.", now=NOW + timedelta(hours=1))

    told.append(tell_staff(now=NOW + timedelta(hours=1)))

    assert (told, len(mailbox.messages())) == ([1, 0, 1], 2)


def test_a_brake_that_was_lifted_before_anybody_was_told_is_no_news(mailbox: Mailbox) -> None:
    pull()
    brake.lift(stop_ids=None, by="grace", now=NOW)

    assert (tell_staff(now=NOW), mailbox.messages()) == (0, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_many_workers_one_tells(mailbox: Mailbox) -> None:
    pull()

    told = at_once(workers=4, do=lambda: tell_staff(now=NOW))

    assert (sorted(told), len(mailbox.messages())) == ([0, 0, 0, 1], 1)


def test_a_provider_that_is_down_is_tried_again_later(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    pull()
    provider.openings = [ConnectionRefusedError("desk@papers.example.org")]

    told = [tell_staff(now=NOW), tell_staff(now=NOW + timedelta(minutes=1))]

    assert (told, len(provider.sent)) == ([0, 1], 1)
    assert "could not be told" in caplog.text
    assert "desk@" not in caplog.text


def test_the_fall_back_tells_when_the_main_provider_cannot(
    mailbox: Mailbox, provider: Provider, settings: LazySettings
) -> None:
    settings.EMAIL_FALLBACK = OneProvider(name="second", backend="digest.mail.backends.FileBackend")
    settings.EMAIL_BACKEND = "tests.unit.mail.fakes.ScriptedBackend"
    provider.openings = [smtplib.SMTPServerDisconnected("down")]
    pull()

    assert (tell_staff(now=NOW), len(mailbox.messages())) == (1, 1)


def test_when_nobody_has_an_address_the_log_says_so(settings: LazySettings, caplog: pytest.LogCaptureFixture) -> None:
    settings.CONTACT_EMAIL = ""
    pull()

    assert tell_staff(now=NOW) == 0

    assert "Nobody can be told of the emergency brake" in caplog.text


def test_an_address_that_cannot_be_mailed_costs_the_others_nothing(mailbox: Mailbox) -> None:
    User.objects.create_superuser("odd", "Odd One <odd@staff.example.org>")
    make_staff("grace")
    pull()

    tell_staff(now=NOW)

    assert [mail["To"] for mail in mailbox.messages()] == ["grace@staff.example.org"]


def test_beat_tells_within_its_minute(mailbox: Mailbox) -> None:
    pull()

    tasks.watch_sending()

    assert len(mailbox.messages()) == 1


def test_the_mail_of_a_brake_that_holds_nothing_yet_says_so(mailbox: Mailbox) -> None:
    pull()
    User.objects.create_superuser("grace", "grace@staff.example.org")

    tell_staff(now=NOW)

    assert "No mail waits yet." in body(mailbox.only())
