"""Settling by hand what no machine can know."""

from datetime import datetime, timedelta

import pytest

from digest.mail.delivery import waiting
from digest.mail.settle import SENT_AGAIN, mark_arrived, send_again
from digest.models import Delivery
from tests.builders import make_reader
from tests.unit.admin.rows import make_delivery, make_digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(now: datetime) -> Delivery:
    """A delivery whose worker died an hour ago, at its third attempt."""
    claimed = {"claimed_at": now - timedelta(hours=1), "attempts": 3, "retry_at": now + timedelta(hours=1)}
    digest = make_digest(reader=make_reader())
    return make_delivery(digest=digest, status=Delivery.Status.UNKNOWN, sent_at=None, **claimed)


def test_a_mail_that_arrived_is_sent_as_of_when_it_was_handed_over(lost: Delivery, now: datetime) -> None:
    settled = mark_arrived(delivery_ids=[lost.pk], now=now)

    lost.refresh_from_db()
    assert (settled, lost.status, lost.sent_at) == (1, Delivery.Status.SENT, now - timedelta(hours=1))


def test_a_mail_that_arrived_without_a_claim_is_sent_as_of_now(lost: Delivery, now: datetime) -> None:
    Delivery.objects.update(claimed_at=None)

    mark_arrived(delivery_ids=[lost.pk], now=now)

    lost.refresh_from_db()
    assert lost.sent_at == now


def test_a_mail_that_did_not_arrive_waits_to_be_sent_at_once(lost: Delivery, now: datetime) -> None:
    send_again(delivery_ids=[lost.pk])

    lost.refresh_from_db()
    assert (lost.status, lost.attempts) == (Delivery.Status.QUEUED, 0)
    assert waiting(now=now, limit=10) == [lost.pk]


def test_a_mail_that_arrived_is_not_sent_again_afterwards(lost: Delivery, now: datetime) -> None:
    mark_arrived(delivery_ids=[lost.pk], now=now)
    before = Delivery.objects.values().get()

    again = mark_arrived(delivery_ids=[lost.pk], now=now), send_again(delivery_ids=[lost.pk])

    assert (again, Delivery.objects.values().get()) == ((0, 0), before)


def test_a_mail_that_waits_again_cannot_be_settled_as_sent(lost: Delivery, now: datetime) -> None:
    send_again(delivery_ids=[lost.pk])
    before = Delivery.objects.values().get()

    again = mark_arrived(delivery_ids=[lost.pk], now=now), send_again(delivery_ids=[lost.pk])

    assert (again, Delivery.objects.values().get()) == ((0, 0), before)


@pytest.mark.parametrize("status", [status for status in Delivery.Status if status not in SENT_AGAIN])
def test_what_is_known_is_left_alone(lost: Delivery, now: datetime, status: Delivery.Status) -> None:
    Delivery.objects.update(status=status, sent_at=now)

    settled = send_again(delivery_ids=[lost.pk])

    lost.refresh_from_db()
    assert (settled, lost.status) == (0, status)
