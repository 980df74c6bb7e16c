"""Real requests of mail providers, posted to where they belong: the right event, the right end, twice the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.conf import LazySettings

from digest.mail.ledger import Status
from digest.models import Delivery, DeliveryEvent
from subscriptions.models import SoftBounce, Subscriber, Suppression
from tests import source_server
from tests.builders import NOW
from tests.recorded.provider_requests import keys, recorded, with_metadata
from tests.unit.mail.rows import make_delivery

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]
HARD, SOFT, SPAM, GONE = "hard_bounce", "soft", "complaint", "left"
EXPECTED: dict[str, tuple[str, str, str]] = {
    "amazon_ses_events_AmazonSESNotifications_bounce_event": ("bounced", Status.FAILED, HARD),
    "amazon_ses_events_AmazonSESNotifications_complaint_event": ("complained", Status.SENT, SPAM),
    "amazon_ses_events_AmazonSESNotifications_open_event": ("", Status.UNKNOWN, ""),
    "amazon_ses_events_AmazonSESNotifications_rendering_failure_event": ("failed", Status.FAILED, ""),
    "amazon_ses_events_AmazonSESSubscriptionManagement_disable_auto_confirmation": ("", Status.UNKNOWN, ""),
    "amazon_ses_events_AmazonSESSubscriptionManagement_sns_unsubscribe_confirmation": ("", Status.UNKNOWN, ""),
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
    "mandrill_events_Tracking_click_event": ("", Status.UNKNOWN, ""),
    "mandrill_events_Tracking_head_request": ("", Status.UNKNOWN, ""),
    "postal_events_Delivery_bounce_event": ("bounced", Status.FAILED, SOFT),
    "postal_events_Delivery_delivered_event": ("delivered", Status.SENT, ""),
    "postal_events_Delivery_ignore_incoming_events": ("", Status.UNKNOWN, ""),
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

A recording that names no mail leaves the delivery in doubt: see NAMES_NO_MAIL.
"""
REFUSED = {
    "amazon_ses_events_AmazonSESNotifications_incorrect_received_event": 404,  # incoming mail, sent to the wrong place
    "mandrill_events_Tracking_post_request_invalid_json": 400,
}
"""Requests that no provider sends but by mistake, and what we answer."""
BY_MAILGUN = "the recording was cut down to its form; Mailgun names the Message-Id and our metadata"
BY_UNISENDER = "the recording was cut down; Unisender Go names a job, and our metadata"
NAMES_NO_MAIL = {
    "mailgun_events_Legacy_alt_smtp_code": BY_MAILGUN,
    "mailgun_events_Legacy_dropped_timed_out": BY_MAILGUN,
    "mailgun_events_Legacy_x_tags": BY_MAILGUN,
    "unisender_go_events__hard_bounced_event": BY_UNISENDER,
    "unisender_go_events__soft_bounced_event": BY_UNISENDER,
    "unisender_go_events__unsubscribed_event": BY_UNISENDER,
}
"""Recordings that carry neither a message's id nor metadata, and why: they can match no delivery."""
AS_OUR_MAILS_WOULD_BE = {
    "mailgun_events_Legacy_alt_smtp_code": (Status.FAILED, HARD),
    "mailgun_events_Legacy_dropped_timed_out": (Status.FAILED, ""),
    "mailgun_events_Legacy_x_tags": (Status.SENT, ""),
    "unisender_go_events__hard_bounced_event": (Status.FAILED, HARD),
    "unisender_go_events__soft_bounced_event": (Status.SENT, ""),
    "unisender_go_events__unsubscribed_event": (Status.UNKNOWN, GONE),
}
"""Where the same six end when they carry the delivery's id, as all our mails do."""

NOT_SET_UP = ("brevo_inbound", "resend_inbound")  # whose incoming mail has to be fetched with a key
FETCHED = ("amazon_ses_inbound_AmazonSESInbound_inbound_s3",)
MISPLACED = ("amazon_ses_inbound_AmazonSESInbound_incorrect_tracking_event",)
N_TAKEN_IN = 15


@pytest.fixture(autouse=True)
def _keys(settings: LazySettings) -> None:
    settings.ANYMAIL = keys()


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
    assert request.post() == 200
    message_id = str(heard[0].message_id or "") if heard else ""
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

    assert names == {*EXPECTED, *REFUSED}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_an_event_is_refused_and_nothing_is_kept(recordings: Path, name: str) -> None:
    request = recorded(recordings / "esp-webhooks" / f"{name}.http")

    assert (request.post(), DeliveryEvent.objects.count()) == (REFUSED[name], 0)


def test_a_request_that_its_provider_has_not_signed_is_refused(recordings: Path) -> None:
    for name in ("mandrill_events_Tracking_click_event", "postal_events_Delivery_bounce_event"):
        request = recorded(recordings / "esp-webhooks" / f"{name}.http")

        assert replace(request, body=request.body.replace(b"e", b"E")).post() == 400

    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("name", sorted(NAMES_NO_MAIL))
def test_an_event_that_names_no_mail_is_kept_and_touches_nobody(
    recordings: Path, heard: list[AnymailTrackingEvent], name: str
) -> None:
    delivery = make_delivery(status=Status.UNKNOWN, claimed_at=NOW - timedelta(minutes=1))

    recorded(recordings / "esp-webhooks" / f"{name}.http").post()

    assert (heard[0].message_id, heard[0].metadata.get("delivery_id")) == (None, None), NAMES_NO_MAIL[name]
    kept = DeliveryEvent.objects.get()
    assert (kept.delivery, kept.kind) == (None, EXPECTED[name][0])
    assert fate(delivery) == ""


@pytest.mark.parametrize("name", sorted(AS_OUR_MAILS_WOULD_BE))
def test_the_same_event_finds_its_mail_by_the_id_that_our_mails_carry(recordings: Path, name: str) -> None:
    delivery = make_delivery(status=Status.UNKNOWN, claimed_at=NOW - timedelta(minutes=1))
    request = recorded(recordings / "esp-webhooks" / f"{name}.http")

    answer = with_metadata(request=request, provider=name, delivery_id=str(delivery.pk)).post()

    delivery.refresh_from_db()
    assert (answer, delivery.events.count()) == (200, 1)
    assert (delivery.status, fate(delivery)) == AS_OUR_MAILS_WOULD_BE[name]


# --- mail that comes in ---------------------------------------------------------------------


def test_mail_that_comes_in_by_a_webhook_is_nobodys_event(recordings: Path) -> None:
    taken = [path for path in (recordings / "esp-webhooks").glob("*_inbound_*.http") if taken_in(path)]

    assert [recorded(path).post() for path in taken] == [200] * len(taken)
    assert len(taken) == N_TAKEN_IN
    assert not DeliveryEvent.objects.exists()


def taken_in(path: Path) -> bool:
    return not path.stem.startswith((*NOT_SET_UP, *FETCHED, *MISPLACED))


def test_incoming_mail_of_a_provider_that_is_not_set_up_is_refused(recordings: Path) -> None:
    paths = [path for path in (recordings / "esp-webhooks").glob("*.http") if path.stem.startswith(NOT_SET_UP)]

    assert [recorded(path).post() for path in paths] == [404] * len(paths)
    assert paths
    assert not DeliveryEvent.objects.exists()


def test_an_event_that_was_posted_where_mail_comes_in_is_refused(recordings: Path) -> None:
    request = recorded(recordings / "esp-webhooks" / f"{MISPLACED[0]}.http")

    assert (request.post(), DeliveryEvent.objects.count()) == (404, 0)


@pytest.mark.enable_socket
def test_incoming_mail_that_amazon_keeps_is_fetched_and_is_nobodys_event(
    recordings: Path, settings: LazySettings
) -> None:
    request = recorded(recordings / "esp-webhooks" / f"{FETCHED[0]}.http")
    with source_server.running() as amazon:
        amazon.answers(b"From: a@example.org\r\nSubject: Hello\r\n\r\nHello.\r\n")
        own = {"endpoint_url": amazon.address, "aws_access_key_id": "x", "aws_secret_access_key": "x"}
        settings.ANYMAIL = {**keys(), "AMAZON_SES_CLIENT_PARAMS": {**own, "region_name": "us-east-1"}}

        answer = request.post()

    assert (answer, len(amazon.requests), DeliveryEvent.objects.count()) == (200, 1, 0)
