"""The days behind a reader: each digest with its papers, the reason of an empty one, and the days without."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from digest.mail.present import MAX_TITLE_CHARS, day_in_words, readable
from digest.models import Delivery, Digest
from digest.pipeline.past import DIGESTS_SHOWN, Gap, Why, read_past
from subscriptions.models import Subscriber
from subscriptions.tokens import make_token
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.words import local

WHY_NONE = {
    Why.NOT_CONFIRMED: gettext_lazy("You had not confirmed your address yet."),
    Why.BEGAN: gettext_lazy("You confirmed on this day, after the hour of your mail."),
    Why.LEFT: gettext_lazy("You were not subscribed."),
    Why.PAUSED: gettext_lazy("You have paused the mail."),
    Why.NOT_CHOSEN: gettext_lazy("Not among the days that you have chosen."),
    Why.CHOSEN: gettext_lazy("No digest was planned: you had paused or chosen other days, or the service stood still."),
}
NOT_ARRIVED = {
    Delivery.Status.FAILED: gettext_lazy("The mail did not arrive; the page has all of it."),
    Delivery.Status.SUPPRESSED: gettext_lazy("No mail was sent, since mails to your address were stopped."),
    Delivery.Status.EXPIRED: gettext_lazy("The mail could not be sent in time; the page has all of it."),
    Delivery.Status.UNKNOWN: gettext_lazy("It is not known whether the mail arrived; the page has all of it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """One day, or several without a digest: what came, or why nothing did. `path` is empty where there is no page."""

    at: date
    day: str
    titles: tuple[str, ...] = ()
    words: str = ""
    path: str = ""


@require_safe
@behind_link(purpose="manage")
def history(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """List the last digests and the days between them, the newest first; `before` names the day to read on from."""
    reader = link.subscriber
    today = local(at=timezone.now(), timezone=reader.timezone).date()
    past = read_past(reader=reader, today=today, before=_before(request))
    days = [*(_digest(row, reader) for row in past.digests), *map(_gap, past.gaps)]
    page = {
        "token": link.token,
        "days": sorted(days, key=lambda day: day.at, reverse=True),
        "has_digests": bool(past.digests),
        "earlier": past.earlier and past.earlier.isoformat(),
        "most": DIGESTS_SHOWN,
    }
    return render(request, "digest/history.html", page)


def _before(request: HttpRequest) -> date | None:
    typed = request.GET.get("before", "")
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date() if typed else None  # noqa: DTZ007 # a day has no zone
    except ValueError as error:
        raise Http404("This is no day.") from error


def _digest(row: Digest, reader: Subscriber) -> PastDay:
    delivery = getattr(row, "delivery", None)
    missed = NOT_ARRIVED.get(Delivery.Status(delivery.status)) if delivery else None
    return PastDay(
        at=row.digest_date,
        day=day_in_words(day=row.digest_date),
        titles=tuple(readable(text=item.paper.title, limit=MAX_TITLE_CHARS) for item in row.items.all()),
        words=row.empty_reason or str(missed or ""),
        path=reverse("digest", args=[make_token(purpose="view", subscriber=reader, extra=str(row.pk))]),
    )


def _gap(gap: Gap) -> PastDay:
    first, last = day_in_words(day=gap.first), day_in_words(day=gap.last)
    day = last if gap.first == gap.last else _("%(first)s, to %(last)s") % {"first": first, "last": last}
    return PastDay(at=gap.last, day=day, words=str(WHY_NONE[gap.why]))
