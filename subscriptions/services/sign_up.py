"""Sign-up with double opt-in: nothing but the confirmation is mailed before the address is confirmed.

unknown       -> PENDING, and a mail to confirm
pending       -> the latest form wins, and a mail to confirm
active        -> nothing changes, and a mail that says so
unsubscribed  -> stays so until the new form, kept aside, is confirmed
suppressed    -> nothing is written or mailed
"""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from subscriptions.addresses import parse_address
from subscriptions.errors import LinkInvalid
from subscriptions.limits import may_ask
from subscriptions.models import ConsentEvent, LinkedLibrary, OutgoingMail, Subscriber
from subscriptions.selectors import is_suppressed, reader_by_address
from subscriptions.services.preferences import FIELDS, apply_preferences, check_preferences
from subscriptions.services.profiles import clean_profile, write_profile
from subscriptions.services.reader import locked, next_digest_at, queue_mail, record
from subscriptions.types import Address, ProfileInput, SignUp

Status = Subscriber.Status


def sign_up(*, form: SignUp, network: str, wording: str, now: datetime) -> None:
    """Take the sign-up form. The caller cannot tell whether the address was known.

    `network` is a `network_key`; `wording` is what the person agreed to, kept as the proof of consent.
    Raises: InvalidAddress, SubscriptionError with the field's name, TooManyRequests.
    """
    address = parse_address(form.email)
    check_preferences(preferences=form)
    if form.profile is not None:
        form = replace(form, profile=clean_profile(profile=form.profile))
    # The limit also keeps anybody from timing the answer often enough to learn from it.
    if not may_ask(purpose="sign-up", address_key=address.key, network=network, now=now):
        return
    if is_suppressed(address_key=address.key):
        return
    with transaction.atomic():
        reader = _row_of(address, now)
        if reader.status == Status.ACTIVE:
            queue_mail(subscriber=reader, kind=OutgoingMail.Kind.ALREADY, now=now)
            return
        _keep_form(reader, form, now)
        record(subscriber=reader, kind=ConsentEvent.Kind.REQUESTED, now=now, wording=wording, network=network)
        queue_mail(subscriber=reader, kind=OutgoingMail.Kind.CONFIRM, now=now)


def confirm(*, subscriber: Subscriber, now: datetime) -> None:
    """Make a reader active who pressed the button behind a confirmation link. Once more changes nothing.

    Raises: LinkInvalid when the reader has unsubscribed since, and has not asked anew.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        if reader.status == Status.ACTIVE:
            return
        if reader.status == Status.UNSUBSCRIBED and reader.asked_for is None:
            raise LinkInvalid(gettext("You have unsubscribed since; to come back, please sign up again."))
        if reader.asked_for is not None:
            _take_form(reader, _form_from(reader.asked_for, email=reader.email), now)
        reader.status = Status.ACTIVE
        reader.confirmed_at, reader.unsubscribed_at = now, None
        reader.asked_for, reader.paused_until = None, None
        reader.next_digest_at = next_digest_at(subscriber=reader, now=now)
        reader.save()
        record(subscriber=reader, kind=ConsentEvent.Kind.CONFIRMED, now=now)


def unsubscribe(*, subscriber: Subscriber, now: datetime) -> None:
    """End the mails at once. The row stays, so that the reader can come back; every old confirmation link dies."""
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        if reader.status == Status.UNSUBSCRIBED and reader.asked_for is None:
            return
        if reader.status != Status.UNSUBSCRIBED:  # a way back is open from the day of leaving on, and no longer
            reader.unsubscribed_at = now
        reader.status = Status.UNSUBSCRIBED
        reader.next_digest_at, reader.asked_for = None, None
        reader.confirm_epoch += 1
        reader.save(update_fields=["status", "unsubscribed_at", "next_digest_at", "asked_for", "confirm_epoch"])
        reader.outgoing_mail.filter(kind=OutgoingMail.Kind.CONFIRM, status=OutgoingMail.Status.QUEUED).delete()
        LinkedLibrary.objects.filter(profile__subscriber=reader).delete()  # and with them the keys of other services
        record(subscriber=reader, kind=ConsentEvent.Kind.UNSUBSCRIBED, now=now)


def request_manage_link(*, email: str, network: str, now: datetime) -> None:
    """Mail a fresh link to the preferences, if the address is a reader's. The caller cannot tell whether it is.

    A reader who has not confirmed yet gets the confirmation again, and nothing else.
    Raises: InvalidAddress, TooManyRequests.
    """
    address = parse_address(email)
    if not may_ask(purpose="manage", address_key=address.key, network=network, now=now):
        return
    reader = reader_by_address(address=address)
    if reader is None or is_suppressed(address_key=address.key):
        return
    is_pending = reader.status == Status.PENDING
    kind = OutgoingMail.Kind.CONFIRM if is_pending else OutgoingMail.Kind.MANAGE
    queue_mail(subscriber=reader, kind=kind, now=now)


def _row_of(address: Address, now: datetime) -> Subscriber:
    row, _ = Subscriber.objects.get_or_create(
        email_normalised=address.normalised,
        defaults={"email": address.email, "address_key": address.key, "created_at": now},
    )
    return locked(subscriber=row)


def _keep_form(reader: Subscriber, form: SignUp, now: datetime) -> None:
    """Apply the form to a reader who never confirmed; keep it aside for one who had been here and left."""
    if reader.status == Status.UNSUBSCRIBED:
        reader.asked_for = {key: value for key, value in asdict(form).items() if key != "email"}
        reader.save(update_fields=["asked_for"])
        return
    reader.profiles.all().delete()
    _take_form(reader, form, now)
    reader.save(update_fields=[*FIELDS])


def _take_form(reader: Subscriber, form: SignUp, now: datetime) -> None:
    apply_preferences(reader=reader, preferences=form, now=now)
    if form.profile is None:
        return
    row = reader.profiles.filter(name=form.profile.name).first()
    row = row or reader.profiles.model(subscriber=reader, created_at=now)
    write_profile(row=row, profile=form.profile, now=now)


def _form_from(stored: dict[str, Any], *, email: str) -> SignUp:
    """Read back what `_keep_form` stored; JSON has no tuples."""
    profile = stored["profile"] and ProfileInput(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in stored["profile"].items()}
        | {"papers": tuple((scheme, value) for scheme, value in stored["profile"]["papers"])}
    )
    return SignUp(**{**stored, "weekdays": tuple(stored["weekdays"]), "profile": profile, "email": email})
