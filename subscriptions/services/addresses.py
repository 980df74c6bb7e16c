"""Moving a subscription to another address, which is confirmed at the new one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from subscriptions.addresses import parse_address
from subscriptions.errors import AddressTaken, SubscriptionError, TooManyRequests
from subscriptions.limits import DAY, may_mail, take
from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber
from subscriptions.selectors import is_suppressed
from subscriptions.services.reader import locked, queue_mail, record

CHANGES_A_DAY = 6  # of one reader
TAKEN = "This address has a subscription of its own; please unsubscribe or delete that one first."


def request_address_change(*, subscriber: Subscriber, new_email: str, now: datetime) -> None:
    """Mail a link to the new address; nothing moves before it is followed.

    The answer is the same when the new address belongs to another reader: only its owner learns of that.
    Raises: InvalidAddress, SubscriptionError when it is the present address, TooManyRequests.
    """
    address = parse_address(new_email)
    if address.email == subscriber.email:
        raise SubscriptionError(gettext("This is your address already."), field="email")
    if not take(key=f"change:reader:{subscriber.pk}", limit=CHANGES_A_DAY, window=DAY, now=now):
        raise TooManyRequests(gettext("You have asked for this often today; please try again tomorrow."))
    if not may_mail(purpose="change", address_key=address.key, now=now) or is_suppressed(address_key=address.key):
        return
    queue_mail(subscriber=subscriber, kind=OutgoingMail.Kind.CHANGE, now=now, to=address.email)


def change_address(*, subscriber: Subscriber, new_email: str, now: datetime) -> None:
    """Move a subscription to the address that its reader has confirmed. Once more changes nothing.

    Every earlier link dies but those that unsubscribe: they lie in a mailbox that the reader may have lost.
    Raises: InvalidAddress, AddressTaken.
    """
    address = parse_address(new_email)
    try:
        with transaction.atomic():
            reader = locked(subscriber=subscriber)
            if reader.email == address.email:
                return
            moved = reader.email_normalised != address.normalised
            if moved:
                record(subscriber=reader, kind=ConsentEvent.Kind.ADDRESS_CHANGED, now=now, wording="Moved away")
            reader.email, reader.email_normalised = address.email, address.normalised
            reader.address_key = address.key
            reader.link_epoch += 1
            reader.save(update_fields=["email", "email_normalised", "address_key", "link_epoch"])
            if moved:
                record(subscriber=reader, kind=ConsentEvent.Kind.ADDRESS_CHANGED, now=now, wording="Moved here")
    except IntegrityError as error:
        raise AddressTaken(TAKEN, field="email") from error
