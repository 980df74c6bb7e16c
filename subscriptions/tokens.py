"""Signed links: what a mail may let its reader do, one purpose each. No address and no secret is inside.

A token is base64url(reader's uuid, epoch, extra), the time and a signature under a salt of its purpose, joined by
dots. Raising a reader's epoch kills every earlier link, except those that unsubscribe.

The one-click link of a mail's header has a shorter token: base64url(reader's uuid, signature), without dots.
A header line has 78 columns, and neither a time nor an epoch would ever be looked at.
"""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from subscriptions.errors import LinkExpired, LinkInvalid
from subscriptions.models import OutgoingMail, Subscriber

LIFETIMES: dict[str, timedelta | None] = {
    "confirm": timedelta(days=7),
    "manage": timedelta(days=30),
    "change": timedelta(days=2),
    "view": timedelta(days=90),
    "unsubscribe": None,  # a reader must be able to leave by the oldest mail they find
}
UUID_BYTES = 16
EPOCH_BYTES = 4
SHORT_SIGNATURE_BYTES = 11  # nobody guesses 88 bits by asking; with the uuid that is 36 letters, no bit to spare

FORGED = "This link is not complete; please copy the whole of it from the mail."
GONE = "This link belongs to a subscription that has been deleted; nothing is held about it any more."
USED_UP = "This link has been used or replaced by a newer one; please use the latest mail, or ask for a fresh link."
EXPIRED = "This link is too old; please ask for a fresh one."


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenContent:
    """Whose link it is, and what it points at beyond that."""

    subscriber: Subscriber
    extra: str


def make_token(*, purpose: str, subscriber: Subscriber, extra: str = "") -> str:
    """Sign a link for one purpose; `extra` names a row, never a person."""
    epoch = _epoch(purpose, subscriber).to_bytes(EPOCH_BYTES, "big")
    body = urlsafe_b64encode(subscriber.public_id.bytes + epoch + extra.encode()).decode().rstrip("=")
    return _signer(purpose).sign(body)


def read_token(*, purpose: str, token: str) -> TokenContent:
    """Find whose link it is.

    Raises: LinkExpired; LinkInvalid when it is forged, for another purpose, used up, or its reader is gone.
    """
    if purpose == "unsubscribe" and "." not in token:
        return _read_short(token)
    try:
        body = _signer(purpose).unsign(token, max_age=LIFETIMES[purpose])
    except SignatureExpired as error:
        raise LinkExpired(EXPIRED) from error
    except BadSignature as error:
        raise LinkInvalid(FORGED) from error
    packed = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    subscriber = Subscriber.objects.filter(public_id=uuid.UUID(bytes=packed[:UUID_BYTES])).first()
    if subscriber is None:
        raise LinkInvalid(GONE)
    if int.from_bytes(packed[UUID_BYTES : UUID_BYTES + EPOCH_BYTES], "big") != _epoch(purpose, subscriber):
        raise LinkInvalid(USED_UP)
    return TokenContent(subscriber=subscriber, extra=packed[UUID_BYTES + EPOCH_BYTES :].decode())


def confirm_url(*, subscriber: Subscriber) -> str:
    """Link to the button that confirms the sign-up."""
    return _url("confirm", "confirm", subscriber)


def manage_url(*, subscriber: Subscriber) -> str:
    """Link to the reader's preferences."""
    return _url("manage", "manage", subscriber)


def unsubscribe_url(*, subscriber: Subscriber) -> str:
    """Link that ends the mails: a button for a person, one POST for a mail program."""
    return _url("unsubscribe", "unsubscribe", subscriber)


def one_click_url(*, subscriber: Subscriber) -> str:
    """Link for a mail's header, to the same place as unsubscribe_url: short, so that no header line is too long."""
    packed = subscriber.public_id.bytes
    token = urlsafe_b64encode(packed + _short_signature(packed, settings.SECRET_KEY)).decode()
    return f"{settings.SITE_URL}{reverse('one_click', args=[token])}"


def change_url(*, subscriber: Subscriber, new_email: str) -> str:
    """Link to the button that moves the subscription; it names the mail that knows the new address."""
    mails = OutgoingMail.objects.filter(subscriber=subscriber, kind=OutgoingMail.Kind.CHANGE, to=new_email)
    return _url("change_confirm", "change", subscriber, extra=str(mails.latest("pk").pk))


def view_url(*, subscriber: Subscriber, digest_id: object) -> str:
    """Link to a digest in the browser."""
    return _url("digest", "view", subscriber, extra=str(digest_id))


def _url(name: str, purpose: str, subscriber: Subscriber, *, extra: str = "") -> str:
    token = make_token(purpose=purpose, subscriber=subscriber, extra=extra)
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def _read_short(token: str) -> TokenContent:
    try:
        packed = urlsafe_b64decode(token.encode("ascii"))
    except ValueError as error:
        raise LinkInvalid(FORGED) from error
    body, signature = packed[:UUID_BYTES], packed[UUID_BYTES:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(signature, _short_signature(body, key)) for key in keys):
        raise LinkInvalid(FORGED)
    subscriber = Subscriber.objects.filter(public_id=uuid.UUID(bytes=body)).first()
    if subscriber is None:
        raise LinkInvalid(GONE)
    return TokenContent(subscriber=subscriber, extra="")


def _short_signature(body: bytes, key: str | bytes) -> bytes:
    signed = salted_hmac("subscriptions.one_click", body, secret=key, algorithm="sha256")
    return signed.digest()[:SHORT_SIGNATURE_BYTES]


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(salt=f"subscriptions.{purpose}", sep=".")


def _epoch(purpose: str, subscriber: Subscriber) -> int:
    """Count what kills a link of this purpose. Both counters only rise, so their sum stands still only if both do."""
    if purpose == "unsubscribe":
        return 0
    if purpose == "confirm":
        return subscriber.link_epoch + subscriber.confirm_epoch
    return subscriber.link_epoch
