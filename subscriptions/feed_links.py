"""The link of a reader's own feed: who has it reads which papers they get, and can do nothing else.

Nothing secret is stored. A link is the reader's uuid and a counter, signed in few letters (short_tokens.py): the same
each time it is shown, good until a newer one is made. Making a new one, switching the feed off, and whatever makes all
of a reader's links invalid raise the counter.
"""

import uuid
from struct import Struct

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from subscriptions import short_tokens
from subscriptions.errors import LinkInvalid, LinkUsedUp
from subscriptions.models import Subscriber

SALT = "subscriptions.feed"
BODY = Struct(">16sI")

FORGED = gettext_noop("This link to a feed is not complete; please copy the whole of it from your preferences.")
USED_UP = gettext_noop(
    "This link to a feed has been replaced or switched off; the one that holds stands in your preferences."
)


def feed_url(*, subscriber: Subscriber, form: str) -> str:
    """Give the address of a reader's own feed in one format, such as "atom". It opens only while the feed is on."""
    return f"{settings.SITE_URL}{reverse('feed_mine', args=[feed_token(subscriber=subscriber), form])}"


def feed_token(*, subscriber: Subscriber) -> str:
    """Sign the reader's link of today."""
    return short_tokens.sign(body=BODY.pack(subscriber.public_id.bytes, _counter(subscriber)), salt=SALT)


def feed_name(*, subscriber: Subscriber) -> str:
    """Name the feed for ever, whatever link it has; nobody learns from it whose feed it is."""
    return uuid.uuid5(subscriber.public_id, "feed").hex


def read_feed_token(*, token: str) -> Subscriber:
    """Find whose feed it is.

    Raises: LinkInvalid when it was not signed here; LinkUsedUp when it was, and does not hold any more.
    """
    try:
        body = short_tokens.unsign(token=token, salt=SALT)
    except BadSignature as error:
        raise LinkInvalid(gettext(FORGED)) from error
    public_id, counter = BODY.unpack(body)
    subscriber = Subscriber.objects.filter(public_id=uuid.UUID(bytes=public_id), has_feed=True).first()
    if subscriber is None or _counter(subscriber) != counter:
        raise LinkUsedUp(gettext(USED_UP))
    return subscriber


def _counter(subscriber: Subscriber) -> int:
    # Both only rise, so their sum stands still only if both do.
    return subscriber.link_epoch + subscriber.feed_epoch
