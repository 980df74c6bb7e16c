"""When a reader is mailed: cadence, hour, zone, and silence for a while."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from subscriptions import schedule
from subscriptions.errors import SubscriptionError
from subscriptions.models import MOST_PAPERS, Cadence, Subscriber
from subscriptions.services.reader import locked, next_digest_at
from subscriptions.types import Preferences

LONGEST_PAUSE = timedelta(days=366)
TIMETABLE = ("timezone", "hour", "cadence", "weekdays")
FIELDS = (*TIMETABLE, "max_papers", "trending", "tell_when_empty")


def update_preferences(*, subscriber: Subscriber, preferences: Preferences, now: datetime) -> None:
    """Replace a reader's preferences, and move their next digest when the timetable changed.

    Raises: SubscriptionError with the field's name.
    """
    check_preferences(preferences=preferences)
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        apply_preferences(reader=reader, preferences=preferences, now=now)
        reader.save(update_fields=[*FIELDS, "next_digest_at"])


def pause(*, subscriber: Subscriber, until: date | None, now: datetime) -> None:
    """Send nothing before a local day; None ends the silence.

    Raises: SubscriptionError when the day is not ahead, or more than LONGEST_PAUSE ahead.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        if until is not None:
            _check_pause(until=until, today=schedule.local_day(at=now, timezone=reader.timezone))
        if reader.paused_until == until:
            return
        reader.paused_until = until
        reader.next_digest_at = next_digest_at(subscriber=reader, now=now)
        reader.save(update_fields=["paused_until", "next_digest_at"])


def apply_preferences(*, reader: Subscriber, preferences: Preferences, now: datetime) -> None:
    """Put checked preferences on a row without saving it.

    A digest that is due already stays due: changing a preference at the wrong minute costs nobody a mail.
    """
    before = [getattr(reader, name) for name in TIMETABLE]
    for name in FIELDS:
        setattr(reader, name, getattr(preferences, name))
    reader.weekdays = sorted(set(preferences.weekdays))
    is_due = reader.next_digest_at is not None and reader.next_digest_at <= now
    if before != [getattr(reader, name) for name in TIMETABLE] and not is_due:
        reader.next_digest_at = next_digest_at(subscriber=reader, now=now)


def check_preferences(*, preferences: Preferences) -> None:
    """Refuse what cannot be.

    Raises: SubscriptionError with the field's name and one plain sentence.
    """
    if not schedule.is_zone(preferences.timezone):
        raise SubscriptionError(gettext("This time zone is not known; an example is Europe/Berlin."), field="timezone")
    if not 0 <= preferences.hour <= 23:
        raise SubscriptionError(gettext("The hour is a whole number from 0 to 23."), field="hour")
    if preferences.cadence not in Cadence.values:
        raise SubscriptionError(f"The cadence is one of: {', '.join(Cadence.values)}.", field="cadence")
    if not set(preferences.weekdays) <= schedule.EVERY_DAY:
        raise SubscriptionError(gettext("Weekdays are numbers from 0 (Monday) to 6 (Sunday)."), field="weekdays")
    if preferences.cadence == Cadence.CHOSEN and not preferences.weekdays:
        raise SubscriptionError(gettext("Please choose at least one day of the week."), field="weekdays")
    if not 1 <= preferences.max_papers <= MOST_PAPERS:
        raise SubscriptionError(
            gettext("A mail holds from 1 to %(most)d papers.") % {"most": MOST_PAPERS}, field="max_papers"
        )


def _check_pause(*, until: date, today: date) -> None:
    if until <= today:
        raise SubscriptionError(gettext("Please choose a day after today."), field="until")
    if until - today > LONGEST_PAUSE:
        raise SubscriptionError(
            gettext("A pause lasts a year at most; unsubscribing ends the mails for good."), field="until"
        )
