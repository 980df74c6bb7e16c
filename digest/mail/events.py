"""What a provider's webhook tells us of our mails, in our own words.

Opening and clicking are not for us to know: such events are dropped unread.
"""

import hashlib
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.utils import timezone

from digest.errors import TemporaryError
from digest.mail.bounces import Weight, codes_in, weigh
from digest.mail.outcome import without_addresses
from digest.mail.record import Says, Told, keep
from digest.models import DeliveryEvent

NOT_OURS_TO_KNOW = frozenset({EventType.OPENED, EventType.CLICKED})
NO_SUCH_MAILBOX = frozenset({RejectReason.INVALID, RejectReason.BOUNCED})
SOFT_WORDS = ("soft", "transient", "temporary", "mailbox full", "mailboxfull", "quota", "undetermined")
"""What providers call a bounce that may pass; anymail gives some of them as a bounce like any other."""
NO_REASON_GIVEN = ("messagebounced", "messagedelayed")
"""Postal's words for what came back by mail, of which it does not tell why."""
MAY_BE_HARD = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})

_OUR_MESSAGE_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)


class EventNotStored(TemporaryError):
    """The fault is ours, not the request's: the provider has to tell us again."""


def connect() -> None:
    """Listen to anymail's tracking signal."""
    tracking.connect(_on_tracking, dispatch_uid="digest.mail.events")


def _on_tracking(event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    try:
        record(event=event, provider=esp_name, now=timezone.now())
    except Exception as error:
        raise EventNotStored("An event could not be stored.") from error


def record(*, event: AnymailTrackingEvent, provider: str, now: datetime) -> DeliveryEvent | None:
    """Keep a webhook's event and act on it, once however often it comes.

    Returns: None for a repetition, or for what we do not want to know.
    """
    if event.event_type in NOT_OURS_TO_KNOW:
        return None
    return keep(told=_told(event, provider), now=now)


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
    words = f"{event.mta_response or ''} {event.description or ''}"
    if any(soft in f"{words} {_raw_kind(event)}".lower() for soft in (*SOFT_WORDS, *NO_REASON_GIVEN)):
        return False
    if codes_in(text=words):
        return weigh(action="failed", status="", words=words) is Weight.HARD
    return event.reject_reason in NO_SUCH_MAILBOX


def _raw_kind(event: AnymailTrackingEvent) -> str:
    """Find the provider's own name of the event, which tells hard from soft where anymail's does not."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    kinds = [raw.get(name) for name in ("event", "type", "Type", "bounceType", "event_name")]
    inner = raw.get("data")
    if isinstance(inner, dict):
        kinds.append(inner.get("type"))
    return " ".join(kind for kind in kinds if isinstance(kind, str))


def _told(event: AnymailTrackingEvent, provider: str) -> Told:
    """Bring an event into our own words. Our own id came along as metadata, or in the Message-ID."""
    message_id = str(event.message_id or "").replace("\0", "")  # a number with Postal
    ids = (_uuid(_metadata(event).get("delivery_id")), _uuid(_own_id(message_id)))
    return Told(
        key=event_key(event=event, provider=provider),
        provider=provider,
        kind=str(event.event_type),
        says=_says(event),
        detail=_detail(event),
        recipient=event.recipient or "",
        at=event.timestamp,
        delivery_ids=tuple(found for found in ids if found),
        message_id=message_id,
        reader_id=_uuid(_metadata(event).get("subscriber")),
    )


def _says(event: AnymailTrackingEvent) -> Says:
    if event.event_type == EventType.UNSUBSCRIBED:
        return Says.LEAVE
    if event.event_type == EventType.DELIVERED:
        return Says.ARRIVED
    if event.event_type == EventType.COMPLAINED or _is_refused_complainer(event):
        return Says.COMPLAINT
    if event.event_type in MAY_BE_HARD and is_hard(event=event):
        return Says.HARD
    return Says.SOFT if event.event_type == EventType.BOUNCED else Says.NOTHING


def _is_refused_complainer(event: AnymailTrackingEvent) -> bool:
    """Know what the provider would not send because the reader once complained to it."""
    return bool(event.event_type == EventType.REJECTED and event.reject_reason == RejectReason.SPAM)


def _detail(event: AnymailTrackingEvent) -> str:
    words = (event.reject_reason, event.description, event.mta_response)
    return without_addresses(text=" · ".join(str(word) for word in words if word))


def _metadata(event: AnymailTrackingEvent) -> dict[str, Any]:
    return event.metadata if isinstance(event.metadata, dict) else {}


def _own_id(message_id: str) -> str:
    found = _OUR_MESSAGE_ID.match(message_id)
    return found[1] if found else ""


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None
