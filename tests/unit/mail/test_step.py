"""One statement writes that a mail was accepted and claims the next."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from digest.mail import ledger
from digest.mail.ledger import Status
from digest.mail.step import Accepted, Step, step
from digest.models import Delivery
from subscriptions import services
from subscriptions.models import Subscriber
from tests.builders import NOW, make_reader
from tests.threads import at_once
from tests.unit.mail.rows import make_delivery

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


def take(delivery: Delivery, *, accepted: Delivery | None = None) -> Step:
    """Claim at NOW, having sent another mail or none."""
    sent = Accepted(delivery_id=accepted.pk, message_id="<42@example.org>") if accepted else None
    return step(accepted=sent, next_id=delivery.pk, provider="file", now=NOW)


def sending() -> Delivery:
    """Save a delivery that was handed over a moment ago."""
    return make_delivery(status=Status.SENDING, claimed_at=NOW, attempts=1)


def rows(*deliveries: Delivery) -> list[tuple[Any, ...]]:
    """Read what the ledger says of some."""
    fields = ("status", "claimed_at", "sent_at", "attempts", "provider", "provider_message_id", "error")
    return [Delivery.objects.filter(pk=each.pk).values_list(*fields).get() for each in deliveries]


@pytest.mark.django_db
class TestStep:
    """From one mail to the next."""

    def test_both_moves_are_made(self) -> None:
        before, after = sending(), make_delivery(error="450 busy")

        assert take(after, accepted=before) == Step(settled=True, claimed=True)

        assert rows(before, after) == [
            (Status.SENT, NOW, NOW, 1, "", "<42@example.org>", ""),
            (Status.SENDING, NOW, None, 1, "file", "", "450 busy"),
        ]

    def test_a_second_step_finds_both_done(self) -> None:
        before, after = sending(), make_delivery()
        take(after, accepted=before)
        said = rows(before, after)

        assert take(after, accepted=before) == Step(settled=False, claimed=False)
        assert rows(before, after) == said

    def test_the_first_mail_has_none_before_it(self) -> None:
        assert take(make_delivery()) == Step(settled=True, claimed=True)

    def test_what_was_accepted_is_written_although_the_next_must_not_be_mailed(self) -> None:
        before, after = sending(), make_delivery()
        services.unsubscribe(subscriber=after.digest.subscriber, now=NOW)

        assert take(after, accepted=before) == Step(settled=True, claimed=False)
        assert [row[0] for row in rows(before, after)] == [Status.SENT, Status.QUEUED]

    def test_what_a_sweeper_thought_lost_is_not_settled_and_the_next_is_claimed(self) -> None:
        before, after = make_delivery(status=Status.UNKNOWN, claimed_at=NOW), make_delivery()

        assert take(after, accepted=before) == Step(settled=False, claimed=True)
        assert rows(before)[0][0] == Status.UNKNOWN

    @pytest.mark.parametrize("state", [state for state in Status if state != Status.QUEUED])
    def test_only_what_is_queued_can_be_claimed(self, state: Delivery.Status) -> None:
        assert not take(make_delivery(status=state, claimed_at=NOW, sent_at=NOW)).claimed

    @pytest.mark.parametrize(("early", "claimed"), [(-A_SECOND, True), (timedelta(), True), (A_SECOND, False)])
    def test_a_retry_is_taken_when_its_time_has_come(self, early: timedelta, claimed: bool) -> None:
        assert take(make_delivery(retry_at=NOW + early)).claimed is claimed

    @pytest.mark.parametrize(("days", "claimed"), [(0, True), (1, False)])
    def test_a_reader_who_paused_since_is_not_mailed(self, days: int, claimed: bool) -> None:
        reader = make_reader(paused_until=NOW.date() + days * A_DAY)

        assert take(make_delivery(reader=reader)).claimed is claimed

    @pytest.mark.parametrize("state", list(Subscriber.Status))
    def test_only_an_active_reader_is_mailed(self, state: Subscriber.Status) -> None:
        delivery = make_delivery()
        Subscriber.objects.filter(pk=delivery.digest.subscriber_id).update(status=state)

        assert take(delivery).claimed is (state == Subscriber.Status.ACTIVE)

    @pytest.mark.parametrize("lifted", [False, True])
    def test_a_suppressed_address_is_not_mailed_until_that_is_lifted(self, lifted: bool) -> None:
        delivery = make_delivery()
        key = delivery.digest.subscriber.address_key
        services.suppress(address_key=key, reason="complaint", detail="", now=NOW)
        if lifted:
            services.lift_suppression(address_key=key, now=NOW)

        assert take(delivery).claimed is lifted

    @pytest.mark.parametrize(("late", "claimed"), [(-A_SECOND, False), (timedelta(), True)])
    def test_an_address_waits_after_a_soft_bounce_as_long_as_it_has_to(self, late: timedelta, claimed: bool) -> None:
        delivery = make_delivery()
        key = delivery.digest.subscriber.address_key
        services.note_soft_bounce(address_key=key, detail="", now=NOW - timedelta(hours=2) - late)

        assert take(delivery).claimed is claimed


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_that_step_to_the_same_mail_one_wins() -> None:
    for _ in range(5):
        delivery = make_delivery()

        done = at_once(workers=8, do=partial(_claimed, delivery))

        assert sorted(done) == [False] * 7 + [True]
        delivery.refresh_from_db()
        assert (delivery.status, delivery.attempts) == (Status.SENDING, 1)


def _do_next(acts: list[Callable[[], int]]) -> int:
    return acts.pop()()


def _claimed(delivery: Delivery) -> bool:
    return take(delivery).claimed


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_a_step_and_a_sweep_that_drops_one_wins() -> None:
    for _ in range(10):
        delivery = make_delivery(created_at=NOW - A_DAY)
        acts: list[Callable[[], int]] = [partial(_claimed, delivery), partial(ledger.expire, now=NOW)]

        moved = at_once(workers=2, do=partial(_do_next, acts))

        assert sum(map(bool, moved)) == 1
        assert rows(delivery)[0][0] in {Status.SENDING, Status.EXPIRED}


@pytest.mark.django_db(transaction=True)
def test_a_step_inside_a_transaction_is_refused() -> None:
    delivery = make_delivery()

    with pytest.raises(RuntimeError), transaction.atomic():
        take(delivery)

    assert rows(delivery)[0][0] == Status.QUEUED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_step_is_one_statement_in_a_transaction_of_its_own() -> None:
    before, after = sending(), make_delivery()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")

    take(after, accepted=before)

    assert not connection.in_atomic_block
    assert connection.connection.info.transaction_status.name == "IDLE"
