"""Signed links: what a mail may let its reader do, one purpose each. No address and no secret is inside.

A token is base64url(reader's uuid, epoch, extra), the time and a signature under a salt of its purpose, joined by
dots. Raising a reader's epoch kills every earlier link, except those that unsubscribe.

Two kinds of token are shorter (short_tokens.py). The one-click link of a mail's header holds the reader's uuid alone:
a header line has 78 columns, and neither a time nor an epoch would ever be looked at. The links beside each paper of
a mail hold the uuid, the epoch, the time and a row's number in bytes: there may be two hundred of them.
"""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from struct import Struct

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from subscriptions import short_tokens
from subscriptions.errors import LinkExpired, LinkInvalid
from subscriptions.models import OutgoingMail, Subscriber, Suppression

FEEDBACK_LIFETIME = timedelta(days=90)
LIFETIMES: dict[str, timedelta | None] = {
    "confirm": timedelta(days=7),
    "manage": timedelta(days=30),
    "change": timedelta(days=2),
    "return": timedelta(days=2),
    "view": timedelta(days=90),
    "feedback": FEEDBACK_LIFETIME,
    "unsubscribe": None,  # a reader must be able to leave by the oldest mail they find
}
UUID_BYTES = 16
EPOCH_BYTES = 4
# The reader's uuid; the end of the epoch, as nobody changes their address 65,536 times within a link's life; and the
# seconds since 1970, which suffice until 2106.
SHORT_HEAD = Struct(">16s2sI")
ONE_CLICK_SALT, FEEDBACK_SALT = "subscriptions.one_click", "subscriptions.feedback"

FORGED = gettext_noop("This link is not complete; please copy the whole of it from the mail.")
GONE = gettext_noop("This link belongs to a subscription that has been deleted; nothing is held about it any more.")
USED_UP = gettext_noop(
    "This link has been used or replaced by a newer one; please use the latest mail, or ask for a fresh link."
)
EXPIRED = gettext_noop("This link is too old; please ask for a fresh one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenContent:
    """Whose link it is, and what it points at beyond that."""

    subscriber: Subscriber
    extra: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packed:
    """What stands in a token; `epoch` is cut to the bytes that the token has for it."""

    reader: uuid.UUID
    epoch: bytes
    extra: str


def make_token(*, purpose: str, subscriber: Subscriber, extra: str = "") -> str:
    """Sign a link for one purpose; `extra` names a row, never a person. For "feedback" it is a number or empty."""
    epoch = _epoch(purpose, subscriber).to_bytes(EPOCH_BYTES, "big")
    if purpose == "feedback":
        return _make_short(subscriber, epoch, extra)
    body = urlsafe_b64encode(subscriber.public_id.bytes + epoch + extra.encode()).decode().rstrip("=")
    return _signer(purpose).sign(body)


def read_token(*, purpose: str, token: str) -> TokenContent:
    """Find whose link it is.

    Raises: LinkExpired; LinkInvalid when it is forged, for another purpose, used up, or its reader is gone.
    """
    try:
        if purpose == "unsubscribe" and "." not in token:
            return _read_one_click(token)
        packed = _read_short(token) if purpose == "feedback" else _read_long(purpose, token)
    except SignatureExpired as error:
        raise LinkExpired(gettext(EXPIRED)) from error
    except BadSignature as error:
        raise LinkInvalid(gettext(FORGED)) from error
    subscriber = _reader(packed.reader)
    if not _epoch(purpose, subscriber).to_bytes(EPOCH_BYTES, "big").endswith(packed.epoch):
        raise LinkInvalid(gettext(USED_UP))
    return TokenContent(subscriber=subscriber, extra=packed.extra)


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
    token = short_tokens.sign(body=subscriber.public_id.bytes, salt=ONE_CLICK_SALT)
    return f"{settings.SITE_URL}{_folder('one_click')}{token}/"


def change_url(*, subscriber: Subscriber, new_email: str) -> str:
    """Link to the button that moves the subscription; it names the mail that knows the new address."""
    mails = OutgoingMail.objects.filter(subscriber=subscriber, kind=OutgoingMail.Kind.CHANGE, to=new_email)
    return _url("change_confirm", "change", subscriber, extra=str(mails.latest("pk").pk))


def return_url(*, subscriber: Subscriber) -> str:
    """Link to the button that lets mail come again; it names the stop that it ends."""
    stop = Suppression.objects.standing().filter(address_key=subscriber.address_key).first()
    return _url("return_confirm", "return", subscriber, extra=stop.reference if stop else "")


def view_url(*, subscriber: Subscriber, digest_id: object) -> str:
    """Link to a digest in the browser."""
    return _url("digest", "view", subscriber, extra=str(digest_id))


def feedback_urls(*, subscriber: Subscriber, item_id: int) -> tuple[str, str, str]:
    """Link to what can be asked of one paper in a digest: more like this, less like this, and why it is there."""
    token = make_token(purpose="feedback", subscriber=subscriber, extra=str(item_id))
    more, less, why = (f"{settings.SITE_URL}{_folder(name)}{token}/" for name in ("more", "less", "why"))
    return more, less, why


@cache
def _folder(name: str) -> str:
    # Django takes longer to find an address than to sign a token, and there are two hundred in a mail.
    return reverse(name, args=["-"]).removesuffix("-/")


def _url(name: str, purpose: str, subscriber: Subscriber, *, extra: str = "") -> str:
    token = make_token(purpose=purpose, subscriber=subscriber, extra=extra)
    return f"{settings.SITE_URL}{_folder(name)}{token}/"


def _make_short(subscriber: Subscriber, epoch: bytes, extra: str) -> str:
    number, seconds = int(extra or 0), int(timezone.now().timestamp())
    row = number.to_bytes((number.bit_length() + 7) // 8, "big")
    head = SHORT_HEAD.pack(subscriber.public_id.bytes, epoch[-2:], seconds)
    return short_tokens.sign(body=head + row, salt=FEEDBACK_SALT)


def _read_short(token: str) -> _Packed:
    body = short_tokens.unsign(token=token, salt=FEEDBACK_SALT)
    reader, epoch, seconds = SHORT_HEAD.unpack_from(body)
    row = body[SHORT_HEAD.size :]
    if timezone.now() - datetime.fromtimestamp(seconds, tz=UTC) > FEEDBACK_LIFETIME:
        raise SignatureExpired(EXPIRED)
    return _Packed(reader=uuid.UUID(bytes=reader), epoch=epoch, extra=str(int.from_bytes(row, "big")) if row else "")


def _read_long(purpose: str, token: str) -> _Packed:
    body = _signer(purpose).unsign(token, max_age=LIFETIMES[purpose])
    packed = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    epoch, extra = packed[UUID_BYTES:][:EPOCH_BYTES], packed[UUID_BYTES + EPOCH_BYTES :]
    return _Packed(reader=uuid.UUID(bytes=packed[:UUID_BYTES]), epoch=epoch, extra=extra.decode())


def _read_one_click(token: str) -> TokenContent:
    body = short_tokens.unsign(token=token, salt=ONE_CLICK_SALT)
    return TokenContent(subscriber=_reader(uuid.UUID(bytes=body)), extra="")


def _reader(public_id: uuid.UUID) -> Subscriber:
    subscriber = Subscriber.objects.filter(public_id=public_id).first()
    if subscriber is None:
        raise LinkInvalid(gettext(GONE))
    return subscriber


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(salt=f"subscriptions.{purpose}", sep=".")


def _epoch(purpose: str, subscriber: Subscriber) -> int:
    """Count what kills a link of this purpose. Both counters only rise, so their sum stands still only if both do."""
    if purpose == "unsubscribe":
        return 0
    if purpose == "confirm":
        return subscriber.link_epoch + subscriber.confirm_epoch
    return subscriber.link_epoch
