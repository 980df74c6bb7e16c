"""What a reader's rows say, in words."""

import zoneinfo
from datetime import date, datetime

from django.utils.translation import gettext as _

from subscriptions.dates import day_of_year
from subscriptions.fields import zone_label
from subscriptions.models import Subscriber, Suppression
from subscriptions.schedule import is_zone


def local(*, at: datetime, timezone: str) -> datetime:
    """Give a moment on the reader's own clock; a zone that is no longer known counts as UTC."""
    return at.astimezone(zoneinfo.ZoneInfo(timezone if is_zone(timezone) else "UTC"))


def day_name(*, day: date) -> str:
    """Name a day: "Wednesday 25 November"."""
    return day_of_year(day=day)


def next_mail(*, subscriber: Subscriber) -> str:
    """Say when the next mail comes."""
    if subscriber.next_digest_at is None:
        return _("No mail is planned.")
    at = local(at=subscriber.next_digest_at, timezone=subscriber.timezone)
    place = zone_label(zone=subscriber.timezone)
    return _("The next mail comes on %(day)s at %(time)s (%(clock)s).") % {
        "day": day_name(day=at.date()),
        "time": f"{at:%H:%M}",
        "clock": _("%(place)s time") % {"place": place} if place else subscriber.timezone,
    }


def why_stopped(*, stop: Suppression) -> str:
    """Say why no mail comes to an address any more."""
    day = day_name(day=stop.created_at.date())
    if stop.reason == Suppression.Reason.COMPLAINT:
        return _("A mail to this address was marked as spam on %(day)s, so we stopped.") % {"day": day}
    if stop.reason == Suppression.Reason.STAFF:
        return _("We stopped the mail to this address on %(day)s. Please write to us.") % {"day": day}
    return _("Mails to this address came back, so we stopped on %(day)s.") % {"day": day}


def standing(*, subscriber: Subscriber, today: date, stop: Suppression | None) -> str:
    """Say in one or two sentences whether mail comes, and when."""
    if subscriber.status == Subscriber.Status.PENDING:
        return _("This address is not confirmed yet, so no mail comes. The link to confirm is in your mailbox.")
    if subscriber.status == Subscriber.Status.UNSUBSCRIBED:
        return _("You have unsubscribed: no mail comes. To come back, sign up again on the front page.")
    if stop is not None:
        return why_stopped(stop=stop)
    if subscriber.paused_until is not None and subscriber.is_paused(on=today):
        return (
            _("Paused until %(day)s.") % {"day": day_name(day=subscriber.paused_until)}
            + " "
            + next_mail(subscriber=subscriber)
        )
    return next_mail(subscriber=subscriber)
