"""Real requests of mail providers, posted to where they belong: the right event, the right end, twice the same."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.conf import LazySettings
from django.test import Client

from digest.mail.ledger import Status
from digest.models import Delivery, DeliveryEvent
from subscriptions.models import SoftBounce, Subscriber, Suppression
from tests.builders import NOW
from tests.unit.mail.rows import make_delivery

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]
SECRET = "invented-secret"
KEYS = {
    "WEBHOOK_SECRET": "username:password",  # as the recorded requests have it
    "MAILGUN_WEBHOOK_SIGNING_KEY": "TEST_WEBHOOK_SIGNING_KEY",
    "MAILERSEND_SIGNING_SECRET": SECRET,
    "UNISENDER_GO_API_KEY": SECRET,
}
NEEDS_MORE = ("amazon_ses", "postal", "mandrill")  # boto3, cryptography, a key over the whole address
HARD, SOFT, SPAM, GONE = "hard_bounce", "soft", "complaint", "left"
EXPECTED: dict[str, tuple[str, str, str]] = {
    "brevo_events_Delivery_blocked": ("rejected", Status.FAILED, ""),
    "brevo_events_Delivery_complaint": ("complained", Status.SENT, SPAM),
    "brevo_events_Delivery_delivered_event": ("delivered", Status.SENT, ""),
    "brevo_events_Delivery_hard_bounce": ("bounced", Status.FAILED, HARD),
    "brevo_events_Delivery_opened_event": ("", Status.UNKNOWN, ""),
    "brevo_events_Delivery_sent_event": ("queued", Status.SENT, ""),
    "brevo_events_Delivery_spam": ("complained", Status.SENT, SPAM),
    "mailersend_events_MailerSend_clicked_event": ("", Status.UNKNOWN, ""),
    "mailersend_events_MailerSend_hard_bounced_event": ("bounced", Status.FAILED, HARD),
    "mailersend_events_MailerSend_sent_event": ("sent", Status.SENT, ""),
    "mailersend_events_MailerSend_spam_complaint_event": ("complained", Status.SENT, SPAM),
    "mailgun_events_Legacy_alt_smtp_code": ("bounced", Status.UNKNOWN, ""),
    "mailgun_events_Legacy_dropped_bounce": ("rejected", Status.FAILED, HARD),
    "mailgun_events_Legacy_dropped_timed_out": ("rejected", Status.UNKNOWN, ""),
    "mailgun_events_Legacy_metadata_key_conflicts": ("", Status.UNKNOWN, ""),
    "mailgun_events_Legacy_metadata_post_fields": ("", Status.UNKNOWN, ""),
    "mailgun_events_Legacy_x_tags": ("delivered", Status.UNKNOWN, ""),  # names no mail
    "mailgun_events__complained_event": ("complained", Status.SENT, SPAM),
    "mailjet_events_Delivery_blocked_event": ("rejected", Status.FAILED, HARD),
    "mailjet_events_Delivery_bounced_greylist_event": ("deferred", Status.SENT, ""),
    "mailjet_events_Delivery_non_grouped_event": ("delivered", Status.SENT, ""),
    "mailjet_events_Delivery_sent_event": ("delivered", Status.SENT, ""),
    "mailjet_events_Delivery_unsub_event": ("unsubscribed", Status.UNKNOWN, GONE),
    "mailtrap_events_Delivery_bounce_event": ("bounced", Status.FAILED, HARD),
    "mailtrap_events_Delivery_open_event": ("", Status.UNKNOWN, ""),
    "mailtrap_events_Delivery_sent_event": ("delivered", Status.SENT, ""),
    "mailtrap_events_Delivery_spam_event": ("complained", Status.SENT, SPAM),
    "mailtrap_events_Delivery_unsubscribe_event": ("unsubscribed", Status.UNKNOWN, GONE),
    "postmark_events_Delivery_bounce_event": ("bounced", Status.FAILED, HARD),
    "postmark_events_Delivery_click_event": ("", Status.UNKNOWN, ""),
    "postmark_events_Delivery_open_event": ("", Status.UNKNOWN, ""),
    "postmark_events_Delivery_spam_event": ("complained", Status.SENT, SPAM),
    "postmark_events_Delivery_unsubscribe": ("unsubscribed", Status.UNKNOWN, GONE),
    "resend_events__clicked_event": ("", Status.UNKNOWN, ""),
    "resend_events__delivered_event": ("delivered", Status.SENT, ""),
    "resend_events__hard_bounced_event": ("bounced", Status.FAILED, HARD),
    "resend_events__sent_event": ("sent", Status.SENT, ""),
    "sendgrid_events_SendGridDelivery_bounce_event": ("bounced", Status.FAILED, HARD),
    "sendgrid_events_SendGridDelivery_compatibility_message_id_from_smtp_id": ("delivered", Status.SENT, ""),
    "sendgrid_events_SendGridDelivery_delivered_event": ("delivered", Status.SENT, ""),
    "sendgrid_events_SendGridDelivery_dropped_invalid_event": ("rejected", Status.FAILED, HARD),
    "sendgrid_events_SendGridDelivery_open_event": ("", Status.UNKNOWN, ""),
    "sparkpost_events_SparkPostDelivery_amp_events": ("unknown", Status.UNKNOWN, ""),
    "sparkpost_events_SparkPostDelivery_bounce_event": ("bounced", Status.FAILED, HARD),
    "sparkpost_events_SparkPostDelivery_delay_event": ("deferred", Status.SENT, ""),
    "sparkpost_events_SparkPostDelivery_generation_failure_event": ("failed", Status.FAILED, ""),
    "sparkpost_events_SparkPostDelivery_initial_open_event_as_opened": ("unknown", Status.UNKNOWN, ""),
    "sparkpost_events_SparkPostDelivery_open_event": ("", Status.UNKNOWN, ""),
    "sparkpost_events_SparkPostDelivery_unsubscribe_event": ("unsubscribed", Status.UNKNOWN, GONE),
    "unisender_go_events__clicked_event": ("", Status.UNKNOWN, ""),
    "unisender_go_events__hard_bounced_event": ("bounced", Status.UNKNOWN, ""),
    "unisender_go_events__opened_event": ("", Status.UNKNOWN, ""),
    "unisender_go_events__soft_bounced_event": ("deferred", Status.UNKNOWN, ""),
    "unisender_go_events__unsubscribed_event": ("unsubscribed", Status.UNKNOWN, ""),
}
"""By recording: the event that is kept, where a delivery in doubt is then, and what becomes of its reader.

A recording that names no mail, where ours would carry our own id as metadata, leaves the delivery in doubt.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A recorded request, signed anew where its provider signs with a key that we do not have."""

    path: str
    body: bytes
    content_type: str
    headers: dict[str, str]

    def post(self) -> int:
        """Send it as the provider does. Returns: the status of the answer."""
        options: Any = {"content_type": self.content_type, "headers": self.headers}
        return Client().generic("POST", self.path, self.body, **options).status_code


def recorded(path: Path) -> Request:
    """Read a recorded request."""
    raw = path.read_bytes()
    border = b"\r\n\r\n" if b"\r\n\r\n" in raw.partition(b"Host:")[2][:1_000] else b"\n\n"
    head, _, body = raw.partition(border)
    first, *lines = head.decode().splitlines()
    headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
    headers.pop("Content-Length")
    kind = headers.pop("Content-Type")
    if path.stem.startswith("mailersend"):
        headers["Signature"] = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Request(path=first.split()[1], body=body, content_type=kind, headers=headers)


@pytest.fixture(autouse=True)
def _keys(settings: LazySettings) -> None:
    settings.ANYMAIL = KEYS


@pytest.fixture
def heard() -> Iterator[list[AnymailTrackingEvent]]:
    """The events as anymail hands them out."""
    events: list[AnymailTrackingEvent] = []

    def hear(event: AnymailTrackingEvent, **_: Any) -> None:
        events.append(event)

    tracking.connect(hear, weak=False)
    yield events
    tracking.disconnect(hear)


def fate(delivery: Delivery) -> str:
    """Read what became of the reader."""
    reader = Subscriber.objects.get(pk=delivery.digest.subscriber_id)
    stop = Suppression.objects.standing().filter(address_key=reader.address_key).first()
    if stop is not None:
        return stop.reason
    if reader.status == Subscriber.Status.UNSUBSCRIBED:
        return GONE
    return SOFT if SoftBounce.objects.filter(address_key=reader.address_key).exists() else ""


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_recorded_event_ends_as_it_should_and_twice_the_same(
    recordings: Path, heard: list[AnymailTrackingEvent], name: str
) -> None:
    request = recorded(recordings / "esp-webhooks" / f"{name}.http")
    if name.startswith("unisender_go"):
        request = _signed_by_unisender(request)
    assert request.post() == 200
    message_id = (heard[0].message_id or "") if heard else ""
    DeliveryEvent.objects.all().delete()
    at = NOW - timedelta(minutes=1)
    delivery = make_delivery(status=Status.UNKNOWN, claimed_at=at, provider_message_id=message_id)

    answers = [request.post(), request.post()]

    delivery.refresh_from_db()
    kept = list(DeliveryEvent.objects.values_list("kind", flat=True))
    kind, status, end = EXPECTED[name]
    assert (answers, kept) == ([200, 200], [kind] if kind else [])
    assert (delivery.status, fate(delivery)) == (status, end)


def test_every_recorded_event_is_looked_at(recordings: Path) -> None:
    names = {path.stem for path in (recordings / "esp-webhooks").glob("*_events_*.http")}

    assert {name for name in names if not name.startswith(NEEDS_MORE)} == set(EXPECTED)


def test_mail_that_comes_in_by_a_webhook_is_nobodys_event(recordings: Path) -> None:
    for provider in ("mailgun", "mailjet", "postmark", "sparkpost"):
        for path in (recordings / "esp-webhooks").glob(f"{provider}_inbound_*.http"):
            assert recorded(path).post() == 200

    assert not DeliveryEvent.objects.exists()


def test_amazons_requests_are_read_where_its_library_is(recordings: Path) -> None:
    pytest.importorskip("boto3", reason="boto3 comes with anymail's extra for Amazon, which tests do not install")
    path = recordings / "esp-webhooks" / "amazon_ses_events_AmazonSESNotifications_bounce_event.http"

    assert recorded(path).post() == 200
    assert DeliveryEvent.objects.get().kind == "bounced"


def _signed_by_unisender(request: Request) -> Request:
    """Put in the mark that the provider makes of the body and our key."""
    old = json.loads(request.body)["auth"].encode()
    mark = hashlib.md5(request.body.replace(old, SECRET.encode()), usedforsecurity=False).hexdigest()
    return replace(request, body=request.body.replace(old, mark.encode()))
