"""What a reader may always ask for: a copy of everything that is held about them, and that it is deleted."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from subscriptions.models import ConsentEvent, InterestProfile, SoftBounce, Subscriber
from subscriptions.services.preferences import FIELDS
from subscriptions.services.profiles import LISTS, SETTINGS
from subscriptions.services.reader import locked, record

READER = (
    "email",
    "status",
    *FIELDS,
    "shares_taste",
    "has_feed",
    "paused_until",
    "next_digest_at",
    "digested_until",
    "created_at",
    "confirmed_at",
    "unsubscribed_at",
    "asked_for",
)
PROFILE = ("name", *LISTS, *SETTINGS, "created_at", "updated_at")
PAPER = ("scheme", "value", "stance", "added_at", "title", "state", "looked_up_at", "look_ups")
LINKED = ("kind", "library", "linked_at", "read_at", "problem")
BROUGHT = ("name", "state", "format", "refusal", "lines", "left", "began_at", "read_at")
CONSENT = ("kind", "wording", "at", "address_key", "network_key")
MAIL = ("kind", "to", "status", "attempts", "created_at", "sent_at")


def export(*, subscriber: Subscriber, now: datetime) -> dict[str, Any]:
    """Give everything that is held about a reader, ready for JSON: moments are ISO 8601 in UTC.

    That it was asked for is recorded, and is part of the copy. Other parts of the service add their own keys.
    Raises: ReaderGone when everything has been deleted meanwhile.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        record(subscriber=reader, kind=ConsentEvent.Kind.EXPORTED, now=now)
        profiles = reader.profiles.prefetch_related("library", "imports", "linked_libraries").order_by("pk")
        return {
            "exported_at": now.isoformat(),
            "reader": _row(reader, READER),
            "interests": [_profile(profile) for profile in profiles],
            "consent": _rows(reader.consent_events.order_by("at", "pk"), CONSENT),
            "mails_about_the_subscription": _rows(reader.outgoing_mail.order_by("created_at", "pk"), MAIL),
        }


def erase(*, subscriber: Subscriber, now: datetime) -> None:
    """Delete everything that names or describes a reader. Once more changes nothing.

    What stays is the proof of consent under the keyed hash of the address, and a standing suppression under the
    same hash. No new suppression is made: the person may sign up again whenever they like.
    """
    with transaction.atomic():
        reader = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
        if reader is None:
            return
        record(subscriber=reader, kind=ConsentEvent.Kind.ERASED, now=now)
        forget(readers=Subscriber.objects.filter(pk=reader.pk))


def forget(*, readers: QuerySet[Subscriber]) -> int:
    """Delete rows of readers and all that hangs on them, and tell how many readers that were."""
    ConsentEvent.objects.filter(subscriber__in=readers).update(network_key="")
    SoftBounce.objects.filter(address_key__in=readers.values("address_key")).delete()
    _, deleted = readers.delete()
    return deleted.get("subscriptions.Subscriber", 0)


def _profile(profile: InterestProfile) -> dict[str, Any]:
    papers = sorted(profile.library.all(), key=lambda paper: paper.pk)
    return _row(profile, PROFILE) | {
        "papers": [_row(paper, PAPER) for paper in papers],
        "libraries_followed": [_row(linked, LINKED) for linked in profile.linked_libraries.all()],
        "lists_brought": [_row(brought, BROUGHT) for brought in profile.imports.all()],
    }


def _rows(rows: QuerySet[Any], fields: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_row(row, fields) for row in rows]


def _row(row: Model, fields: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in fields}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
