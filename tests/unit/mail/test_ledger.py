"""The table of moves, and who may make them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from digest.mail import ledger
from digest.mail.ledger import CLAIM_TIMEOUT, MOVES, Status, SweepReport
from digest.models import Delivery, DeliveryEvent
from subscriptions import services
from subscriptions.models import Subscriber
from tests.builders import NOW, make_reader
from tests.threads import at_once
from tests.unit.mail.rows import make_delivery

ON_ITS_WAY = (Status.QUEUED, Status.SENDING)


def claim(delivery: Delivery) -> bool:
    """Claim at NOW."""
    return ledger.claim(delivery_id=delivery.pk, provider="file", now=NOW)


def status(delivery: Delivery) -> str:
    """Read where a delivery is now."""
    delivery.refresh_from_db()
    return delivery.status


def test_every_move_has_a_reason_and_every_status_is_in_the_table() -> None:
    assert all(len(reason) > 20 for reason in MOVES.values())
    assert {state for pair in MOVES for state in pair} == set(Status)


def test_the_drawing_in_the_documentation_shows_the_moves_of_the_table_and_no_other() -> None:
    page = (Path(__file__).parents[3] / "docs" / "architecture.md").read_text("utf-8")
    drawing = page.partition("stateDiagram-v2")[2].partition("```")[0]

    drawn = re.findall(r"^ *(\w+) --> (\w+):", drawing, re.MULTILINE)
    ends = set(re.findall(r"^ *(\w+) --> \[\*\]$", drawing, re.MULTILINE))

    assert sorted(drawn) == sorted((origin.name, to.name) for origin, to in MOVES)
    assert ends == {state.name for state in Status} - {Status.QUEUED.name, Status.SENDING.name, Status.UNKNOWN.name}


@pytest.mark.parametrize("end", [Status.FAILED, Status.SUPPRESSED, Status.EXPIRED])
def test_what_has_ended_never_moves_again(end: Delivery.Status) -> None:
    assert [to for origin, to in MOVES if origin == end] == []


def test_an_unknown_delivery_is_sent_again_only_when_a_person_says_so() -> None:
    again = {pair: reason for pair, reason in MOVES.items() if pair[0] == Status.UNKNOWN and pair[1] in ON_ITS_WAY}

    assert list(again) == [(Status.UNKNOWN, Status.QUEUED)]
    assert "an operator" in again[Status.UNKNOWN, Status.QUEUED]


@pytest.mark.django_db
class TestExpire:
    """What comes too late is dropped, and only while it waits."""

    @pytest.mark.parametrize(("early", "end"), [(timedelta(0), Status.EXPIRED), (timedelta(seconds=1), Status.QUEUED)])
    def test_a_sweep_drops_what_is_too_old(self, early: timedelta, end: Delivery.Status) -> None:
        delivery = make_delivery(created_at=NOW - ledger.KEEPS_FRESH + early)

        dropped = [ledger.expire(now=NOW), ledger.expire(now=NOW)]

        assert (dropped, status(delivery)) == ([int(end == Status.EXPIRED), 0], end)

    @pytest.mark.parametrize("on_its_way", [Status.SENDING, Status.UNKNOWN, Status.FAILED])
    def test_what_may_have_left_is_never_dropped(self, on_its_way: Delivery.Status) -> None:
        delivery = make_delivery(status=on_its_way, claimed_at=NOW, created_at=NOW - timedelta(days=2))

        assert ledger.expire(now=NOW, among=[delivery.pk]) == 0
        assert status(delivery) == on_its_way

    def test_an_address_that_waits_cannot_be_claimed(self) -> None:
        delivery = make_delivery()
        key = delivery.digest.subscriber.address_key
        services.note_soft_bounce(address_key=key, detail="", now=NOW - timedelta(hours=2) + timedelta(seconds=1))

        assert not claim(delivery)
        assert ledger.put_off(delivery_id=delivery.pk, now=NOW)
        assert not ledger.put_off(delivery_id=delivery.pk, now=NOW + timedelta(seconds=1))


def _do_next(acts: list[Callable[[], int]]) -> int:
    return acts.pop()()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_a_worker_that_claims_and_a_sweep_that_drops_one_wins() -> None:
    for _ in range(10):
        delivery = make_delivery(created_at=NOW - timedelta(days=1))
        acts: list[Callable[[], int]] = [partial(claim, delivery), partial(ledger.expire, now=NOW, among=[delivery.pk])]

        moved = at_once(workers=2, do=partial(_do_next, acts))

        assert sum(map(bool, moved)) == 1
        assert status(delivery) in {Status.SENDING, Status.EXPIRED}


@pytest.mark.django_db
class TestMove:
    """One row, one step."""

    def test_a_move_that_the_table_does_not_have_is_refused(self) -> None:
        with pytest.raises(KeyError):
            ledger.move(delivery_id=make_delivery().pk, origin=Status.UNKNOWN, to=Status.SENDING)

    def test_a_move_from_where_the_delivery_is_not_changes_nothing(self) -> None:
        delivery = make_delivery(status=Status.SENT)

        assert not ledger.move(delivery_id=delivery.pk, origin=Status.SENDING, to=Status.FAILED)
        assert status(delivery) == Status.SENT


@pytest.mark.django_db
class TestClaim:
    """QUEUED -> SENDING."""

    def test_a_claim_is_noted_with_its_time_its_attempt_and_its_provider(self) -> None:
        delivery = make_delivery()

        assert claim(delivery)

        delivery.refresh_from_db()
        assert (delivery.status, delivery.claimed_at, delivery.attempts) == (Status.SENDING, NOW, 1)
        assert delivery.provider == "file"

    def test_a_second_claim_finds_it_taken(self) -> None:
        delivery = make_delivery()

        assert [claim(delivery), claim(delivery)] == [True, False]

    @pytest.mark.parametrize("seconds", [-1, 0, 1])
    def test_a_retry_is_taken_when_its_time_has_come(self, seconds: int) -> None:
        delivery = make_delivery(retry_at=NOW + timedelta(seconds=seconds))

        assert claim(delivery) is (seconds <= 0)

    @pytest.mark.parametrize("state", [state for state in Status if state != Status.QUEUED])
    def test_only_what_is_queued_can_be_claimed(self, state: Delivery.Status) -> None:
        assert not claim(make_delivery(status=state))

    def test_a_reader_who_left_after_the_digest_was_built_is_not_mailed(self) -> None:
        delivery = make_delivery()
        services.unsubscribe(subscriber=delivery.digest.subscriber, now=NOW)

        assert not claim(delivery)
        assert ledger.why_not_mailable(delivery_id=delivery.pk) == "the reader is unsubscribed"

    def test_a_suppressed_address_is_not_mailed(self) -> None:
        delivery = make_delivery()
        suppress(delivery)

        assert not claim(delivery)
        assert "marked a mail as spam" in ledger.why_not_mailable(delivery_id=delivery.pk)

    def test_a_lifted_suppression_stops_nothing(self) -> None:
        delivery = make_delivery()
        suppress(delivery)
        services.lift_suppression(address_key=delivery.digest.subscriber.address_key, now=NOW)

        assert ledger.why_not_mailable(delivery_id=delivery.pk) == ""
        assert claim(delivery)

    @pytest.mark.parametrize(("until", "mailed"), [(NOW.date(), True), (NOW.date() + timedelta(days=1), False)])
    def test_a_reader_who_paused_since_is_not_mailed(self, until: date, mailed: bool) -> None:
        delivery = make_delivery(reader=make_reader(paused_until=until))

        assert claim(delivery) is mailed
        assert (ledger.why_not_mailable(delivery_id=delivery.pk) == "") is mailed


@pytest.mark.django_db
class TestWaiting:
    """What may be tried now."""

    def test_the_oldest_come_first_and_no_more_than_asked_for(self) -> None:
        new, old = make_delivery(created_at=NOW), make_delivery(created_at=NOW - timedelta(hours=1))

        assert ledger.waiting(now=NOW, limit=5) == [old.pk, new.pk]
        assert ledger.waiting(now=NOW, limit=1) == [old.pk]
        assert ledger.waiting(now=NOW, limit=5, among=[new.pk]) == [new.pk]

    def test_what_is_settled_or_waits_for_its_time_is_not_among_them(self) -> None:
        make_delivery(status=Status.SENT)
        make_delivery(retry_at=NOW + timedelta(seconds=1))

        assert ledger.waiting(now=NOW, limit=5) == []


@pytest.mark.django_db
class TestSweep:
    """Workers that died."""

    @pytest.mark.parametrize(("age", "swept"), [(CLAIM_TIMEOUT, 0), (CLAIM_TIMEOUT + timedelta(seconds=1), 1)])
    def test_a_delivery_that_was_sending_too_long_is_unknown(self, age: timedelta, swept: int) -> None:
        delivery = make_delivery(status=Status.SENDING, claimed_at=NOW - age)

        assert ledger.sweep_stuck(now=NOW) == SweepReport(sent=0, unknown=swept)
        assert status(delivery) == (Status.UNKNOWN if swept else Status.SENDING)

    def test_one_of_which_the_provider_has_told_us_was_sent(self) -> None:
        claimed = NOW - timedelta(hours=1)
        delivery = make_delivery(status=Status.SENDING, claimed_at=claimed)
        DeliveryEvent.objects.create(key="1", delivery=delivery, kind="delivered", at=NOW, received_at=NOW)

        assert ledger.sweep_stuck(now=NOW) == SweepReport(sent=1, unknown=0)
        assert status(delivery) == Status.SENT
        assert delivery.sent_at == claimed

    def test_an_event_that_came_before_the_answer_was_given_up_settles_what_is_unknown(self) -> None:
        delivery = make_delivery(status=Status.UNKNOWN, claimed_at=NOW, error="no answer")
        DeliveryEvent.objects.create(key="1", delivery=delivery, kind="sent", at=NOW, received_at=NOW)

        assert ledger.sweep_stuck(now=NOW) == SweepReport(sent=1, unknown=0)
        assert status(delivery) == Status.SENT
        assert (delivery.sent_at, delivery.error) == (NOW, "")

    def test_an_event_of_an_earlier_try_settles_nothing(self) -> None:
        delivery = make_delivery(status=Status.UNKNOWN, claimed_at=NOW)
        before = NOW - timedelta(seconds=1)
        DeliveryEvent.objects.create(key="1", delivery=delivery, kind="deferred", at=before, received_at=before)

        assert ledger.sweep_stuck(now=NOW) == SweepReport(sent=0, unknown=0)
        assert status(delivery) == Status.UNKNOWN

    def test_a_second_sweep_finds_nothing(self) -> None:
        make_delivery(status=Status.SENDING, claimed_at=NOW - timedelta(hours=1))

        assert [ledger.sweep_stuck(now=NOW).unknown, ledger.sweep_stuck(now=NOW).unknown] == [1, 0]


def suppress(delivery: Delivery) -> None:
    """Stop all mail to the reader."""
    key = delivery.digest.subscriber.address_key
    services.suppress(address_key=key, reason="complaint", detail="", now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_that_claim_at_once_one_wins() -> None:
    for _ in range(5):
        delivery = make_delivery()

        results = at_once(workers=8, do=partial(claim, delivery))

        assert sorted(results) == [False] * 7 + [True]
        delivery.refresh_from_db()
        assert delivery.attempts == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_reader_who_leaves_while_workers_claim_is_either_claimed_before_or_not_at_all() -> None:
    delivery = make_delivery()
    reader = delivery.digest.subscriber
    Subscriber.objects.filter(pk=reader.pk).update(status=Subscriber.Status.UNSUBSCRIBED)

    results = at_once(workers=8, do=partial(claim, delivery))

    assert not any(results)
    assert status(delivery) == Status.QUEUED
