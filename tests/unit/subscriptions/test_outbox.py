"""Mails about the subscription on their way: claimed once, sent once, put off or given up with a reason."""

import logging
import smtplib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from subscriptions import outbox, services
from subscriptions.mail_errors import AnswerLost, OnlyRehearsed
from subscriptions.models import OutgoingMail, Subscriber
from tests.mailbox import Mailbox
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Kind, Status = OutgoingMail.Kind, OutgoingMail.Status


class Provider(BaseEmailBackend):
    """A provider that answers what the test wants: an error for each mail, or none."""

    errors: ClassVar[list[Exception]] = []
    broken: ClassVar[Exception | None] = None
    taken: ClassVar[list[EmailMessage]] = []

    def open(self) -> bool:
        if self.broken:
            raise self.broken
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.errors:
            raise self.errors.pop(0)
        self.taken.extend(email_messages)
        return len(email_messages)


@pytest.fixture
def provider(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> type[Provider]:
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    monkeypatch.setattr(Provider, "errors", [])
    monkeypatch.setattr(Provider, "taken", [])
    return Provider


@pytest.fixture
def queue(make_reader: Callable[..., Subscriber], now: datetime) -> Callable[..., OutgoingMail]:
    def add(*, kind: str = Kind.CONFIRM, **fields: Any) -> OutgoingMail:
        reader = fields.pop("subscriber", None) or make_reader()
        return OutgoingMail.objects.create(
            subscriber=reader, kind=kind, **{"not_before": now, "created_at": now, **fields}
        )

    return add


def test_a_queued_mail_arrives(queue: Callable[..., OutgoingMail], mailbox: Mailbox, now: datetime) -> None:
    mail = queue()

    sent = outbox.send_outgoing(now=now)

    mail.refresh_from_db()
    assert (sent, mail.status, mail.sent_at, mail.attempts) == (1, Status.SENT, now, 1)
    assert mailbox.only()["To"] == mail.subscriber.email


def test_sending_twice_sends_once(queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime) -> None:
    queue()
    outbox.send_outgoing(now=now)

    sent = outbox.send_outgoing(now=now)

    assert (sent, len(provider.taken)) == (0, 1)


def test_a_mail_waits_for_its_moment(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    queue(not_before=now + timedelta(microseconds=1))

    assert outbox.send_outgoing(now=now) == 0


def test_a_run_takes_no_more_than_its_limit(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    for _ in range(3):
        queue()

    assert outbox.send_outgoing(now=now, limit=2) == 2


def test_a_change_of_address_is_mailed_to_the_new_one(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    queue(kind=Kind.CHANGE, to="new@example.org")

    outbox.send_outgoing(now=now)

    assert provider.taken[0].to == ["new@example.org"]


def test_a_mail_is_put_off_when_the_provider_says_later(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    mail = queue()
    provider.errors.append(smtplib.SMTPDataError(451, b"busy, ada@example.org"))

    sent = outbox.send_outgoing(now=now)

    mail.refresh_from_db()
    assert (sent, mail.status, mail.not_before) == (0, Status.QUEUED, now + timedelta(minutes=2))
    assert mail.error == "the mail server refused the mail (451)"


def test_a_mail_that_was_put_off_goes_out_later(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    mail = queue()
    provider.errors.append(TimeoutError())
    outbox.send_outgoing(now=now)

    too_early = outbox.send_outgoing(now=now + timedelta(minutes=2) - timedelta(seconds=1))
    in_time = outbox.send_outgoing(now=now + timedelta(minutes=2))

    mail.refresh_from_db()
    assert (too_early, in_time, mail.status, mail.error) == (0, 1, Status.SENT, "")


def test_the_wait_doubles_up_to_its_limit_and_then_the_mail_is_given_up(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    mail = queue()
    provider.errors.extend(TimeoutError() for _ in range(9))
    waits = []

    while mail.status == Status.QUEUED:
        outbox.send_outgoing(now=mail.not_before)
        before = mail.not_before
        mail.refresh_from_db()
        waits.append((mail.not_before - before) // timedelta(minutes=1))

    assert waits == [2, 4, 8, 16, 32, 0]
    assert (mail.status, mail.attempts) == (Status.FAILED, outbox.MOST_ATTEMPTS)


def test_a_refused_address_fails_at_once_and_is_not_named(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    mail = queue()
    provider.errors.append(smtplib.SMTPRecipientsRefused({mail.subscriber.email: (550, b"no such user")}))

    with caplog.at_level(logging.DEBUG):
        outbox.send_outgoing(now=now)

    mail.refresh_from_db()
    assert (mail.status, mail.error) == (Status.FAILED, "the receiving server refused the address (550)")
    assert "@" not in caplog.text


def test_an_error_costs_no_other_mail(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    queue()
    queue()
    provider.errors.append(smtplib.SMTPDataError(554, b"no"))

    assert outbox.send_outgoing(now=now) == 1


def test_a_provider_that_is_down_costs_no_mail_an_attempt(
    queue: Callable[..., OutgoingMail],
    provider: type[Provider],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mail = queue()
    monkeypatch.setattr(Provider, "broken", ConnectionRefusedError())

    sent = outbox.send_outgoing(now=now)

    mail.refresh_from_db()
    assert (sent, mail.status, mail.attempts) == (0, Status.QUEUED, 0)
    assert "No mail about subscriptions can be sent" in caplog.text


def test_a_suppressed_address_is_not_mailed(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    mail = queue()
    services.suppress(address_key=mail.subscriber.address_key, reason="complaint", detail="", now=now)

    outbox.send_outgoing(now=now)

    mail.refresh_from_db()
    assert (mail.status, mail.error, provider.taken) == (Status.FAILED, "the address is suppressed", [])


def test_a_new_address_that_is_suppressed_is_not_mailed(
    queue: Callable[..., OutgoingMail],
    make_reader: Callable[..., Subscriber],
    provider: type[Provider],
    now: datetime,
) -> None:
    suppressed = make_reader(email="new@example.org").address_key
    services.suppress(address_key=suppressed, reason="hard_bounce", detail="", now=now)
    queue(kind=Kind.CHANGE, to="new@example.org")

    assert outbox.send_outgoing(now=now) == 0


@pytest.mark.parametrize(
    ("kind", "attempts", "status"),
    [
        (Kind.CONFIRM, 1, Status.QUEUED),
        (Kind.MANAGE, 1, Status.QUEUED),
        (Kind.CONFIRM, 2, Status.FAILED),
        (Kind.ALREADY, 1, Status.FAILED),
        (Kind.CHANGE, 1, Status.FAILED),
    ],
)
def test_a_mail_whose_worker_died_is_repeated_only_where_a_copy_is_harmless(
    kind: str, attempts: int, status: str, queue: Callable[..., OutgoingMail], now: datetime
) -> None:
    long_ago = now - outbox.STUCK_AFTER - timedelta(seconds=1)
    mail = queue(kind=kind, attempts=attempts, status=Status.SENDING, claimed_at=long_ago)

    outbox.sweep_stuck(now=now)

    mail.refresh_from_db()
    assert mail.status == status


def test_a_mail_that_is_being_sent_is_left_alone(queue: Callable[..., OutgoingMail], now: datetime) -> None:
    mail = queue(attempts=1, status=Status.SENDING, claimed_at=now - outbox.STUCK_AFTER)

    outbox.sweep_stuck(now=now)

    mail.refresh_from_db()
    assert mail.status == Status.SENDING


def test_a_mail_handed_over_without_an_answer_waits_for_the_sweep(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    mail = queue(kind=Kind.CHANGE, to="new@example.org")
    provider.errors.append(AnswerLost())

    outbox.send_outgoing(now=now)

    mail.refresh_from_db()
    assert mail.status == Status.SENDING


def test_a_worker_that_was_given_up_on_does_not_settle_a_mail_again(
    queue: Callable[..., OutgoingMail], now: datetime
) -> None:
    mail = queue(attempts=1, status=Status.FAILED, error="a worker died")

    outbox._settle(mail, status=Status.SENT)

    mail.refresh_from_db()
    assert mail.status == Status.FAILED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_claims_a_mail(queue: Callable[..., OutgoingMail], now: datetime) -> None:
    mail = queue()

    claims = at_once(workers=8, do=lambda: outbox.claim(pk=mail.pk, now=now))

    assert claims.count(True) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    for _ in range(20):
        queue()

    sent = at_once(workers=2, do=lambda: outbox.send_outgoing(now=now))

    assert (sum(sent), len(provider.taken)) == (20, 20)


def test_a_mail_that_was_only_rehearsed_is_not_called_sent(
    queue: Callable[..., OutgoingMail], provider: type[Provider], now: datetime
) -> None:
    mail = queue()
    provider.errors = [OnlyRehearsed("dry run: handed to nobody")]

    assert outbox.send_outgoing(now=now) == 0

    mail.refresh_from_db()
    assert (mail.status, mail.error) == (Status.FAILED, "dry run: handed to nobody")
