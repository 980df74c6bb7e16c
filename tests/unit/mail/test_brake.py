"""The emergency brake: when it is pulled, what it stops, and that a person alone lifts it."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from digest.mail import brake
from digest.mail.brake import FEWEST_EVENTS, SMALLEST_CEILING, WINDOW, Kind
from digest.mail.delivery import DeliveryReport, deliver
from digest.mail.ledger import Status
from digest.models import Delivery, DeliveryEvent, SendingStop
from tests.builders import NOW, make_reader
from tests.threads import at_once
from tests.unit.mail.fakes import ScriptedBackend
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
Provider = type[ScriptedBackend]


def make_sent(n: int, *, at: datetime = NOW) -> list[Delivery]:
    """Save deliveries that have left."""
    return [
        make_delivery(papers=[], status=Status.SENT, claimed_at=at, sent_at=at, created_at=at, provider="scripted")
        for _ in range(n)
    ]


def make_events(deliveries: list[Delivery], *, kind: str, at: datetime = NOW) -> None:
    for delivery in deliveries:
        DeliveryEvent.objects.create(
            key=f"{kind}:{DeliveryEvent.objects.count()}",
            delivery=delivery,
            kind=kind,
            at=at,
            received_at=at,
            provider="x",
        )


def address_refused() -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"reader@example.org": (550, b"5.1.1 user unknown")})


def send_all(now: datetime = NOW) -> DeliveryReport:
    return deliver(delivery_ids=None, now=now)


def test_while_the_brake_is_on_nothing_leaves_and_nothing_is_lost(provider: Provider) -> None:
    delivery = make_delivery()
    brake.pull(kind=Kind.BY_HAND, reason="a wrong template", now=NOW)

    report = send_all()

    delivery.refresh_from_db()
    assert (report.total, provider.sent, delivery.status) == (0, [], Status.QUEUED)
    brake.lift(stop_ids=None, by="grace", now=NOW)
    assert send_all().sent == 1


def test_pulling_twice_is_one_brake_and_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        pulled = [brake.pull(kind=Kind.BY_HAND, reason="Stop.", now=NOW) for _ in range(2)]

    assert pulled == [True, False]
    assert (SendingStop.objects.count(), len(caplog.records)) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_workers_that_pull_one_brake_is_on() -> None:
    at_once(workers=4, do=lambda: brake.pull(kind=Kind.TOTAL, reason="Too many.", now=NOW))

    assert SendingStop.objects.count() == 1


def test_lifting_says_who_answers_for_it_and_twice_lifts_nothing() -> None:
    brake.pull(kind=Kind.BY_HAND, reason="Stop.", now=NOW)

    lifted = [brake.lift(stop_ids=None, by=name, now=NOW) for name in ("grace", "edith")]

    assert (lifted, SendingStop.objects.get().lifted_by) == ([1, 0], "grace")


@pytest.mark.parametrize(("total", "per_reader", "ceiling"), [(7, 3, 7), (0, 3, SMALLEST_CEILING), (0, 0, 2**53)])
def test_the_ceiling_is_the_smaller_of_what_is_set(
    settings: LazySettings, total: int, per_reader: int, ceiling: int
) -> None:
    settings.EMAIL_BRAKE_TOTAL, settings.EMAIL_BRAKE_PER_READER = total, per_reader

    assert brake.ceiling(day=NOW.date()) == ceiling


def test_the_ceiling_grows_with_the_readers(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brake, "SMALLEST_CEILING", 1)
    settings.EMAIL_BRAKE_PER_READER = 3
    make_reader()
    make_reader()
    make_reader(status="unsubscribed")

    assert brake.ceiling(day=NOW.date()) == 6


def test_the_mail_at_the_ceiling_leaves_and_the_one_above_pulls_the_brake(
    provider: Provider, settings: LazySettings
) -> None:
    settings.EMAIL_BRAKE_TOTAL = 3
    make_sent(1)
    for _ in range(3):
        make_delivery()

    report = send_all()

    assert (report.sent, Delivery.objects.filter(status=Status.QUEUED).count()) == (2, 1)
    assert SendingStop.objects.get().kind == Kind.TOTAL


def test_after_a_person_lifted_it_as_many_more_may_leave_on_that_day(
    provider: Provider, settings: LazySettings
) -> None:
    settings.EMAIL_BRAKE_TOTAL = 2
    for _ in range(5):
        make_delivery()
    send_all()

    brake.lift(stop_ids=None, by="grace", now=NOW)

    assert (send_all().sent, send_all().sent) == (2, 0)
    assert SendingStop.objects.filter(lifted_at__isnull=True).count() == 1


@pytest.fixture
def twenty_mails(settings: LazySettings) -> list[Delivery]:
    """Twenty mails have left; that is enough to judge by, and more than a fifth is too many."""
    settings.EMAIL_BRAKE_BOUNCES = settings.EMAIL_BRAKE_COMPLAINTS = 0.2
    settings.EMAIL_BRAKE_FEWEST_MAILS = 20
    return make_sent(20)


@pytest.mark.parametrize(("kind", "stop"), [("bounced", Kind.BOUNCES), ("complained", Kind.COMPLAINTS)])
@pytest.mark.parametrize(("events", "pulled"), [(4, False), (5, True)])
def test_more_than_the_share_pulls_the_brake(
    twenty_mails: list[Delivery], kind: str, stop: str, events: int, pulled: bool
) -> None:
    make_events(twenty_mails[:events], kind=kind)

    brake.watch(now=NOW)

    assert [found.kind for found in SendingStop.objects.all()] == ([stop] if pulled else [])


@pytest.mark.parametrize("refused", [4, 5])
@pytest.mark.parametrize("stage", ["the address", "the mail"])
def test_refusals_while_we_listen_count_as_bounces(
    provider: Provider, settings: LazySettings, refused: int, stage: str
) -> None:
    settings.EMAIL_BRAKE_BOUNCES, settings.EMAIL_BRAKE_FEWEST_MAILS = 0.2, 20
    no: dict[str, Callable[[], Exception]] = {
        "the address": address_refused,
        "the mail": lambda: smtplib.SMTPDataError(550, b"5.7.1 spam"),
    }
    provider.answers = [no[stage]() for _ in range(refused)]
    for _ in range(20):
        make_delivery()
    send_all()

    brake.watch(now=NOW)

    assert [stop.kind for stop in SendingStop.objects.all()] == ([Kind.BOUNCES] if refused == 5 else [])


def test_a_refusal_that_comes_back_by_mail_too_counts_once(twenty_mails: list[Delivery]) -> None:
    Delivery.objects.filter(pk__in=[mail.pk for mail in twenty_mails[:4]]).update(status=Status.FAILED)
    make_events(twenty_mails[:4] * 2, kind="bounced")

    brake.watch(now=NOW)

    assert brake.standing() is None


def test_a_mail_that_could_not_be_written_was_refused_by_nobody(twenty_mails: list[Delivery]) -> None:
    for _ in range(9):
        make_delivery(papers=[], status=Status.FAILED)

    brake.watch(now=NOW)

    assert brake.standing() is None


def test_refusals_that_a_person_has_looked_at_do_not_pull_the_brake_again(twenty_mails: list[Delivery]) -> None:
    Delivery.objects.filter(pk__in=[mail.pk for mail in twenty_mails[:5]]).update(status=Status.FAILED)
    brake.watch(now=NOW)
    brake.lift(stop_ids=None, by="grace", now=NOW)

    brake.watch(now=NOW + timedelta(minutes=1))

    assert (brake.standing(), SendingStop.objects.count()) == (None, 1)


def test_too_few_mails_are_no_rate(twenty_mails: list[Delivery], settings: LazySettings) -> None:
    settings.EMAIL_BRAKE_FEWEST_MAILS = 21
    make_events(twenty_mails, kind="bounced")

    brake.watch(now=NOW)

    assert brake.standing() is None


def test_one_unlucky_reader_is_no_rate(twenty_mails: list[Delivery], settings: LazySettings) -> None:
    settings.EMAIL_BRAKE_COMPLAINTS = 0.001
    make_events(twenty_mails[: FEWEST_EVENTS - 1], kind="complained")

    brake.watch(now=NOW)

    assert brake.standing() is None


def test_a_mail_that_is_reported_again_and_again_counts_once(twenty_mails: list[Delivery]) -> None:
    make_events(twenty_mails[:1] * 9, kind="bounced")

    brake.watch(now=NOW)

    assert brake.standing() is None


def test_events_and_mails_of_the_day_before_are_past(twenty_mails: list[Delivery]) -> None:
    make_events(twenty_mails[:5], kind="bounced", at=NOW - WINDOW)

    brake.watch(now=NOW)

    assert brake.standing() is None


def test_what_a_person_has_looked_at_does_not_pull_the_brake_again(twenty_mails: list[Delivery]) -> None:
    make_events(twenty_mails[:5], kind="bounced")
    brake.watch(now=NOW)
    brake.lift(stop_ids=None, by="grace", now=NOW)

    brake.watch(now=NOW + timedelta(minutes=1))

    assert brake.standing() is None
