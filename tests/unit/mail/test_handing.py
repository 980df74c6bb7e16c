"""All that waits is handed out, page by page, in one round at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from digest import tasks
from digest.mail import handing
from digest.mail.counters import LocalCounters, RedisCounters
from digest.mail.limits import Limits
from digest.models import SendingStop
from subscriptions import doorbell
from tests.builders import NOW
from tests.servers import redis_url
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db


def queue(number: int) -> list[str]:
    """Queue some mails, and name them, the oldest first."""
    return [str(make_delivery(created_at=NOW + timedelta(seconds=second)).pk) for second in range(number)]


@pytest.mark.parametrize(("number", "more"), [(2, True), (3, False)])
def test_a_full_page_is_followed_by_another(number: int, more: bool) -> None:
    ids = queue(2)

    page = handing.next_page(last=None, now=NOW, limit=number)

    assert ([str(pk) for _, pk in page.mails], page.more) == (ids, more)


def test_the_next_page_begins_behind_the_last_mail() -> None:
    ids = queue(3)
    first = handing.next_page(last=None, now=NOW, limit=2)

    second = handing.next_page(last=first.mails[-1], now=NOW, limit=2)

    assert [str(pk) for _, pk in second.mails] == ids[2:]


def test_mails_that_were_queued_at_one_moment_come_once_each() -> None:
    ids = {str(make_delivery(created_at=NOW).pk) for _ in range(5)}
    last, seen = None, []
    while (page := handing.next_page(last=last, now=NOW, limit=2)).mails:
        seen += [str(pk) for _, pk in page.mails]
        last = page.mails[-1]

    assert (len(seen), set(seen)) == (5, ids)


def test_no_more_is_handed_out_while_the_brake_is_on() -> None:
    queue(2)
    SendingStop.objects.create(kind=SendingStop.Kind.BOUNCES, reason="Many came back.", pulled_at=NOW)

    assert not handing.next_page(last=None, now=NOW, limit=2).more


@pytest.mark.parametrize(("per_day", "more"), [(1, False), (2, True)])
def test_no_more_is_handed_out_when_the_day_is_used_up(settings: LazySettings, per_day: int, more: bool) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=per_day)
    make_delivery(status="sent", claimed_at=NOW, sent_at=NOW, created_at=NOW, provider=settings.EMAIL_PROVIDER)
    queue(2)

    assert handing.next_page(last=None, now=NOW, limit=2).more is more


@pytest.mark.parametrize("where", ["redis", "this process"])
def test_of_two_rounds_in_redis_one_begins(where: str) -> None:
    counters = RedisCounters(url=redis_url()) if where == "redis" else LocalCounters()
    counters.end(name="test")

    begun = [counters.begin(name="test"), counters.begin(name="test")]
    counters.go_on(name="test")
    counters.end(name="test")

    assert begun == [True, where != "redis"]
    assert counters.begin(name="test")
    counters.end(name="test")


@pytest.mark.django_db(transaction=True)
def test_a_sweep_rings_for_every_mail_however_many_pages_they_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MAILS", 2)
    monkeypatch.setattr(tasks, "SWEEP_CHUNKS", 2)
    now = datetime.now(UTC)
    ids = [str(make_delivery(created_at=now, day=now.date()).pk) for _ in range(9)]
    doorbell._rung.clear()

    tasks.sweep()
    rung: list[str] = []
    while doorbell._rung:
        name, args = doorbell._rung.popleft()
        if name == "digest.tasks.hand_out":
            tasks.hand_out(*args)
        else:
            rung += args[0]

    assert sorted(rung) == sorted(ids)
