"""The turnstile before a host: one at a time, a pause, a back-off, and a closed door."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import AccessDenied, TemporaryError
from digest.models import SourceGate
from digest.pipeline.gate import LEASE, Gate
from tests.threads import at_once
from tests.unit.pipeline.moments import FakeTime

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(NOW)


def gate(time: FakeTime) -> Gate:
    return Gate(host="arxiv", pause=timedelta(seconds=3), clock=time.clock)


@pytest.mark.django_db
def test_the_first_request_does_not_wait(time: FakeTime) -> None:
    gate(time).enter()

    assert time.slept == []


@pytest.mark.django_db
def test_the_next_request_of_any_process_waits_three_seconds_after_the_last_one_ended(time: FakeTime) -> None:
    first = gate(time)
    first.enter()
    time.passes(seconds=10)
    first.leave()

    gate(time).enter()

    assert time.slept == [3.0]


@pytest.mark.django_db
def test_nobody_enters_while_somebody_is_inside(time: FakeTime) -> None:
    gate(time).enter()

    with pytest.raises(TemporaryError, match="arxiv is to be left alone"):
        gate(time).enter()


@pytest.mark.django_db
def test_a_holder_that_died_is_passed_when_its_lease_ends(time: FakeTime) -> None:
    gate(time).enter()
    time.passes(seconds=LEASE.total_seconds() - 10)

    gate(time).enter()

    assert 10 <= sum(time.slept) <= 11


@pytest.mark.django_db
def test_a_holder_that_comes_back_too_late_does_not_open_the_gate_for_others(time: FakeTime) -> None:
    late = gate(time)
    late.enter()
    time.passes(seconds=LEASE.total_seconds())
    second = gate(time)
    second.enter()

    late.leave()

    assert SourceGate.objects.get().holder == second.holder


@pytest.mark.django_db
def test_the_silence_after_refusals_doubles_and_a_success_ends_it(time: FakeTime) -> None:
    waits = []
    for _ in range(3):
        visitor = gate(time)
        visitor.enter()
        waits.append(visitor.back_off(retry_after=None))
        time.passes(hours=1)
    visitor = gate(time)
    visitor.enter()
    visitor.leave()

    assert waits == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert SourceGate.objects.get().failures == 0


@pytest.mark.django_db
def test_the_silence_has_an_end_however_many_refusals_came(time: FakeTime) -> None:
    SourceGate.objects.create(host="arxiv", open_at=NOW, failures=40)
    visitor = gate(time)
    visitor.enter()

    wait = visitor.back_off(retry_after=None)

    assert wait == timedelta(hours=4)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (timedelta(seconds=5), timedelta(minutes=2)),
        (timedelta(minutes=30), timedelta(minutes=30)),
        (timedelta(days=400), timedelta(days=1)),
    ],
)
@pytest.mark.django_db
def test_a_host_may_ask_for_a_longer_silence(time: FakeTime, asked: timedelta, wait: timedelta) -> None:
    visitor = gate(time)
    visitor.enter()

    found = visitor.back_off(retry_after=asked)

    assert found == wait


@pytest.mark.django_db
def test_during_the_silence_a_request_is_put_off_and_not_waited_for(time: FakeTime) -> None:
    visitor = gate(time)
    visitor.enter()
    visitor.back_off(retry_after=timedelta(minutes=30))

    with pytest.raises(TemporaryError, match="2026-06-09 08:30"):
        gate(time).enter()

    assert time.slept == []


@pytest.mark.django_db
def test_after_a_403_nobody_enters_until_a_person_lifts_it(time: FakeTime) -> None:
    visitor = gate(time)
    visitor.enter()
    visitor.deny()
    time.passes(days=30)

    with pytest.raises(AccessDenied, match="answered 403 on 2026-06-09"):
        gate(time).enter()
    SourceGate.objects.update(denied_at=None)

    gate(time).enter()


@pytest.mark.django_db
def test_hosts_do_not_wait_for_each_other(time: FakeTime) -> None:
    gate(time).enter()

    Gate(host="huggingface", pause=timedelta(seconds=1), clock=time.clock).enter()

    assert time.slept == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_processes_at_the_door_one_enters() -> None:
    SourceGate.objects.create(host="arxiv", open_at=NOW)

    def enter() -> bool:
        try:
            gate(FakeTime(NOW)).enter()
        except TemporaryError:
            return False
        return True

    entered = at_once(workers=8, do=enter)

    assert entered.count(True) == 1
