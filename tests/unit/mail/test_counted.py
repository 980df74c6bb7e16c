"""Mails about subscriptions: sent by the provider of all mails, counted for its limits, kept waiting by nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings

from digest.mail import brake
from digest.mail.brake import Kind
from digest.mail.counters import counters
from digest.mail.delivery import DeliveryReport, deliver
from digest.mail.limits import Limits
from digest.mail.throttle import Lane, Why
from subscriptions.mail_errors import AnswerLost, OnlyRehearsed
from subscriptions.models import OutgoingMail
from subscriptions.outbox import send_outgoing
from subscriptions.selectors import mails_of_day
from tests.builders import NOW, make_reader
from tests.servers import free_port
from tests.unit.mail.fakes import ScriptedBackend
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
Provider = type[ScriptedBackend]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """The backend reads the clock."""
    with time_machine.travel(NOW, tick=False):
        yield


def queue(n: int) -> None:
    for _ in range(n):
        OutgoingMail.objects.create(subscriber=make_reader(), kind="manage", not_before=NOW, created_at=NOW)


def begin_day() -> None:
    """Have the day counted from its beginning, as a worker's first mail does."""
    deliver(delivery_ids=[make_delivery().pk], now=NOW)


def counted() -> Lane:
    return counters().read().lane(name="scripted")


def test_a_mail_about_a_subscription_counts_beside_digests(provider: Provider) -> None:
    begin_day()
    queue(2)

    assert send_outgoing(now=NOW) == 2

    assert (counted().handed, counted().others, counters().read().total) == (3, 2, 1)


@pytest.mark.parametrize(
    ("error", "n_counted"),
    [(AnswerLost("silence"), 1), (OnlyRehearsed("dry run"), 0), (ConnectionRefusedError(), 0)],
)
def test_what_may_have_left_counts_and_what_has_not_does_not(
    provider: Provider, error: Exception, n_counted: int
) -> None:
    begin_day()
    queue(1)
    provider.answers = [error]

    send_outgoing(now=NOW)

    assert counted().others == n_counted


def test_digests_stop_where_mails_about_subscriptions_have_used_up_the_day(
    provider: Provider, settings: LazySettings
) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=3)
    queue(2)
    send_outgoing(now=NOW)
    make_delivery()
    make_delivery()

    assert deliver(delivery_ids=None, now=NOW) == DeliveryReport(sent=1, held=Why.DAY.value)


def test_neither_a_used_up_day_nor_the_brake_nor_a_lost_redis_keeps_them_waiting(
    provider: Provider, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=1, per_second=1)
    begin_day()
    brake.pull(kind=Kind.BY_HAND, reason="Stop.", now=NOW)
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    queue(3)

    assert send_outgoing(now=NOW) == 3

    assert "was not counted: Redis cannot be reached" in caplog.text


def test_the_day_of_the_ledger_is_the_one_in_utc_and_knows_what_may_have_left() -> None:
    midnight = NOW.replace(hour=0)
    moment = timedelta(microseconds=1)
    for at, status in (
        (midnight - moment, "sent"),
        (midnight, "sent"),
        (midnight + timedelta(days=1) - moment, "sending"),
        (midnight + timedelta(days=1), "sent"),
        (NOW, "failed"),
        (NOW, "queued"),
    ):
        fields = {"claimed_at": at, "status": status, "not_before": NOW, "created_at": at}
        OutgoingMail.objects.create(subscriber=make_reader(), kind="manage", **fields)

    assert mails_of_day(day=NOW.date()) == 2
