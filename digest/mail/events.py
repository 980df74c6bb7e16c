"""What a provider tells us of our mails: each event is kept once, and acted upon once.

Opening and clicking are not for us to know: such events are dropped unread.
"""

import hashlib
import logging
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.db import transaction
from django.utils import timezone

from digest.mail import ledger
from digest.mail.ledger import Status
from digest.mail.outcome import without_addresses
from digest.models import Delivery, DeliveryEvent
from subscriptions import services
from subscriptions.addresses import parse_address
from subscriptions.errors import InvalidAddress
from subscriptions.models import ConsentEvent, Subscriber, Suppression

log = logging.getLogger(__name__)

NOT_OURS_TO_KNOW = frozenset({EventType.OPENED, EventType.CLICKED})
LEFT_US = frozenset({EventType.QUEUED, EventType.SENT, EventType.DELIVERED, EventType.DEFERRED})
NEVER_ARRIVED = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})
NO_SUCH_MAILBOX = frozenset({RejectReason.INVALID, RejectReason.BOUNCED})
SOFT_WORDS = ("soft", "transient", "temporary", "mailbox full", "mailboxfull", "quota", "undetermined")
"""What providers call a bounce that may pass; anymail gives some of them as a bounce like any other."""

POLICY = "7"
"""The subject of a status code (5.7.1) that is about the mail or its sender, not about the mailbox."""

_STATUS_CODE = re.compile(r"\b(?P<class>[245])\.(?P<subject>\d{1,3})\.\d{1,3}\b")
_OUR_MESSAGE_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)


def connect() -> None:
    """Listen to anymail's tracking signal."""
    tracking.connect(_on_tracking, dispatch_uid="digest.mail.events")


def _on_tracking(event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    record(event=event, provider=esp_name, now=timezone.now())


def record(*, event: AnymailTrackingEvent, provider: str, now: datetime) -> DeliveryEvent | None:
    """Keep an event and act on it, in one transaction, so that a repetition finds all done or nothing.

    An event that fits none of our deliveries is kept all the same. Returns: None for a repetition, or for what we
    do not want to know.
    """
    if event.event_type in NOT_OURS_TO_KNOW:
        return None
    with transaction.atomic():
        delivery = _delivery(event)
        row, is_new = DeliveryEvent.objects.get_or_create(
            key=event_key(event=event, provider=provider),
            defaults={
                "delivery": delivery,
                "kind": str(event.event_type)[:32],
                "at": event.timestamp or now,
                "received_at": now,
                "provider": provider[:32],
                "detail": _detail(event),
            },
        )
        if is_new:
            _act(event, row, delivery, now)
    return row if is_new else None


def event_key(*, event: AnymailTrackingEvent, provider: str) -> str:
    """Name an event so that its repetition has the same name: by the provider's id, or by all that it says."""
    if event.event_id:
        told = f"{event.event_id}:{event.event_type}:{event.recipient}"
    else:
        told = f"{event.message_id}:{event.event_type}:{event.recipient}:{event.timestamp}:{event.description}"
    return f"{provider[:32]}:{hashlib.sha256(told.encode(errors='replace')).hexdigest()}"


def is_hard(*, event: AnymailTrackingEvent) -> bool:
    """Decide whether a mail that did not arrive says that the mailbox is gone for good.

    The receiving server's enhanced status code (RFC 3463) goes first, then the provider's own words.
    """
    words = f"{event.mta_response or ''} {event.description or ''} {_raw_kind(event)}".lower()
    code = _STATUS_CODE.search(words)
    if code and (code["class"] == "4" or code["subject"] == POLICY):
        return False
    if any(soft in words for soft in SOFT_WORDS):
        return False
    return event.reject_reason in NO_SUCH_MAILBOX


def _raw_kind(event: AnymailTrackingEvent) -> str:
    """Find the provider's own name of the event, which tells hard from soft where anymail's does not."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    kinds = [raw.get(name) for name in ("event", "type", "Type", "bounceType", "event_name")]
    inner = raw.get("data")
    if isinstance(inner, dict):
        kinds.append(inner.get("type"))
    return " ".join(kind for kind in kinds if isinstance(kind, str))


def _delivery(event: AnymailTrackingEvent) -> Delivery | None:
    """Find the delivery by our own id, which came along as metadata or in the Message-ID, or by the provider's id."""
    deliveries = Delivery.objects.select_related("digest__subscriber")
    for candidate in (_metadata(event).get("delivery_id"), _own_id(event.message_id)):
        if (delivery_id := _uuid(candidate)) and (found := deliveries.filter(pk=delivery_id).first()):
            return found
    return deliveries.filter(provider_message_id=event.message_id).first() if event.message_id else None


def _reader(event: AnymailTrackingEvent, delivery: Delivery | None) -> Subscriber | None:
    """Find the reader of a digest, or of a mail about the subscription, which carries the reader's public id."""
    if delivery is not None:
        return delivery.digest.subscriber
    public_id = _uuid(_metadata(event).get("subscriber"))
    return Subscriber.objects.filter(public_id=public_id).first() if public_id else None


def _act(event: AnymailTrackingEvent, row: DeliveryEvent, delivery: Delivery | None, now: datetime) -> None:
    if delivery is not None:
        _settle(event, row, delivery)
    reader = _reader(event, delivery)
    if reader is None:
        log.info("Event %s of %s fits none of our mails; it is kept.", row.pk, row.provider)
        return
    if event.event_type == EventType.UNSUBSCRIBED:
        services.unsubscribe(subscriber=reader, now=now)
    reason = _suppression(event)
    key = _address_key(event, reader, delivery) if reason else ""
    if reason and key:
        services.suppress(address_key=key, reason=reason, detail=row.detail, now=now)


def _settle(event: AnymailTrackingEvent, row: DeliveryEvent, delivery: Delivery) -> None:
    """Move the delivery on. One that is SENDING waits for its worker, or for the sweeper, who reads the events."""
    if event.event_type in LEFT_US or event.event_type == EventType.COMPLAINED:
        ledger.move(delivery_id=delivery.pk, origin=Status.UNKNOWN, to=Status.SENT, sent_at=row.at, error="")
    if event.event_type in NEVER_ARRIVED:
        error = f"{row.kind}: {row.detail}"[:500]
        for origin in (Status.UNKNOWN, Status.SENT):
            ledger.move(delivery_id=delivery.pk, origin=origin, to=Status.FAILED, error=error)


def _suppression(event: AnymailTrackingEvent) -> str:
    """Answer the reason for which the address must not be mailed again, if the event is one."""
    if event.event_type == EventType.COMPLAINED:
        return Suppression.Reason.COMPLAINT
    if event.event_type == EventType.REJECTED and event.reject_reason == RejectReason.SPAM:
        return Suppression.Reason.COMPLAINT
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED} and is_hard(event=event):
        return Suppression.Reason.HARD_BOUNCE
    return ""


def _address_key(event: AnymailTrackingEvent, reader: Subscriber, delivery: Delivery | None) -> str:
    """Decide which address an event is about: the reader's, unless they have changed it since that mail.

    A provider may spell an address in its own way, so what it names counts only when the reader's has changed.
    """
    since = (delivery.claimed_at or delivery.created_at) if delivery else event.timestamp
    changes = ConsentEvent.objects.filter(subscriber=reader, kind=ConsentEvent.Kind.ADDRESS_CHANGED)
    if since is None or not changes.filter(at__gte=since).exists():
        return reader.address_key
    try:
        return parse_address(event.recipient or "").key
    except InvalidAddress:
        return ""


def _detail(event: AnymailTrackingEvent) -> str:
    words = (event.reject_reason, event.description, event.mta_response)
    return without_addresses(text=" · ".join(str(word) for word in words if word))


def _metadata(event: AnymailTrackingEvent) -> dict[str, Any]:
    return event.metadata if isinstance(event.metadata, dict) else {}


def _own_id(message_id: str | None) -> str:
    found = _OUR_MESSAGE_ID.match(message_id or "")
    return found[1] if found else ""


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None
