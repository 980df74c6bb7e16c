"""The mailbox of bounces, over the real protocol: what is stored is marked, and only then."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection

from digest.errors import TemporaryError
from digest.mail.pickup import pick_up
from digest.models import DeliveryEvent
from tests import certificates
from tests.builders import NOW
from tests.imap_server import ImapServer
from tests.unit.mail.came_back import bounce, complaint, prose

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


def lose_the_first_event() -> Callable[..., Any]:
    """Break the database under the first event that is written."""
    losses = [OperationalError("gone")]

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if losses and sql.startswith("INSERT INTO") and "deliveryevent" in sql:
            raise losses.pop()
        return run(sql, *rest)

    return execute


def test_reports_become_events_and_are_marked_as_seen(settings: LazySettings) -> None:
    with ImapServer(bounce(), complaint()) as mailbox:
        settings.BOUNCE_IMAP_URL = mailbox.url

        counts = pick_up(now=NOW)

    assert counts == {"hard": 1, "complaint": 1}
    assert mailbox.flags() == [{"\\Seen"}, {"\\Seen"}]
    assert DeliveryEvent.objects.count() == 2


def test_what_a_person_wrote_is_left_unread_and_flagged_for_a_person(settings: LazySettings) -> None:
    with ImapServer(prose(text="Thank you!", sender="Ada <ada@example.org>", Subject="Re: papers")) as mailbox:
        settings.BOUNCE_IMAP_URL = mailbox.url

        first, second = pick_up(now=NOW), pick_up(now=NOW)

    assert (first, second) == ({"no report": 1}, {})
    assert mailbox.flags() == [{"\\Flagged"}]


def test_a_mail_that_was_stored_and_not_marked_is_read_again_and_counts_once(settings: LazySettings) -> None:
    with ImapServer(bounce()) as mailbox:
        settings.BOUNCE_IMAP_URL = mailbox.url
        pick_up(now=NOW)
        mailbox.mails[0].flags.clear()  # as after a worker's death between the two

        counts = pick_up(now=NOW)

    assert counts == {"repeated": 1}
    assert (DeliveryEvent.objects.count(), mailbox.flags()) == (1, [{"\\Seen"}])


def test_a_mail_that_cannot_be_stored_stays_unmarked_and_costs_only_itself(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    with ImapServer(bounce(), complaint()) as mailbox, connection.execute_wrapper(lose_the_first_event()):
        settings.BOUNCE_IMAP_URL = mailbox.url
        caplog.set_level(logging.ERROR)

        counts = pick_up(now=NOW)

    assert (counts, mailbox.flags()) == ({"failed": 1, "complaint": 1}, [set(), {"\\Seen"}])
    assert "who@example.org" not in caplog.text


def test_a_huge_mail_is_not_read_to_its_end(settings: LazySettings) -> None:
    with ImapServer(bounce() + b"x" * 5_000_000) as mailbox:
        settings.BOUNCE_IMAP_URL = mailbox.url

        assert pick_up(now=NOW) == {"hard": 1}

    assert any("<0.524288>" in line for line in mailbox.lines)


@pytest.mark.parametrize("wrong", ["password", "folder", "gone"])
def test_a_mailbox_that_cannot_be_read_is_one_clear_error(settings: LazySettings, wrong: str) -> None:
    with ImapServer(bounce()) as mailbox:
        urls = {"password": mailbox.url.replace("s%65cret", "guess"), "folder": mailbox.url + "/Other"}
        settings.BOUNCE_IMAP_URL = urls.get(wrong, "imap://reader:guess@127.0.0.1:1/INBOX")

        with pytest.raises(TemporaryError, match="BOUNCE_IMAP_URL cannot be read") as caught:
            pick_up(now=NOW)

    assert "guess" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_a_mailbox_is_read_over_tls(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str
) -> None:
    tls, certificate = certificates.server_tls(folder=tmp_path, host="127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with ImapServer(bounce(), scheme=scheme, tls=tls) as mailbox:
        settings.BOUNCE_IMAP_URL = mailbox.url
        counts = pick_up(now=NOW)

    assert (counts, mailbox.flags()) == ({"hard": 1}, [{"\\Seen"}])


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
@pytest.mark.parametrize(("trusted", "host"), [(False, "127.0.0.1"), (True, "mail.example.org")])
def test_a_server_with_a_wrong_certificate_is_told_no_password(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str, trusted: bool, host: str
) -> None:
    tls, certificate = certificates.server_tls(folder=tmp_path, host=host)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with ImapServer(bounce(), scheme=scheme, tls=tls) as mailbox:
        settings.BOUNCE_IMAP_URL = mailbox.url
        with pytest.raises(TemporaryError, match="BOUNCE_IMAP_URL was not read, .* certificate cannot be trusted: "):
            pick_up(now=NOW)

    assert (mailbox.n_log_ins, DeliveryEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize(("asked", "spoken"), [("imap+tls", "imap"), ("imaps", "imap")])
def test_a_server_that_does_not_encrypt_is_told_no_password(settings: LazySettings, asked: str, spoken: str) -> None:
    with ImapServer(bounce(), scheme=spoken) as mailbox:
        settings.BOUNCE_IMAP_URL = mailbox.url.replace("imap://", f"{asked}://")
        with pytest.raises(TemporaryError, match="BOUNCE_IMAP_URL cannot be read"):
            pick_up(now=NOW)

    assert mailbox.n_log_ins == 0


def test_without_a_mailbox_nothing_happens(settings: LazySettings) -> None:
    settings.BOUNCE_IMAP_URL = ""

    assert pick_up(now=NOW) == {}
