"""The days ahead of a reader: when the mail comes, what arXiv announces for it, and when nothing is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from digest.models import Digest
from digest.pipeline.coming import ComingDay, DayKind, coming_days
from digest.sources._calendar import knows_holidays_of
from subscriptions.fields import zone_label
from subscriptions.models import Subscriber
from subscriptions.schedule import MONDAY
from subscriptions.selectors import standing_suppression
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.words import day_name, local, standing

HOLIDAYS = {
    "New Year's Day": gettext_lazy("New Year's Day"),
    "Martin Luther King Day": gettext_lazy("Martin Luther King Day"),
    "Juneteenth": gettext_lazy("Juneteenth"),
    "Independence Day": gettext_lazy("Independence Day"),
    "Labor Day": gettext_lazy("Labor Day"),
    "Thanksgiving": gettext_lazy("Thanksgiving"),
    "Christmas": gettext_lazy("Christmas"),
    "the winter break": gettext_lazy("the winter break"),
    "New Year's Eve": gettext_lazy("New Year's Eve"),
}
"""The names of arXiv's holidays as digest/sources/_calendar.py has them, marked for translation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """One day in words: when the mail comes, or that none does, and what to expect of it."""

    day: str
    mail: str
    words: str
    has_mail: bool
    begins_week: bool


@require_safe
@behind_link(purpose="manage")
def calendar(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show the coming weeks, if mail comes at all."""
    reader, now = link.subscriber, timezone.now()
    today = local(at=now, timezone=reader.timezone).date()
    stop = standing_suppression(address_key=reader.address_key)
    comes = reader.status == Subscriber.Status.ACTIVE and stop is None
    days = list(coming_days(reader=reader, now=now)) if comes else []
    had = Digest.objects.filter(subscriber=reader, digest_date=today).first()
    page: dict[str, Any] = {
        "token": link.token,
        "standing": standing(subscriber=reader, today=today, stop=stop),
        "clock": zone_label(zone=reader.timezone) or reader.timezone,
        "rows": [_row(day, reader, had, now) for day in days],
        "year_unknown": next((day.day.year for day in days if not knows_holidays_of(year=day.day.year)), None),
    }
    return render(request, "digest/calendar.html", page)


def _row(day: ComingDay, reader: Subscriber, had: Digest | None, now: datetime) -> CalendarRow:
    if day.at is None:
        mail, words = _no_mail(day, had)
    else:
        at = _("any minute now") if day.at <= now else f"{local(at=day.at, timezone=reader.timezone):%H:%M}"
        mail, words = (at, _announced(day)) if day.evenings else _nothing_announced(day, reader, at)
    return CalendarRow(
        day=day_name(day=day.day),
        mail=mail,
        words=words,
        has_mail=day.at is not None and bool(day.evenings or reader.trending),
        begins_week=day.day.weekday() == MONDAY,
    )


def _no_mail(day: ComingDay, had: Digest | None) -> tuple[str, str]:
    if day.kind == DayKind.PASSED and had is not None:
        return _("had already"), had.empty_reason
    if day.kind == DayKind.PASSED:
        return _("no mail"), _("The hour of your mail has passed.")
    return _("no mail"), _("You have paused.") if day.kind == DayKind.PAUSED else _("Not a day that you have chosen.")


def _announced(day: ComingDay) -> str:
    words = ngettext(
        "arXiv's papers of %(evening)s evening.", "arXiv's papers of %(n)d evenings.", len(day.evenings)
    ) % {"evening": WEEKDAYS[day.evenings[0].weekday()], "n": len(day.evenings)}
    if not day.holidays:
        return words
    return words + " " + _("Nothing is announced for %(holidays)s.") % {"holidays": _names(day)}


def _nothing_announced(day: ComingDay, reader: Subscriber, at: str) -> tuple[str, str]:
    quiet = _("arXiv announces nothing at the weekend.")
    if day.holidays:
        quiet = _("arXiv announces nothing for %(holidays)s.") % {"holidays": _names(day)}
    if reader.trending:
        return at, quiet + " " + _("Trending papers only, if there are any that you have not had.")
    if reader.tell_when_empty:
        return at, quiet + " " + _("You get a note that says so.")
    return _("no mail"), quiet


def _names(day: ComingDay) -> str:
    return ", ".join(str(HOLIDAYS.get(name, name)) for name in day.holidays)
