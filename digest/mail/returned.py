"""Mails that came back, from a pipe or a mailbox -> the same events that webhooks make of their requests."""

import hashlib
from collections import Counter
from datetime import datetime

from anymail.signals import EventType
from django.conf import settings

from digest.mail.bounces import Weight
from digest.mail.outcome import Outcome, without_addresses
from digest.mail.record import Says, Told, keep
from digest.mail.reports import Kind, Report, read
from digest.models import Delivery
from subscriptions.emails import sender_domain

PROVIDER = "mail"
BOUNCES = {
    Weight.HARD: (EventType.BOUNCED, Says.HARD),
    Weight.SOFT: (EventType.BOUNCED, Says.SOFT),
    Weight.DELAYED: (EventType.DEFERRED, Says.NOTHING),
    Weight.ARRIVED: (EventType.DELIVERED, Says.ARRIVED),
}
OTHERS = {
    Kind.COMPLAINT: (EventType.COMPLAINED, Says.COMPLAINT),
    Kind.LEAVE: (EventType.UNSUBSCRIBED, Says.LEAVE),
    Kind.NO_COMPLAINT: (EventType.UNKNOWN, Says.NOTHING),
}


def take(*, raw: bytes, now: datetime) -> Counter[str]:
    """Keep what a mail reports, each of it once however often the mail comes, and act on it.

    Returns: how many events there were of each kind, repetitions under "repeated"; empty when it is no report.
    """
    counts: Counter[str] = Counter()
    for report in read(raw=raw, domain=sender_domain()):
        told = _told(report)
        counts["repeated" if keep(told=told, now=now) is None else _name(report)] += 1
    return counts


def note_refusal(*, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Keep what the receiving server said of the address while we were listening: a bounce like one by mail."""
    if outcome.weight is None:
        return
    kind, says = BOUNCES[outcome.weight]
    told = Told(
        key=f"refused:{delivery.pk}",
        provider=delivery.provider or settings.EMAIL_PROVIDER,
        kind=str(kind),
        says=says,
        detail=outcome.reason,
        recipient="",
        delivery_ids=(delivery.pk,),
    )
    keep(told=told, now=now)


def _told(report: Report) -> Told:
    kind, says = OTHERS[report.kind] if report.weight is None else BOUNCES[report.weight]
    return Told(
        key=_key(report),
        provider=PROVIDER,
        kind=str(kind),
        says=says,
        detail=_detail(report),
        recipient=report.recipient,
        at=report.at,
        delivery_ids=report.our_ids,
        by_address=report.kind is not Kind.LEAVE,
    )


def _key(report: Report) -> str:
    """Name the event by its report and the recipient in it, of whom the key must not tell."""
    told = f"{report.report_id}:{report.recipient.lower()}"
    return f"{PROVIDER}:{hashlib.sha256(told.encode(errors='replace')).hexdigest()}"


def _detail(report: Report) -> str:
    words = (_name(report), report.status, report.words)
    return without_addresses(text=" · ".join(word for word in words if word))


def _name(report: Report) -> str:
    return report.kind.value if report.weight is None else report.weight.value
