"""Mails that came back, acted upon: the same events and ends as a webhook's."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from digest.mail.ledger import Status
from digest.mail.record import MAILED_LATELY
from digest.mail.returned import take
from digest.models import Delivery, DeliveryEvent
from subscriptions import services
from subscriptions.models import OutgoingMail, SoftBounce, Subscriber, Suppression
from tests.builders import NOW, make_reader
from tests.unit.mail.came_back import bounce, complaint, prose
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db


def sent(reader: Subscriber | None = None, **fields: Any) -> Delivery:
    """Save a digest that was handed over a minute ago."""
    at = NOW - timedelta(minutes=1)
    return make_delivery(reader=reader, **{"status": Status.SENT, "claimed_at": at, "sent_at": at, **fields})


def stopped(delivery: Delivery) -> str:
    """Read why a delivery's reader is suppressed; empty when they are not."""
    row = Suppression.objects.standing().filter(address_key=delivery.digest.subscriber.address_key).first()
    return row.reason if row else ""


def test_a_hard_bounce_suppresses_at_once_and_the_mail_has_failed() -> None:
    delivery = sent()

    counts = take(raw=bounce(about=delivery.pk), now=NOW)

    delivery.refresh_from_db()
    assert counts == {"hard": 1}
    assert (stopped(delivery), delivery.status) == ("hard_bounce", Status.FAILED)
    assert delivery.events.get().kind == "bounced"


def test_a_complaint_suppresses_at_once_and_the_mail_has_arrived() -> None:
    delivery = sent()

    take(raw=complaint(about=delivery.pk), now=NOW)

    delivery.refresh_from_db()
    assert (stopped(delivery), delivery.status) == ("complaint", Status.SENT)


def test_a_request_to_leave_unsubscribes_by_the_id_that_only_the_reader_has() -> None:
    delivery = sent()

    take(raw=prose(text="", sender="x@example.net", Subject=f"unsubscribe {delivery.pk}"), now=NOW)
    take(raw=complaint(about=sent().pk, what="opt-out"), now=NOW)

    assert Subscriber.objects.filter(status=Subscriber.Status.UNSUBSCRIBED).count() == 2
    assert stopped(delivery) == ""


def test_a_request_to_leave_by_an_address_alone_is_kept_and_not_followed() -> None:
    reader = sent(make_reader(email="ada@example.org")).digest.subscriber

    counts = take(raw=prose(text="", sender="ada@example.org", Subject="unsubscribe"), now=NOW)

    reader.refresh_from_db()
    assert (counts, reader.status) == ({"leave": 1}, Subscriber.Status.ACTIVE)


def test_a_soft_bounce_makes_the_address_wait() -> None:
    delivery = sent()

    take(raw=bounce(about=delivery.pk, status="5.2.2", diagnosis="552 mailbox full"), now=NOW)

    assert stopped(delivery) == ""
    assert SoftBounce.objects.get().waits_until == NOW + timedelta(hours=2)


def test_a_delay_settles_what_nobody_knew_and_is_no_bounce() -> None:
    delivery = sent(status=Status.UNKNOWN)

    take(raw=bounce(about=delivery.pk, action="delayed", status="4.4.1"), now=NOW)

    delivery.refresh_from_db()
    assert (delivery.status, SoftBounce.objects.count()) == (Status.SENT, 0)


def test_the_same_report_twice_counts_once() -> None:
    delivery = sent()
    raw = bounce(about=delivery.pk, status="4.2.2", diagnosis="")

    first, second = take(raw=raw, now=NOW), take(raw=b"Received: again\n" + raw, now=NOW + timedelta(days=1))

    assert (first, second) == ({"soft": 1}, {"repeated": 1})
    assert (DeliveryEvent.objects.count(), SoftBounce.objects.get().times) == (1, 1)


def test_a_report_without_our_id_finds_a_reader_who_was_mailed_lately() -> None:
    delivery = sent(make_reader(email="ada@example.org"))

    take(raw=bounce(to="Ada@Example.org"), now=NOW)

    assert (stopped(delivery), delivery.events.count()) == ("hard_bounce", 1)


def test_a_report_without_our_id_on_a_reader_who_was_not_mailed_lately_is_kept_alone() -> None:
    delivery = sent(make_reader(email="ada@example.org"), claimed_at=NOW - MAILED_LATELY - timedelta(seconds=1))

    take(raw=bounce(to="ada@example.org"), now=NOW)

    assert (stopped(delivery), DeliveryEvent.objects.get().delivery) == ("", None)


def test_a_bounced_confirmation_finds_its_reader() -> None:
    reader = make_reader(email="ada@example.org", status=Subscriber.Status.PENDING)
    times = {"not_before": NOW, "created_at": NOW, "claimed_at": NOW}
    OutgoingMail.objects.create(subscriber=reader, kind="confirm", status="sent", **times)

    take(raw=bounce(to="ada@example.org"), now=NOW)

    assert Suppression.objects.get().address_key == reader.address_key


def test_a_report_of_nobody_we_know_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    counts = take(raw=bounce(to="who@example.org", diagnosis="550 no <who@example.org>"), now=NOW)

    row = DeliveryEvent.objects.get()
    assert (counts, row.delivery) == ({"hard": 1}, None)
    assert "who@" not in row.detail + row.key + caplog.text


def test_an_out_of_office_reply_is_no_event() -> None:
    delivery = sent()
    raw = prose(
        text=f"I am away. You wrote {delivery.pk}", Subject="Away", Auto_Submitted="auto-replied", sender="a@b.org"
    )

    assert take(raw=raw, now=NOW) == {}
    assert (stopped(delivery), DeliveryEvent.objects.count()) == ("", 0)


def test_a_bounce_from_before_the_address_changed_spares_the_new_one() -> None:
    reader = make_reader(email="old@example.org")
    delivery = sent(reader)
    services.change_address(subscriber=reader, new_email="new@example.org", now=NOW)

    take(raw=bounce(about=delivery.pk, to="old@example.org"), now=NOW)

    reader.refresh_from_db()
    assert not Suppression.objects.filter(address_key=reader.address_key).exists()
    assert Suppression.objects.count() == 1
