"""The emergency brake: stops all digests when far more mails leave, come back or annoy than should. A person lifts it.

It stands in the database, so that losing Redis does not lift it. What waits meanwhile stays QUEUED.
"""

import logging
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from anymail.signals import EventType
from django.conf import settings
from django.db.models import Max, QuerySet

from digest.mail.ledger import COUNTED, OLDEST_ON_ITS_WAY
from digest.models import Delivery, DeliveryEvent, SendingStop
from subscriptions.models import Subscriber

log = logging.getLogger(__name__)

Kind = SendingStop.Kind
WINDOW = timedelta(hours=24)
FEWEST_EVENTS = 3  # one unlucky reader is no rate
SMALLEST_CEILING = 100  # mails: in a house of ten readers, tries again after a refusal are no emergency
NO_CEILING = 2**53
LATE_EVENTS = timedelta(days=7)  # most events of a mail come within it
RATES = {
    Kind.BOUNCES: ((EventType.BOUNCED,), "EMAIL_BRAKE_BOUNCES", "were refused or came back"),
    Kind.COMPLAINTS: ((EventType.COMPLAINED,), "EMAIL_BRAKE_COMPLAINTS", "were called spam by their readers"),
}


def standing() -> SendingStop | None:
    """Find the oldest pull of the brake that nobody has lifted."""
    return SendingStop.objects.filter(lifted_at__isnull=True).order_by("pulled_at").first()


def pull(*, kind: SendingStop.Kind, reason: str, now: datetime) -> bool:
    """Stop all sending until a person lifts it. Returns: False when this brake was on already."""
    if SendingStop.objects.filter(kind=kind, lifted_at__isnull=True).exists():
        return False
    stop = SendingStop(kind=kind, reason=reason[:300], pulled_at=now)
    SendingStop.objects.bulk_create([stop], ignore_conflicts=True)  # of two workers one pulls
    log.error("The emergency brake is on, no digest is sent: %s Lift it in the admin, under sending stops.", reason)
    return True


def lift(*, stop_ids: Collection[int] | None, by: str, now: datetime) -> int:
    """Lift these pulls of the brake, or all that stand; `by` answers for it. Returns: how many were lifted."""
    stops = SendingStop.objects.filter(lifted_at__isnull=True)
    chosen = stops if stop_ids is None else stops.filter(pk__in=stop_ids)
    lifted = chosen.update(lifted_at=now, lifted_by=by[:150])
    if lifted:
        log.warning("The emergency brake was lifted by %s", by)
    return lifted


def ceiling(*, day: date) -> int:
    """Decide the most mails of a UTC day; each time that a person lifted this brake on it, as many more."""
    limits = [settings.EMAIL_BRAKE_TOTAL] if settings.EMAIL_BRAKE_TOTAL else []
    if settings.EMAIL_BRAKE_PER_READER:
        readers = Subscriber.objects.filter(status=Subscriber.Status.ACTIVE).count()
        limits.append(max(settings.EMAIL_BRAKE_PER_READER * readers, SMALLEST_CEILING))
    lifted = SendingStop.objects.filter(kind=Kind.TOTAL, lifted_at__date=day).count()
    return min(limits, default=NO_CEILING) * (1 + lifted)


def pull_for_total(*, most: int, now: datetime) -> None:
    """Stop because a day's mails have reached their ceiling."""
    reason = f"{most:,} mails were handed over in one day, and there are not so many readers."
    pull(kind=Kind.TOTAL, reason=reason, now=now)


def watch(*, now: datetime) -> None:
    """Look at what came back in the last day, and pull the brake when it is too large a share of what left."""
    for kind, (kinds, setting, words) in RATES.items():
        share = getattr(settings, setting)
        if share and (n_events := _count(kind, kinds, now)) >= FEWEST_EVENTS:
            _judge(kind, n_events, share, words, now)


def _count(kind: SendingStop.Kind, kinds: Collection[str], now: datetime) -> int:
    """Count the mails of which such an event came lately, each once, since this brake was last lifted.

    With those that came back go those that were refused at the hand-over, for which no event may ever come.
    """
    lifted_at = SendingStop.objects.filter(kind=kind).aggregate(last=Max("lifted_at"))["last"]
    since = max(now - WINDOW, lifted_at) if lifted_at else now - WINDOW
    events = DeliveryEvent.objects.filter(kind__in=kinds, received_at__gt=since, delivery__isnull=False)
    told = events.values_list("delivery")
    return (told.union(_refused(since)) if kind == Kind.BOUNCES else told.distinct()).count()


def _refused(since: datetime) -> QuerySet[Any, Any]:
    """Find mails that were handed over lately and are FAILED: a refusal in the SMTP dialogue, or by a provider."""
    failed = Delivery.objects.filter(status=Delivery.Status.FAILED, claimed_at__gt=since)
    return failed.filter(created_at__gt=since - OLDEST_ON_ITS_WAY).values_list("pk")


def _judge(kind: SendingStop.Kind, n_events: int, share: float, words: str, now: datetime) -> None:
    """Pull the brake if so many events are more than a share of the mails; no more rows are counted than it takes."""
    enough = max(int(n_events / share), settings.EMAIL_BRAKE_FEWEST_MAILS)
    recent = Delivery.objects.filter(status__in=COUNTED, created_at__gt=now - WINDOW - LATE_EVENTS)
    n_mails = recent.filter(claimed_at__gt=now - WINDOW).values("pk")[: enough + 1].count()
    if n_mails >= settings.EMAIL_BRAKE_FEWEST_MAILS and n_events > share * n_mails:
        reason = f"{n_events:,} of {n_mails:,} mails of the last day {words}: more than {share:.2%}."
        pull(kind=kind, reason=reason, now=now)
