"""What every service needs of one reader: the locked row, the proof of consent, a mail to come, the next date."""

from datetime import datetime, timedelta

from subscriptions import schedule
from subscriptions.doorbell import ring
from subscriptions.errors import ReaderGone
from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber

SEND_OUTGOING_MAIL = "subscriptions.tasks.send_outgoing_mail"  # by its name, as the tasks import the services


def locked(*, subscriber: Subscriber) -> Subscriber:
    """Read the row anew and hold it until the transaction ends.

    Raises: ReaderGone when it has been deleted meanwhile.
    """
    reader = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
    if reader is None:
        raise ReaderGone
    return reader


def record(
    *, subscriber: Subscriber, kind: ConsentEvent.Kind, now: datetime, wording: str = "", network: str = ""
) -> ConsentEvent:
    """Write one line of the proof of consent."""
    return ConsentEvent.objects.create(
        subscriber=subscriber,
        address_key=subscriber.address_key,
        kind=kind,
        wording=wording[:500],
        network_key=network,
        at=now,
    )


def queue_mail(*, subscriber: Subscriber, kind: OutgoingMail.Kind, now: datetime, to: str = "") -> None:
    """Write down a mail about the subscription, and ring for its sending. One that still waits is not doubled."""
    waiting = OutgoingMail.objects.filter(subscriber=subscriber, kind=kind, to=to, status=OutgoingMail.Status.QUEUED)
    if not waiting.exists():
        OutgoingMail.objects.create(subscriber=subscriber, kind=kind, to=to, not_before=now, created_at=now)
        ring(SEND_OUTGOING_MAIL)


def next_digest_at(*, subscriber: Subscriber, now: datetime) -> datetime | None:
    """Find when the reader's next digest is due: None when they get none, not before a pause has ended."""
    if subscriber.status != Subscriber.Status.ACTIVE:
        return None
    after = now
    if subscriber.paused_until is not None:
        back = schedule.day_begins(day=subscriber.paused_until, timezone=subscriber.timezone)
        after = max(now, back - timedelta(microseconds=1))
    days = schedule.delivery_days(cadence=subscriber.cadence, weekdays=subscriber.weekdays)
    return schedule.next_slot(after=after, timezone=subscriber.timezone, hour=subscriber.hour, days=days)
