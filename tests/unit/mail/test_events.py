"""What a provider tells us, through anymail's own signal and web addresses."""

import base64
import json
import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from digest.mail.events import event_key, is_hard, record
from digest.mail.ledger import Status
from digest.models import Delivery, DeliveryEvent
from subscriptions import services
from subscriptions.models import Subscriber, Suppression
from subscriptions.selectors import is_suppressed
from tests.builders import NOW, make_reader
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
HARD = {"reject_reason": RejectReason.BOUNCED, "mta_response": "550 5.1.1 user unknown"}


def make_event(kind: str, *, about: Delivery | None = None, **fields: Any) -> AnymailTrackingEvent:
    """Build an event of a delivery, with an id of its own."""
    metadata = {"delivery_id": str(about.pk)} if about else {}
    return AnymailTrackingEvent(
        **{
            "event_type": kind,
            "event_id": str(uuid4()),
            "timestamp": NOW,
            "recipient": about.digest.subscriber.email if about else "who@example.org",
            "metadata": metadata,
            "esp_event": {},
            **fields,
        }
    )


def tell(event: AnymailTrackingEvent) -> DeliveryEvent | None:
    """Record an event as a webhook would."""
    return record(event=event, provider="Invented", now=NOW)


def status(delivery: Delivery) -> str:
    """Read where a delivery is now."""
    delivery.refresh_from_db()
    return delivery.status


def suppressed(reader: Subscriber) -> str:
    """Read why a reader's address is suppressed; empty when it is not."""
    row = Suppression.objects.standing().filter(address_key=reader.address_key).first()
    return row.reason if row else ""


def test_anymails_signal_reaches_us() -> None:
    delivery = make_delivery(status=Status.SENT)

    tracking.send(sender=object, event=make_event(EventType.DELIVERED, about=delivery), esp_name="Invented")

    assert delivery.events.get().kind == "delivered"


def test_a_complaint_suppresses_the_address_at_once() -> None:
    delivery = make_delivery(status=Status.SENT)

    tell(make_event(EventType.COMPLAINED, about=delivery))

    assert suppressed(delivery.digest.subscriber) == "complaint"
    assert status(delivery) == Status.SENT


def test_a_hard_bounce_suppresses_the_address_at_once_and_the_mail_has_failed() -> None:
    delivery = make_delivery(status=Status.SENT)

    tell(make_event(EventType.BOUNCED, about=delivery, **HARD))

    assert suppressed(delivery.digest.subscriber) == "hard_bounce"
    assert status(delivery) == Status.FAILED
    assert "5.1.1" in delivery.error


def test_a_soft_bounce_suppresses_nobody() -> None:
    delivery = make_delivery(status=Status.SENT)

    tell(
        make_event(
            EventType.BOUNCED, about=delivery, reject_reason=RejectReason.BOUNCED, mta_response="452 4.2.2 mailbox full"
        )
    )

    assert suppressed(delivery.digest.subscriber) == ""
    assert status(delivery) == Status.FAILED


@pytest.mark.parametrize(
    ("fields", "hard"),
    [
        (HARD, True),
        ({"reject_reason": RejectReason.INVALID}, True),
        ({"reject_reason": RejectReason.BOUNCED}, True),
        ({"reject_reason": RejectReason.BOUNCED, "mta_response": "5.7.1 blocked by policy"}, False),
        ({"reject_reason": RejectReason.BOUNCED, "mta_response": "4.4.7 expired"}, False),
        ({"reject_reason": RejectReason.BOUNCED, "description": "Transient: General"}, False),
        ({"reject_reason": RejectReason.BOUNCED, "esp_event": {"event": "soft_bounce"}}, False),
        ({"reject_reason": RejectReason.BOUNCED, "esp_event": {"data": {"type": "soft_bounced"}}}, False),
        ({"reject_reason": RejectReason.BOUNCED, "esp_event": {"event": "hard_bounce"}}, True),
        ({"reject_reason": RejectReason.BOUNCED, "esp_event": {"event": "MessageBounced"}}, False),  # Postal
        ({"reject_reason": RejectReason.BLOCKED}, False),
        ({"reject_reason": RejectReason.TIMED_OUT}, False),
        ({"reject_reason": RejectReason.OTHER}, False),
        ({"reject_reason": None, "esp_event": "not a dict"}, False),
    ],
)
def test_a_bounce_is_hard_only_when_the_mailbox_is_gone(fields: dict[str, Any], hard: bool) -> None:
    assert is_hard(event=make_event(EventType.BOUNCED, **fields)) is hard


@pytest.mark.parametrize(
    ("answer", "reason"), [("550 5.1.1 user unknown", "hard_bounce"), ("550 5.7.1 spam", ""), ("", "")]
)
def test_a_mail_that_a_provider_calls_failed_suppresses_only_when_the_mailbox_is_gone(answer: str, reason: str) -> None:
    delivery = make_delivery(status=Status.SENT)

    tell(make_event(EventType.FAILED, about=delivery, mta_response=answer))

    assert (status(delivery), suppressed(delivery.digest.subscriber)) == (Status.FAILED, reason)


def test_a_mail_whose_provider_counts_with_numbers_is_found_by_its_number() -> None:
    delivery = make_delivery(status=Status.UNKNOWN, claimed_at=NOW, provider_message_id="233843")

    tell(make_event(EventType.DELIVERED, message_id=233843))

    assert status(delivery) == Status.SENT


@pytest.mark.parametrize(
    ("reason", "suppression"),
    [
        (RejectReason.SPAM, "complaint"),
        (RejectReason.BOUNCED, "hard_bounce"),
        (RejectReason.INVALID, "hard_bounce"),
        (RejectReason.BLOCKED, ""),
        (RejectReason.TIMED_OUT, ""),
    ],
)
def test_what_the_provider_would_not_send_counts_by_its_reason(reason: str, suppression: str) -> None:
    delivery = make_delivery(status=Status.SENT)

    tell(make_event(EventType.REJECTED, about=delivery, reject_reason=reason))

    assert suppressed(delivery.digest.subscriber) == suppression
    assert status(delivery) == Status.FAILED


def test_leaving_at_the_provider_is_leaving() -> None:
    delivery = make_delivery(status=Status.SENT)

    tell(make_event(EventType.UNSUBSCRIBED, about=delivery))

    reader = Subscriber.objects.get(pk=delivery.digest.subscriber_id)
    assert reader.status == Subscriber.Status.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (EventType.QUEUED, Status.SENT),
        (EventType.SENT, Status.SENT),
        (EventType.DEFERRED, Status.SENT),
        (EventType.DELIVERED, Status.SENT),
        (EventType.COMPLAINED, Status.SENT),
        (EventType.BOUNCED, Status.FAILED),
        (EventType.FAILED, Status.FAILED),
        (EventType.REJECTED, Status.FAILED),
        (EventType.AUTORESPONDED, Status.UNKNOWN),
    ],
)
def test_an_event_settles_what_nobody_knew(kind: str, end: str) -> None:
    delivery = make_delivery(status=Status.UNKNOWN)

    tell(make_event(kind, about=delivery))

    assert status(delivery) == end


def test_a_delivery_that_is_being_sent_waits_for_its_worker() -> None:
    delivery = make_delivery(status=Status.SENDING, claimed_at=NOW)

    tell(make_event(EventType.DELIVERED, about=delivery))

    assert status(delivery) == Status.SENDING


def test_the_same_event_twice_is_one_row_and_acts_once() -> None:
    delivery = make_delivery(status=Status.SENT)
    event = make_event(EventType.COMPLAINED, about=delivery)
    tell(event)
    services.lift_suppression(address_key=delivery.digest.subscriber.address_key, now=NOW)

    assert tell(event) is None

    assert DeliveryEvent.objects.count() == 1
    assert suppressed(delivery.digest.subscriber) == ""


def test_an_event_without_an_id_is_known_by_all_that_it_says() -> None:
    same: dict[str, Any] = {"event_id": None, "message_id": "m", "recipient": "a@example.org"}
    first, again = (make_event(EventType.DELIVERED, **same) for _ in range(2))
    other = make_event(EventType.DELIVERED, **same, description="another")

    assert event_key(event=first, provider="P") == event_key(event=again, provider="P")
    assert event_key(event=first, provider="P") != event_key(event=other, provider="P")


def test_an_events_key_fits_its_column_whatever_the_provider_sends() -> None:
    event = make_event(EventType.DELIVERED, event_id="x" * 10_000 + "\ud800")

    assert len(event_key(event=event, provider="P" * 500)) <= 200


@pytest.mark.parametrize(
    "fields",
    [
        {"message_id": "esp-7"},
        {"message_id": "OURS"},
        {"metadata": {"delivery_id": "not a uuid"}, "message_id": "esp-7"},
        {"metadata": None, "message_id": "esp-7"},
    ],
)
def test_without_metadata_a_delivery_is_found_by_its_message_id(fields: dict[str, Any]) -> None:
    delivery = make_delivery(status=Status.SENT, provider_message_id="esp-7")
    if fields["message_id"] == "OURS":
        fields = {"message_id": f"<{delivery.pk}@papers.example.org>"}

    row = tell(make_event(EventType.DELIVERED, **fields))

    assert row is not None
    assert row.delivery == delivery


@pytest.mark.parametrize("fields", [{}, {"message_id": "unheard of"}, {"metadata": {"delivery_id": str(uuid4())}}])
def test_an_event_that_fits_nothing_is_kept_and_suppresses_nobody(fields: dict[str, Any]) -> None:
    reader = make_reader(email="who@example.org")

    row = tell(make_event(EventType.COMPLAINED, **fields))

    assert row is not None
    assert row.delivery is None
    assert not is_suppressed(address_key=reader.address_key)


def test_a_bounced_confirmation_finds_its_reader() -> None:
    reader = make_reader(status=Subscriber.Status.PENDING)

    tell(make_event(EventType.BOUNCED, metadata={"subscriber": str(reader.public_id)}, **HARD))

    assert suppressed(reader) == "hard_bounce"


def test_the_bounce_of_a_mail_to_the_old_address_spares_the_new_one() -> None:
    reader = make_reader(email="old@example.org")
    old_key = reader.address_key
    delivery = make_delivery(reader=reader, status=Status.SENT, claimed_at=NOW - timedelta(hours=2))
    event = make_event(EventType.BOUNCED, about=delivery, **HARD)
    services.change_address(subscriber=reader, new_email="new@example.org", now=NOW - timedelta(hours=1))

    tell(event)

    reader.refresh_from_db()
    assert suppressed(reader) == ""
    assert is_suppressed(address_key=old_key)


def test_a_provider_may_spell_the_address_in_its_own_way() -> None:
    delivery = make_delivery(status=Status.SENT)

    tell(make_event(EventType.COMPLAINED, about=delivery, recipient="READER@EXAMPLE.ORG."))

    assert suppressed(delivery.digest.subscriber) == "complaint"


@pytest.mark.parametrize("kind", [EventType.OPENED, EventType.CLICKED])
def test_who_opens_or_clicks_is_not_for_us_to_know(kind: str) -> None:
    delivery = make_delivery(status=Status.SENT)

    assert tell(make_event(kind, about=delivery, click_url="https://arxiv.org/")) is None
    assert not DeliveryEvent.objects.exists()


def test_no_address_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    response = "550 5.1.1 <ada@example.org>: no such user"

    with caplog.at_level(logging.DEBUG):
        row = tell(make_event(EventType.BOUNCED, mta_response=response, recipient="ada@example.org"))

    assert row is not None
    assert "no such user" in row.detail
    assert "@" not in row.detail + row.key + caplog.text


def test_an_event_without_a_time_has_the_time_it_came() -> None:
    row = tell(make_event(EventType.SENT, timestamp=None))

    assert row is not None
    assert row.at == NOW


class TestWebhook:
    """A real provider's request, to anymail's own address."""

    SECRET = "name:password"

    @pytest.fixture(autouse=True)
    def _secret(self, settings: LazySettings) -> None:
        settings.ANYMAIL = {"WEBHOOK_SECRET": self.SECRET}

    def post(self, client: Client, delivery: Delivery, secret: str) -> Any:
        """Say in a provider's words that a reader complained."""
        body = {
            "RecordType": "SpamComplaint",
            "Type": "SpamComplaint",
            "ID": 42,
            "MessageID": "b7bc2f4a",
            "Email": delivery.digest.subscriber.email,
            "BouncedAt": "2026-06-09T08:00:00Z",
            "Metadata": {"delivery_id": str(delivery.pk)},
        }
        credentials = base64.b64encode(secret.encode()).decode()
        return client.post(
            reverse("anymail:postmark_tracking_webhook"),
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Basic {credentials}"},
        )

    def test_a_complaint_arrives(self, client: Client) -> None:
        delivery = make_delivery(status=Status.SENT)

        assert self.post(client, delivery, self.SECRET).status_code == 200
        assert self.post(client, delivery, self.SECRET).status_code == 200

        assert suppressed(delivery.digest.subscriber) == "complaint"
        assert DeliveryEvent.objects.count() == 1

    def test_a_provider_may_post_its_events_by_the_thousand(self, client: Client) -> None:
        batch = [{"event": "open", "time": 1, "MessageID": number, "email": "x" * 250} for number in range(1000)]
        credentials = base64.b64encode(self.SECRET.encode()).decode()

        answer = client.post(
            reverse("anymail:mailjet_tracking_webhook"),
            json.dumps(batch),
            content_type="application/json",
            headers={"Authorization": f"Basic {credentials}"},
        )

        assert answer.status_code == 200

    def test_a_forged_one_is_refused(self, client: Client) -> None:
        delivery = make_delivery(status=Status.SENT)

        assert self.post(client, delivery, "name:wrong").status_code == 400

        assert suppressed(delivery.digest.subscriber) == ""
