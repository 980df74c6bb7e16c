"""Limits, pauses and the fall-back, as deliveries feel them."""

import smtplib
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage

from digest.mail.counters import KEY, RedisCounters
from digest.mail.delivery import LONGEST_CALL, DeliveryReport, deliver
from digest.mail.ledger import Status
from digest.mail.limits import Limits, Provider
from digest.mail.sender import PROVIDER_PAUSE, TIME_IS_UP
from digest.mail.throttle import FIRST_PAUSE_S, Why
from digest.models import Delivery
from digest.pipeline.clock import Clock
from subscriptions.mail_errors import AnswerLost
from tests.builders import NOW
from tests.mailbox import Mailbox
from tests.servers import free_port
from tests.unit.mail.fakes import ScriptedBackend
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
Main = type[ScriptedBackend]
PAUSE = timedelta(seconds=FIRST_PAUSE_S)
A_SECOND = timedelta(seconds=1)  # the clock runs on while a call works


class Hands:
    """A clock that moves only when somebody sleeps, or when the test moves it."""

    def __init__(self) -> None:
        self.time, self.slept_s = NOW, 0.0

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.time += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.time, sleep=self.sleep)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def second(settings: LazySettings, mailbox: Mailbox, provider: Main) -> Mailbox:
    """A fall-back that writes into a folder; the main provider is the scripted one."""
    settings.EMAIL_BACKEND, settings.EMAIL_PROVIDER = "tests.unit.mail.fakes.ScriptedBackend", "scripted"
    settings.EMAIL_LIMITS = Limits(errors_in_a_row=2)
    settings.EMAIL_FALLBACK = Provider(name="second", backend="digest.mail.backends.FileBackend")
    return mailbox


def make_deliveries(n: int) -> None:
    for _ in range(n):
        make_delivery()


def send_all(*, now: datetime = NOW, clock: Clock | None = None) -> DeliveryReport:
    return deliver(delivery_ids=None, now=now, clock=clock)


def names() -> list[str]:
    """Who sent what has left."""
    return sorted(Delivery.objects.filter(status=Status.SENT).values_list("provider", flat=True))


def down(n: int) -> list[Exception]:
    return [smtplib.SMTPServerDisconnected("down") for _ in range(n)]


def test_the_days_limit_leaves_the_rest_queued_until_midnight(provider: Main, settings: LazySettings) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=2)
    make_deliveries(3)

    assert send_all() == DeliveryReport(sent=2, held=Why.DAY.value)
    assert send_all().total == 0
    assert send_all(now=NOW + timedelta(hours=16)).sent == 1  # midnight; four hours later it would have expired


def test_mails_leave_at_the_pace_of_the_provider(provider: Main, settings: LazySettings, hands: Hands) -> None:
    settings.EMAIL_LIMITS = Limits(per_second=4)
    make_deliveries(9)

    report = send_all(clock=hands.clock)

    assert report.sent == 9
    assert hands.slept_s == pytest.approx(2.0, abs=1e-3)


def test_a_worker_that_would_have_to_wait_for_long_leaves_the_mails_to_the_sweep(
    provider: Main, settings: LazySettings, hands: Hands
) -> None:
    settings.EMAIL_LIMITS = Limits(per_second=1)
    make_deliveries(1)
    send_all(clock=hands.clock)
    make_deliveries(2)
    hands.time -= timedelta(seconds=5)  # others have taken the turns of the next five seconds

    report = send_all(clock=hands.clock)

    assert report == DeliveryReport(held=Why.PACE.value)
    assert (hands.slept_s, Delivery.objects.filter(status=Status.QUEUED).count()) == (0, 2)


def test_a_call_ends_well_before_its_tasks_time_when_the_provider_is_slow(provider: Main, hands: Hands) -> None:
    make_deliveries(5)
    provider.answers = [lambda _: hands.sleep(LONGEST_CALL.total_seconds() / 2) for _ in range(5)]

    assert send_all(clock=hands.clock) == DeliveryReport(sent=2, held=TIME_IS_UP)


def test_turns_that_were_not_used_do_not_count_for_the_day(provider: Main, settings: LazySettings) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=3)
    for _ in range(3):
        make_deliveries(1)
        assert send_all().sent == 1


def test_a_mail_that_was_refused_for_now_does_not_count_for_the_day(provider: Main, settings: LazySettings) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=2)
    make_deliveries(4)
    provider.answers = [smtplib.SMTPDataError(451, b"later"), None, None]

    assert send_all() == DeliveryReport(sent=2, retried=1, held=Why.DAY.value)


def test_without_redis_mails_wait_with_one_line_in_the_log(
    provider: Main, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    make_deliveries(3)

    report = send_all()

    assert report == DeliveryReport(held=Why.GONE.value)
    assert Delivery.objects.filter(status=Status.QUEUED).count() == 3
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_redis_that_forgot_the_day_is_told_by_the_ledger(
    provider: Main, settings: LazySettings, redis_url: str
) -> None:
    settings.REDIS_URL, settings.EMAIL_LIMITS = redis_url, Limits(per_day=3)
    shared = RedisCounters(url=redis_url)
    shared.client.delete(KEY)
    make_deliveries(2)
    send_all()

    shared.client.delete(KEY)
    make_deliveries(2)

    assert send_all() == DeliveryReport(sent=1, held=Why.DAY.value)
    shared.client.delete(KEY)
    shared.client.close()


def test_after_errors_in_a_row_the_provider_is_left_alone_and_then_tried_with_one_mail(
    provider: Main, settings: LazySettings
) -> None:
    settings.EMAIL_LIMITS = Limits(errors_in_a_row=2)
    make_deliveries(6)
    provider.openings = [ConnectionRefusedError(), ConnectionRefusedError(), ConnectionRefusedError()]
    reports = [send_all(), send_all(), send_all()]

    assert [report.provider_down for report in reports] == [True, True, False]
    assert (reports[2].held, provider.opened) == (Why.CLOSED.value, 2)
    assert send_all(now=NOW + PAUSE + A_SECOND).provider_down
    assert send_all(now=NOW + PAUSE * 3).held == Why.CLOSED.value
    assert send_all(now=NOW + PAUSE * 3 + 2 * A_SECOND).sent == 5


def test_the_fall_back_sends_while_the_main_provider_is_paused(provider: Main, second: Mailbox) -> None:
    make_deliveries(5)
    provider.openings = [ConnectionRefusedError(), ConnectionRefusedError()]

    report = send_all()

    assert (report.sent, report.retried, names()) == (3, 2, ["second"] * 3)
    assert len(second.messages()) == 3


def test_after_the_pause_the_main_provider_sends_again(provider: Main, second: Mailbox) -> None:
    make_deliveries(3)
    provider.openings = [ConnectionRefusedError(), ConnectionRefusedError()]
    send_all()

    send_all(now=NOW + PROVIDER_PAUSE)

    assert names() == ["scripted", "scripted", "second"]


def test_the_fall_back_takes_over_when_the_main_providers_day_is_used_up(
    provider: Main, second: Mailbox, settings: LazySettings
) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=1)
    settings.EMAIL_FALLBACK = Provider(
        name="second", backend="digest.mail.backends.FileBackend", limits=Limits(per_day=2)
    )
    make_deliveries(4)

    assert send_all() == DeliveryReport(sent=3, held=Why.DAY.value)
    assert names() == ["scripted", "second", "second"]


def test_who_only_has_to_wait_a_moment_is_not_replaced(
    provider: Main, second: Mailbox, settings: LazySettings, hands: Hands
) -> None:
    settings.EMAIL_LIMITS = Limits(per_second=5)
    make_deliveries(4)

    send_all(clock=hands.clock)

    assert names() == ["scripted"] * 4


def test_a_mail_that_may_have_left_is_never_sent_by_the_other_one(provider: Main, second: Mailbox) -> None:
    make_deliveries(3)
    provider.answers = [AnswerLost("no answer"), AnswerLost("no answer")]

    report = send_all()
    later = send_all(now=NOW + timedelta(hours=1))

    assert (report.unknown, report.sent, later.total) == (2, 1, 0)
    assert len(second.messages()) == 1


def test_a_mail_that_one_provider_refuses_is_no_fault_of_the_provider(provider: Main, second: Mailbox) -> None:
    def refuse(message: EmailMessage) -> None:
        raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no")})

    make_deliveries(4)
    provider.answers = [refuse, refuse, refuse]

    assert send_all() == DeliveryReport(sent=1, failed=3)
    assert names() == ["scripted"]


def test_a_rehearsal_writes_every_mail_and_none_counts_as_sent(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = "dry-run", "digest.mail.backends.DryRunBackend"
    make_deliveries(3)

    with caplog.at_level("INFO"):
        report = send_all()

    assert report == DeliveryReport(rehearsed=3)
    assert set(Delivery.objects.values_list("status", "sent_at")) == {(Status.REHEARSED, None)}
    assert sum("handed to nobody" in record.message for record in caplog.records) == 3
    assert "@" not in caplog.text
