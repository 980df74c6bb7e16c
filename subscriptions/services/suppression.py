"""Addresses that must not be mailed. They are known by their key alone, whether or not a reader has them."""

from datetime import datetime

from django.db import transaction

from subscriptions.models import ConsentEvent, Subscriber, Suppression


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
            _record(address_key, ConsentEvent.Kind.UNSUPPRESSED, now)


def _record(address_key: str, kind: ConsentEvent.Kind, now: datetime) -> None:
    reader = Subscriber.objects.filter(address_key=address_key).first()
    ConsentEvent.objects.create(subscriber=reader, address_key=address_key, kind=kind, at=now)
