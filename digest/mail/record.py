"""What came back about a mail -> one DeliveryEvent, and what follows from it for the delivery and the address.

Webhooks (events.py) and mails that came back (returned.py) say the same things in many words; from here on there is
one word for each.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from anymail.signals import EventType
from django.db import transaction
from django.db.models import Q

from digest.mail import ledger
from digest.mail.ledger import Status
from digest.models import Delivery, DeliveryEvent
from subscriptions import services
from subscriptions.addresses import parse_address
from subscriptions.errors import InvalidAddress
from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber, Suppression
from subscriptions.selectors import reader_by_address

log = logging.getLogger(__name__)

LEFT_US = frozenset({EventType.QUEUED, EventType.SENT, EventType.DELIVERED, EventType.DEFERRED, EventType.COMPLAINED})
NEVER_ARRIVED = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})
MAILED_LATELY = timedelta(days=7)  # a mail server tries for five days, and its last word takes its time


class Says(Enum):
    """What an event says of the address."""

    NOTHING = auto()
    ARRIVED = auto()
    SOFT = auto()
    HARD = auto()
    COMPLAINT = auto()
    LEAVE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that we were told, in our own words."""

    key: str
    """The same for each repetition."""
    provider: str
    kind: str
    """One of anymail's event types."""
    says: Says
    detail: str
    """Why, without any address."""
    recipient: str
    at: datetime | None = None
    delivery_ids: tuple[UUID, ...] = ()
    message_id: str = ""
    """The provider's own id of the mail."""
    reader_id: UUID | None = None
    """The public id of the reader of a mail about the subscription."""
    by_address: bool = False
    """Whether the address alone may name the reader, if we mailed them lately."""


REASONS = {Says.HARD: Suppression.Reason.HARD_BOUNCE, Says.COMPLAINT: Suppression.Reason.COMPLAINT}


def keep(*, told: Told, now: datetime) -> DeliveryEvent | None:
    """Keep an event and act on it, in one transaction, so that a repetition finds all done or nothing.

    An event that fits none of our deliveries is kept all the same. Returns: None for a repetition.
    """
    with transaction.atomic():
        delivery = _delivery(told)
        reader = _reader(told, delivery)
        if delivery is None and reader is None and told.by_address:
            delivery, reader = _mailed_lately(told, now)
        row, is_new = DeliveryEvent.objects.get_or_create(
            key=told.key,
            defaults={
                "delivery": delivery,
                "kind": told.kind[:32],
                "at": told.at or now,
                "received_at": now,
                "provider": told.provider[:32],
                "detail": told.detail[:500],
            },
        )
        if is_new:
            _act(told, row, delivery, reader, now)
    return row if is_new else None


def _delivery(told: Told) -> Delivery | None:
    """Find the delivery by our own id, or by the provider's id."""
    deliveries = Delivery.objects.select_related("digest__subscriber")
    for delivery_id in told.delivery_ids:
        if found := deliveries.filter(pk=delivery_id).first():
            return found
    return deliveries.filter(provider_message_id=told.message_id).first() if told.message_id else None


def _reader(told: Told, delivery: Delivery | None) -> Subscriber | None:
    """Find the reader of a digest, or of a mail about the subscription, which carries the reader's public id."""
    if delivery is not None:
        return delivery.digest.subscriber
    return Subscriber.objects.filter(public_id=told.reader_id).first() if told.reader_id else None


def _mailed_lately(told: Told, now: datetime) -> tuple[Delivery | None, Subscriber | None]:
    """Find the reader by the address, if a mail was on its way to them lately, and their last digest of that time.

    Anybody can write an address into a report; about an address that we did not mail there is nothing to report.
    """
    try:
        reader = reader_by_address(address=parse_address(told.recipient))
    except InvalidAddress:
        return None, None
    since = now - MAILED_LATELY
    handed_over = Q(digest__subscriber=reader, claimed_at__gte=since, status__in=[Status.SENT, Status.UNKNOWN])
    delivery = Delivery.objects.select_related("digest__subscriber").filter(handed_over).order_by("-claimed_at").first()
    asked = OutgoingMail.objects.filter(subscriber=reader, claimed_at__gte=since) if reader else None
    return delivery, reader if delivery is not None or (asked is not None and asked.exists()) else None


def _act(told: Told, row: DeliveryEvent, delivery: Delivery | None, reader: Subscriber | None, now: datetime) -> None:
    if delivery is not None:
        _settle(row, delivery)
    if reader is None:
        log.info("Event %s of %s fits none of our mails; it is kept.", row.pk, row.provider)
        return
    if told.says is Says.LEAVE:
        services.unsubscribe(subscriber=reader, now=now)
    elif told.says is not Says.NOTHING and (key := _address_key(told, reader, delivery)):
        _act_on_address(told, key, row, now)


def _act_on_address(told: Told, key: str, row: DeliveryEvent, now: datetime) -> None:
    if told.says is Says.ARRIVED:
        services.forget_soft_bounces(address_key=key, before=row.at)
    elif told.says is Says.SOFT:
        services.note_soft_bounce(address_key=key, detail=row.detail, now=now)
    else:
        services.suppress(address_key=key, reason=REASONS[told.says], detail=row.detail, now=now)


def _settle(row: DeliveryEvent, delivery: Delivery) -> None:
    """Move the delivery on. One that is SENDING waits for its worker, or for the sweeper, who reads the events."""
    if row.kind in LEFT_US:
        ledger.move(delivery_id=delivery.pk, origin=Status.UNKNOWN, to=Status.SENT, sent_at=row.at, error="")
    if row.kind in NEVER_ARRIVED:
        error = f"{row.kind}: {row.detail}"[:500]
        for origin in (Status.UNKNOWN, Status.SENT):
            ledger.move(delivery_id=delivery.pk, origin=origin, to=Status.FAILED, error=error)


def _address_key(told: Told, reader: Subscriber, delivery: Delivery | None) -> str:
    """Decide which address an event is about: the reader's, unless they have changed it since that mail.

    A provider may spell an address in its own way, so what it names counts only when the reader's has changed.
    """
    since = (delivery.claimed_at or delivery.created_at) if delivery else told.at
    changes = ConsentEvent.objects.filter(subscriber=reader, kind=ConsentEvent.Kind.ADDRESS_CHANGED)
    if since is None or not changes.filter(at__gte=since).exists():
        return reader.address_key
    try:
        return parse_address(told.recipient).key
    except InvalidAddress:
        return ""
