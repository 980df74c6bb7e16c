"""Several lanes of one worker: each mail once, each connection kept, and a call that can be cut short."""

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from digest.mail.delivery import DeliveryReport, deliver
from digest.mail.lanes import Lanes
from digest.mail.ledger import CLAIM_TIMEOUT, Status, sweep_stuck
from digest.mail.sender import TIME_IS_UP, Sender
from digest.mail.wire import IDLE_S, Wires
from digest.models import Delivery
from tests.builders import NOW
from tests.unit.mail.fakes import ScriptedBackend
from tests.unit.mail.rows import make_delivery

Provider = type[ScriptedBackend]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_lanes_send_each_mail_once_and_keep_their_connections(provider: Provider) -> None:
    lanes: Lanes[Sender] = Lanes(number=3)
    for _ in range(12):
        make_delivery()
    first = deliver(delivery_ids=None, now=NOW, lanes=lanes)
    for _ in range(12):
        make_delivery()

    second = deliver(delivery_ids=None, now=NOW, lanes=lanes)

    lanes.close()
    recipients = Counter(message.to[0] for message in provider.sent)
    assert (first, second) == (DeliveryReport(sent=12), DeliveryReport(sent=12))
    assert set(recipients.values()) == {1}
    assert provider.opened <= 3
    assert Delivery.objects.filter(status=Status.SENT).count() == 24


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_calls_with_the_same_mails_send_each_once(provider: Provider) -> None:
    ids = [make_delivery().pk for _ in range(20)]
    reports: list[DeliveryReport] = []

    def call() -> None:
        lanes: Lanes[Sender] = Lanes(number=2)
        reports.append(deliver(delivery_ids=ids, now=NOW, lanes=lanes))
        lanes.close()
        connection.close()

    callers = [threading.Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert sum(report.sent for report in reports) == 20
    assert len({message.to[0] for message in provider.sent}) == len(provider.sent) == 20


@pytest.mark.django_db
def test_a_worker_that_dies_between_claim_and_hand_over_leaves_that_mail_in_doubt_and_no_other(
    provider: Provider,
) -> None:
    class Killed(BaseException):
        """What no code of ours catches."""

    def die(_: Any) -> None:
        raise Killed

    deliveries = [make_delivery() for _ in range(3)]
    provider.answers = [None, die]

    with pytest.raises(Killed):
        deliver(delivery_ids=[each.pk for each in deliveries], now=NOW)

    states = Counter(Delivery.objects.values_list("status", flat=True))
    assert states == {Status.SENT: 1, Status.SENDING: 1, Status.QUEUED: 1}
    assert sweep_stuck(now=NOW + CLAIM_TIMEOUT * 2).unknown == 1
    assert deliver(delivery_ids=None, now=NOW).sent == 1


def test_who_waits_for_lanes_can_cut_them_short() -> None:
    stop, seen = threading.Event(), []

    def job(_: Wires) -> None:
        seen.append(stop.wait(5))

    lanes: Lanes[None] = Lanes(number=2)
    threading.Timer(0.05, stop.set).start()

    lanes.run([job, job], stop=stop)

    assert seen == [True, True]


def test_what_goes_wrong_in_a_lane_is_heard_after_the_others_have_ended() -> None:
    done: list[str] = []

    def fail(_: Wires) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        Lanes[None](number=1).run([fail, lambda _: done.append("done")], stop=threading.Event())

    assert done == ["done"]


@pytest.mark.django_db
def test_a_call_that_is_cut_short_leaves_the_rest_queued(provider: Provider) -> None:
    from digest.mail.route import Route
    from digest.pipeline.clock import running_from

    ids = [make_delivery().pk for _ in range(3)]
    stop = threading.Event()
    provider.answers = [lambda _: stop.set()]
    clock = running_from(NOW)

    with Route(clock=clock) as route:
        sender = Sender(route=route, now=NOW, until=clock.now().replace(year=2100), stop=stop)
        sender.send(ids)

    assert (sender.counts["sent"], sender.held) == (1, TIME_IS_UP)
    assert Counter(Delivery.objects.values_list("status", flat=True)) == {Status.SENT: 1, Status.QUEUED: 2}


@pytest.mark.django_db
def test_a_connection_that_was_idle_too_long_is_renewed_before_it_is_used(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest.mail.route import providers

    wire = Wires().to(provider=providers()[0])
    message: Any = type("Message", (), {"extra_headers": {"Message-ID": "<1@example.org>"}})()
    opened = []
    for used_at in (0.0, 0.0, -2 * IDLE_S):
        wire.used_at += used_at
        wire.hand_over(message=message)
        opened.append(provider.opened)

    assert opened == [1, 1, 2]
