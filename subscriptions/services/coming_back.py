"""Coming back from the good-bye page: once more a reader at a press, with less mail than before.

The link that unsubscribes never dies and may lie in a forwarded mail, so it brings nobody back for long: only within
OFFERED_FOR after its reader left, only one whose address had been confirmed, and never an address that is suppressed.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext

from subscriptions import schedule
from subscriptions.errors import LinkInvalid
from subscriptions.models import Cadence, ConsentEvent, Subscriber
from subscriptions.selectors import is_suppressed
from subscriptions.services.reader import locked, next_digest_at, record

OFFERED_FOR = timedelta(days=7)
SILENCE = timedelta(days=30)


class Way(StrEnum):
    """What may be less than before: a mail a week, nothing for SILENCE, or half as many papers."""

    WEEKLY = "weekly"
    PAUSE = "pause"
    FEWER = "fewer"


def ways_back(*, subscriber: Subscriber, now: datetime) -> tuple[Way, ...]:
    """Tell which ways back are open to a reader who has left; none to one who has not, or who may not."""
    left = subscriber.unsubscribed_at
    has_left = subscriber.status == Subscriber.Status.UNSUBSCRIBED and subscriber.confirmed_at is not None
    if not has_left or left is None or now - left > OFFERED_FOR or is_suppressed(address_key=subscriber.address_key):
        return ()
    possible = {Way.WEEKLY: subscriber.cadence != Cadence.WEEKLY, Way.PAUSE: True, Way.FEWER: subscriber.max_papers > 1}
    return tuple(way for way, is_possible in possible.items() if is_possible)


def come_back(*, subscriber: Subscriber, way: Way, wording: str, now: datetime) -> None:
    """Make a reader active again who has just left. Once more, or by another way from a second tab, changes nothing.

    `wording` is what stood on the button, kept as the proof of consent.
    Raises: LinkInvalid when this way is closed; ReaderGone.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        if reader.status == Subscriber.Status.ACTIVE:
            return
        if way not in ways_back(subscriber=reader, now=now):
            raise LinkInvalid(gettext("It has been a while since you left; to come back, please sign up again."))
        _lessen(reader, way, now)
        reader.status, reader.unsubscribed_at, reader.asked_for = Subscriber.Status.ACTIVE, None, None
        reader.next_digest_at = next_digest_at(subscriber=reader, now=now)
        reader.save()
        record(subscriber=reader, kind=ConsentEvent.Kind.RETURNED, now=now, wording=wording)


def end_of_silence(*, subscriber: Subscriber, now: datetime) -> date:
    """Find the reader's own day on which a pause that begins now would end."""
    return schedule.local_day(at=now, timezone=subscriber.timezone) + SILENCE


def fewer_papers(*, subscriber: Subscriber) -> int:
    """Give how many papers a mail holds at most when it shall hold fewer."""
    return max(1, subscriber.max_papers // 2)


def _lessen(reader: Subscriber, way: Way, now: datetime) -> None:
    if way == Way.WEEKLY:
        reader.cadence = Cadence.WEEKLY
    elif way == Way.PAUSE:
        reader.paused_until = end_of_silence(subscriber=reader, now=now)
    else:
        reader.max_papers = fewer_papers(subscriber=reader)
