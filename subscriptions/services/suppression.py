"""Addresses that must not be mailed. They are known by their key alone, whether or not a reader has them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from subscriptions.errors import LinkInvalid, SubscriptionError
from subscriptions.limits import may_mail
from subscriptions.models import ConsentEvent, OutgoingMail, SoftBounce, Subscriber, Suppression
from subscriptions.selectors import standing_suppression
from subscriptions.services.reader import queue_mail

WAITS = tuple(timedelta(hours=2**step) for step in range(1, 7))  # 2, 4, 8, ... 64 hours
FORGOTTEN_AFTER = timedelta(days=30)  # since the last wait ended: longer than a weekly reader needs to be mailed again


def suppress(*, address_key: str, reason: str, detail: str, now: datetime) -> None:
    """Stop all mail to an address. One that is stopped already keeps its first reason.

    `detail` must not hold the address. Suppression is checked when a mail is claimed, so mails that are queued
    already are not sent either; the reader can still use every link they hold.
    """
    words = {"reason": reason, "detail": detail[:500], "created_at": now, "lifted_at": None}
    with transaction.atomic():
        row, created = Suppression.objects.get_or_create(address_key=address_key, defaults=words)
        lifted_before = Suppression.objects.filter(pk=row.pk, lifted_at__isnull=False)
        if created or lifted_before.update(**words):
            _record(address_key, ConsentEvent.Kind.SUPPRESSED, now)


def lift_suppression(*, address_key: str, now: datetime) -> None:
    """Let an address be mailed again; one that is not suppressed is no error."""
    with transaction.atomic():
        if Suppression.objects.standing().filter(address_key=address_key).update(lifted_at=now):
            SoftBounce.objects.filter(address_key=address_key).delete()
            _record(address_key, ConsentEvent.Kind.UNSUPPRESSED, now)


def ask_to_return(*, subscriber: Subscriber, now: datetime) -> None:
    """Mail a suppressed reader the link that lets mail come again: only who reads the mailbox can press it.

    Raises: SubscriptionError in words for the reader, when there is nothing to lift, it is not theirs to lift, or they
    have asked often.
    """
    stop = standing_suppression(address_key=subscriber.address_key)
    if stop is None:
        raise SubscriptionError(gettext("Nothing stops the mail to this address."))
    if not stop.is_the_readers_to_lift:
        raise SubscriptionError(gettext("Staff stopped the mail to this address; please write to us."))
    if not may_mail(purpose="return", address_key=subscriber.address_key, now=now):
        raise SubscriptionError(
            gettext("You have asked several times; please look into your mailbox, or try again tomorrow.")
        )
    queue_mail(subscriber=subscriber, kind=OutgoingMail.Kind.RETURN, now=now)


def return_to_mail(*, subscriber: Subscriber, reference: str, now: datetime) -> None:
    """Lift the suppression whose link the reader has pressed. Once more changes nothing.

    Raises: LinkInvalid when the address was stopped again since, or by staff.
    """
    stop = standing_suppression(address_key=subscriber.address_key)
    if stop is None:
        return
    if stop.reference != reference or not stop.is_the_readers_to_lift:
        raise LinkInvalid(
            gettext("The mail to this address was stopped again since; please ask anew in your preferences.")
        )
    lift_suppression(address_key=subscriber.address_key, now=now)


def note_soft_bounce(*, address_key: str, detail: str, now: datetime) -> None:
    """Leave an address alone for a while whose mail came back for now: each time twice as long, then for good.

    What comes back during a wait was sent before it, and is no further failure. `detail` must not hold the address.
    """
    first = {"times": 0, "last_at": now, "waits_until": now, "detail": detail[:500]}
    with transaction.atomic():
        SoftBounce.objects.get_or_create(address_key=address_key, defaults=first)
        row = SoftBounce.objects.select_for_update().get(address_key=address_key)
        if row.waits_until > now:
            return
        times = row.times if now - row.waits_until < FORGOTTEN_AFTER else 0
        if times == len(WAITS):
            row.delete()
            suppress(address_key=address_key, reason=Suppression.Reason.SOFT_BOUNCE, detail=detail, now=now)
            return
        row.times, row.last_at, row.waits_until, row.detail = times + 1, now, now + WAITS[times], detail[:500]
        row.save()


def forget_soft_bounces(*, address_key: str, before: datetime) -> None:
    """Begin anew with an address that a mail has reached: only what came back before that is forgotten."""
    SoftBounce.objects.filter(address_key=address_key, last_at__lt=before).delete()


def _record(address_key: str, kind: ConsentEvent.Kind, now: datetime) -> None:
    reader = Subscriber.objects.filter(address_key=address_key).first()
    ConsentEvent.objects.create(subscriber=reader, address_key=address_key, kind=kind, at=now)
