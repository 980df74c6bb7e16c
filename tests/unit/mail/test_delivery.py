"""From QUEUED to an end: every answer of a provider, and every way to fall on the way."""

import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from digest.mail.delivery import DeliveryReport, deliver
from digest.mail.ledger import KEEPS_FRESH, Status
from digest.mail.sender import FIRST_RETRY, LONGEST_RETRY, NO_PAPERS_LEFT, PROVIDER_PAUSE, retry_delay
from digest.models import Delivery, DigestItem, Paper
from subscriptions import services
from subscriptions.mail_errors import AnswerLost
from subscriptions.models import SoftBounce, Subscriber, Suppression
from tests.builders import NOW, make_paper, make_reader
from tests.mailbox import Mailbox
from tests.unit.mail.fakes import ScriptedBackend
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
Provider = type[ScriptedBackend]


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    """Refuse the recipient."""
    return smtplib.SMTPRecipientsRefused({"reader@example.org": (code, b"no <reader@example.org>")})


def send_all(**options: Any) -> DeliveryReport:
    """Deliver all that waits."""
    return deliver(**{"delivery_ids": None, "now": NOW, **options})


def test_a_queued_digest_is_sent_and_written_down(mailbox: Mailbox) -> None:
    delivery = make_delivery()

    report = send_all()

    delivery.refresh_from_db()
    message = mailbox.only(to=delivery.digest.subscriber.email)
    assert report == DeliveryReport(sent=1)
    assert (delivery.status, delivery.sent_at, delivery.error) == (Status.SENT, NOW, "")
    assert delivery.provider_message_id == message["Message-ID"]
    assert delivery.provider == "file"


def test_a_second_call_sends_nothing(mailbox: Mailbox) -> None:
    make_delivery()
    send_all()

    assert send_all().total == 0
    assert len(mailbox.messages()) == 1


def test_only_the_deliveries_that_were_named_are_sent(provider: Provider) -> None:
    wanted, other = make_delivery(), make_delivery()

    send_all(delivery_ids=[wanted.pk])

    wanted.refresh_from_db()
    other.refresh_from_db()
    assert (wanted.status, other.status) == (Status.SENT, Status.QUEUED)


def test_a_call_does_no_more_than_its_limit_and_the_next_goes_on(provider: Provider) -> None:
    for _ in range(3):
        make_delivery()

    assert [send_all(limit=2).sent, send_all(limit=2).sent] == [2, 1]


def test_one_connection_serves_a_whole_call(provider: Provider) -> None:
    for _ in range(3):
        make_delivery()

    send_all()

    assert (len(provider.sent), provider.opened) == (3, 1)


def test_the_row_says_sending_while_the_provider_is_called(provider: Provider) -> None:
    delivery = make_delivery()
    seen: list[str] = []
    provider.answers = [lambda message: seen.append(Delivery.objects.get(pk=delivery.pk).status)]

    send_all()

    assert seen == [Status.SENDING]


def test_the_providers_own_message_id_is_kept(provider: Provider) -> None:
    def answer(message: EmailMessage) -> None:
        message.anymail_status = SimpleNamespace(status={"queued"}, message_id="esp-42")  # type: ignore[attr-defined]

    delivery = make_delivery()
    provider.answers = [answer]

    send_all()

    delivery.refresh_from_db()
    assert delivery.provider_message_id == "esp-42"


def test_a_refusal_for_good_is_failed_with_the_reason_and_without_the_address(provider: Provider) -> None:
    delivery = make_delivery()
    provider.answers = [refused(550)]

    report = send_all()

    delivery.refresh_from_db()
    assert report == DeliveryReport(failed=1)
    assert delivery.status == Status.FAILED
    assert "550" in delivery.error
    assert "reader@" not in delivery.error


def test_a_refusal_for_now_is_tried_again_when_its_time_has_come(provider: Provider) -> None:
    delivery = make_delivery()
    provider.answers = [refused(450)]

    assert send_all() == DeliveryReport(retried=1)

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (Status.QUEUED, 1)
    assert delivery.retry_at is not None
    assert send_all(now=delivery.retry_at - timedelta(seconds=1)).total == 0
    assert send_all(now=delivery.retry_at).sent == 1


def test_other_mails_go_on_after_one_was_refused(provider: Provider) -> None:
    for _ in range(4):
        make_delivery()
    provider.answers = [refused(550), None, refused(450), None]

    assert send_all() == DeliveryReport(sent=2, failed=1, retried=1)


def test_waiting_doubles_and_differs_from_mail_to_mail() -> None:
    ids = [UUID(int=number) for number in (0, 511)]

    assert [retry_delay(delivery_id=ids[0], attempts=n) for n in (1, 2, 3)] == [FIRST_RETRY * n for n in (1, 2, 4)]
    assert FIRST_RETRY < retry_delay(delivery_id=ids[1], attempts=1) < FIRST_RETRY * 1.5


def test_however_often_it_waits_no_wait_is_longer_than_the_limit_and_half_of_it() -> None:
    assert retry_delay(delivery_id=UUID(int=511), attempts=400) < LONGEST_RETRY * 1.5


def test_a_mail_that_is_refused_for_now_is_tried_again_however_often(provider: Provider) -> None:
    delivery = make_delivery(attempts=30)
    provider.answers = [refused(450)]

    send_all()

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (Status.QUEUED, 31)
    assert delivery.retry_at is not None
    assert delivery.retry_at > NOW


@pytest.mark.parametrize(("early", "end"), [(timedelta(0), Status.EXPIRED), (timedelta(seconds=1), Status.SENT)])
def test_todays_digest_does_not_arrive_tomorrow(provider: Provider, early: timedelta, end: str) -> None:
    delivery = make_delivery(created_at=NOW - KEEPS_FRESH + early, error="450 busy")

    report = send_all()

    delivery.refresh_from_db()
    assert delivery.status == end
    assert report.total == 1
    assert delivery.error == ("too late to send. 450 busy" if end == Status.EXPIRED else "")
    assert len(provider.sent) == (end == Status.SENT)


def test_a_digest_that_the_next_one_has_overtaken_is_dropped(provider: Provider) -> None:
    reader = make_reader()
    old = make_delivery(reader=reader, day=NOW.date() - timedelta(days=1))
    new = make_delivery(reader=reader)

    report = send_all()

    assert report == DeliveryReport(sent=1, expired=1)
    assert {row.pk: row.status for row in Delivery.objects.all()} == {old.pk: Status.EXPIRED, new.pk: Status.SENT}


def test_a_digest_waits_as_long_as_its_readers_address_after_a_soft_bounce(provider: Provider) -> None:
    delivery = make_delivery()
    key = delivery.digest.subscriber.address_key
    services.note_soft_bounce(address_key=key, detail="mailbox full", now=NOW - timedelta(minutes=1))
    until = NOW - timedelta(minutes=1) + timedelta(hours=2)

    first, second, third = send_all(), send_all(now=until - timedelta(seconds=1)), send_all(now=until)

    assert (first, second, third) == (DeliveryReport(retried=1), DeliveryReport(), DeliveryReport(sent=1))


def test_a_provider_that_is_down_costs_no_attempt_and_the_rest_waits(provider: Provider) -> None:
    rows = [make_delivery(created_at=NOW - timedelta(hours=hours)) for hours in (3, 2, 1)]
    provider.openings = [ConnectionRefusedError()]

    report = send_all()

    rows[0].refresh_from_db()
    assert report == DeliveryReport(retried=1, provider_down=True)
    assert (rows[0].status, rows[0].attempts, rows[0].retry_at) == (Status.QUEUED, 0, NOW + PROVIDER_PAUSE)
    assert {row.status for row in Delivery.objects.exclude(pk=rows[0].pk)} == {Status.QUEUED}


def test_a_kept_connection_that_was_closed_is_renewed_and_nothing_is_lost(provider: Provider) -> None:
    for _ in range(3):
        make_delivery()
    provider.answers = [None, smtplib.SMTPServerDisconnected("idle too long"), None, None]

    assert send_all() == DeliveryReport(sent=3)
    assert provider.opened == 2


def test_an_answer_that_never_came_is_unknown_and_is_not_sent_again(provider: Provider) -> None:
    delivery = make_delivery()
    provider.answers = [AnswerLost("no answer after the mail was handed over")]

    assert send_all() == DeliveryReport(unknown=1)

    delivery.refresh_from_db()
    assert delivery.status == Status.UNKNOWN
    assert send_all(now=NOW + timedelta(days=1)).total == 0
    assert provider.sent == []


def test_after_an_answer_was_lost_the_next_mail_goes_over_a_new_connection(provider: Provider) -> None:
    make_delivery()
    make_delivery()
    provider.answers = [AnswerLost("no answer")]

    assert send_all() == DeliveryReport(sent=1, unknown=1)
    assert provider.opened == 2


def test_a_reader_who_is_erased_while_others_are_mailed_costs_those_nothing(provider: Provider) -> None:
    first, gone, last = (make_delivery(created_at=NOW + timedelta(seconds=n)) for n in range(3))
    provider.answers = [lambda _: services.erase(subscriber=gone.digest.subscriber, now=NOW)]

    report = send_all()

    assert report == DeliveryReport(sent=2)
    assert list(Delivery.objects.order_by("created_at")) == [first, last]


def test_a_digest_that_cannot_be_written_fails_alone_and_is_named(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = make_delivery(), make_delivery()
    DigestItem.objects.filter(digest=broken.digest).update(reasons=[{"nonsense": 1}])

    with caplog.at_level(logging.ERROR):
        report = send_all()

    broken.refresh_from_db()
    assert report == DeliveryReport(sent=1, failed=1)
    assert broken.status == Status.FAILED
    assert "could not be written" in broken.error
    assert str(broken.pk) in caplog.text
    assert whole.digest.subscriber.email.partition("@")[0] not in caplog.text


def test_no_address_is_ever_logged(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    for answer in (refused(550), refused(450), AnswerLost("x"), ConnectionRefusedError("ada@example.org")):
        make_delivery(reader=make_reader(email=f"ada{len(provider.answers)}@example.org"))
        provider.answers.append(answer)

    with caplog.at_level(logging.DEBUG):
        send_all()

    assert "@" not in caplog.text
    assert "@" not in " ".join(Delivery.objects.values_list("error", flat=True))


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        (lambda reader: services.unsubscribe(subscriber=reader, now=NOW), "unsubscribed"),
        (
            lambda reader: services.suppress(address_key=reader.address_key, reason="hard_bounce", detail="", now=NOW),
            "does not exist",
        ),
        (lambda reader: Subscriber.objects.filter(pk=reader.pk).update(paused_until="2026-12-24"), "pause"),
    ],
    ids=["left", "suppressed", "paused"],
)
def test_a_reader_who_must_not_be_mailed_any_more_is_suppressed_with_the_reason(
    provider: Provider, stop: Callable[[Subscriber], object], words: str
) -> None:
    delivery = make_delivery()
    stop(delivery.digest.subscriber)

    report = send_all()

    delivery.refresh_from_db()
    assert report == DeliveryReport(suppressed=1)
    assert delivery.status == Status.SUPPRESSED
    assert words in delivery.error
    assert provider.sent == []


def test_a_digest_whose_papers_were_all_withdrawn_is_not_sent(provider: Provider) -> None:
    delivery = make_delivery()
    Paper.objects.update(withdrawn=True)

    assert send_all() == DeliveryReport(suppressed=1)

    delivery.refresh_from_db()
    assert delivery.error == NO_PAPERS_LEFT


def test_a_note_about_an_empty_day_is_sent(mailbox: Mailbox) -> None:
    make_delivery(empty_reason="It is Sunday.")

    assert send_all().sent == 1
    assert "No new papers" in str(mailbox.only()["Subject"])


def test_a_delivery_that_another_worker_took_a_moment_ago_is_left_to_them(provider: Provider) -> None:
    waiting = Delivery.objects.filter(pk=make_delivery().pk)
    other_worker = [lambda: waiting.update(status=Status.SENDING, claimed_at=NOW)]

    def be_faster(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and other_worker:
            other_worker.pop()()
        return execute(sql, *rest)

    with connection.execute_wrapper(be_faster):
        report = send_all()

    assert (report.total, provider.sent) == (0, [])


def test_a_late_answer_settles_what_a_sweeper_thought_lost(provider: Provider) -> None:
    delivery = make_delivery(papers=[make_paper()])
    provider.answers = [lambda message: Delivery.objects.filter(pk=delivery.pk).update(status=Status.UNKNOWN)]

    assert send_all().sent == 1

    delivery.refresh_from_db()
    assert delivery.status == Status.SENT


def test_a_late_no_for_now_leaves_the_unknown_unknown(provider: Provider) -> None:
    def sweep_then_refuse(message: EmailMessage) -> None:
        Delivery.objects.update(status=Status.UNKNOWN)
        raise refused(450)

    delivery = make_delivery()
    provider.answers = [sweep_then_refuse]

    send_all()

    delivery.refresh_from_db()
    assert delivery.status == Status.UNKNOWN


@pytest.mark.parametrize(
    ("reply", "reason"),
    [(b"5.1.1 user unknown", "hard_bounce"), (b"5.7.1 blocked", ""), (b"5.2.2 mailbox full", "")],
)
def test_a_server_that_refuses_the_address_while_we_listen_is_heard_like_a_bounce(
    provider: Provider, reply: bytes, reason: str
) -> None:
    delivery = make_delivery()
    provider.answers = [smtplib.SMTPRecipientsRefused({"reader@example.org": (550, reply)})]

    send_all()

    delivery.refresh_from_db()
    key = delivery.digest.subscriber.address_key
    stop = Suppression.objects.filter(address_key=key).first()
    assert (delivery.status, stop.reason if stop else "") == (Status.FAILED, reason)
    assert SoftBounce.objects.filter(address_key=key).exists() == (not reason)
    assert delivery.events.get().kind == "bounced"
