"""Reads about readers and addresses; nothing in here writes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext

from subscriptions.errors import LinkInvalid
from subscriptions.models import OutgoingMail, Subscriber, Suppression
from subscriptions.types import Address

DAY = timedelta(days=1)
OLDEST_ON_ITS_WAY = timedelta(days=2)  # a mail is given up sooner; the index by age keeps the count short


def reader_by_address(*, address: Address) -> Subscriber | None:
    """Find the reader whose mailbox this is."""
    return Subscriber.objects.filter(email_normalised=address.normalised).first()


def is_suppressed(*, address_key: str) -> bool:
    """Tell whether an address must not be mailed."""
    return Suppression.objects.standing().filter(address_key=address_key).exists()


def standing_suppression(*, address_key: str) -> Suppression | None:
    """Find why an address must not be mailed; None when it may be."""
    return Suppression.objects.standing().filter(address_key=address_key).first()


def suppressed_keys(*, address_keys: Iterable[str]) -> frozenset[str]:
    """Keep those keys whose addresses must not be mailed, with one query."""
    standing = Suppression.objects.standing().filter(address_key__in=list(address_keys))
    return frozenset(standing.values_list("address_key", flat=True))


def mails_of_day(*, day: date) -> int:
    """Count the mails about subscriptions that were given to the provider in a UTC day, or may have been."""
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    of_day = Q(claimed_at__gte=midnight, claimed_at__lt=midnight + DAY)
    recent = OutgoingMail.objects.filter(of_day, created_at__gt=midnight - OLDEST_ON_ITS_WAY)
    return recent.filter(status__in=[OutgoingMail.Status.SENDING, OutgoingMail.Status.SENT]).count()


def pending_address(*, subscriber: Subscriber, reference: str) -> str:
    """Find the new address that a `change` link is for; `reference` is the token's `extra`.

    Raises: LinkInvalid when the request is gone.
    """
    mails = OutgoingMail.objects.filter(subscriber=subscriber, kind=OutgoingMail.Kind.CHANGE)
    mail = mails.filter(pk=int(reference)).first() if reference.isdecimal() else None
    if mail is None:
        raise LinkInvalid(gettext("This link has been used up; please ask for the change of address again."))
    return mail.to
