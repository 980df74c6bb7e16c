"""Leaving: by the mail program's own button (RFC 8058), or by the page behind the same link; and thinking again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from subscriptions import services
from subscriptions.errors import LinkInvalid
from subscriptions.models import Cadence, Subscriber
from subscriptions.schedule import delivery_days
from subscriptions.services.coming_back import Way, end_of_silence, fewer_papers, ways_back
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.words import day_name, next_mail

UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
"""Broken, too large, or cut off: the link alone says who wants to leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A way back, as its button and the sentence beside it say it."""

    way: Way
    button: str
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="unsubscribe")
def unsubscribe(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show a button; a POST unsubscribes, once or twice. RFC 8058 wants a plain 200 and no redirect."""
    if request.method != "POST":
        if link.subscriber.status == Subscriber.Status.UNSUBSCRIBED:
            return _goodbye(request, link)
        page = {"token": link.token, "email": link.subscriber.email}
        return render(request, "subscriptions/unsubscribe.html", page)
    services.unsubscribe(subscriber=link.subscriber, now=timezone.now())
    if _is_one_click(request):
        return HttpResponse(_("You are unsubscribed.") + "\n", content_type="text/plain; charset=utf-8")
    link.subscriber.refresh_from_db()
    return _goodbye(request, link)


@require_POST
@behind_link(purpose="unsubscribe")
def come_back(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Take somebody back who has just left, with less mail; pressed twice, or in two tabs, the first press counts."""
    now = timezone.now()
    chosen = [each for each in offers(subscriber=link.subscriber, now=now) if each.way == request.POST.get("way")]
    if chosen:
        wording = f"{chosen[0].button}: {chosen[0].words}"
        services.come_back(subscriber=link.subscriber, way=chosen[0].way, wording=wording, now=now)
        link.subscriber.refresh_from_db()
    if link.subscriber.status != Subscriber.Status.ACTIVE:
        raise LinkInvalid(_("This way back is closed by now. The front page takes you in again at any time."))
    page = {"token": link.token, "next": next_mail(subscriber=link.subscriber)}
    return render(request, "subscriptions/welcome_back.html", page)


def offers(*, subscriber: Subscriber, now: datetime) -> Iterator[Offer]:
    """Put the ways back that are open to a reader into words."""
    (weekday,) = delivery_days(cadence=Cadence.WEEKLY, weekdays=subscriber.weekdays)
    most = fewer_papers(subscriber=subscriber)
    words = {
        Way.WEEKLY: (_("Once a week"), _("One mail, on %(day)s.") % {"day": WEEKDAYS[weekday]}),
        Way.PAUSE: (
            _("A month of silence"),
            _("Nothing before %(day)s.") % {"day": day_name(day=end_of_silence(subscriber=subscriber, now=now))},
        ),
        Way.FEWER: (
            _("Fewer papers"),
            ngettext("As often as before, with one paper.", "As often as before, with %(n)d papers at most.", most)
            % {"n": most},
        ),
    }
    for way in ways_back(subscriber=subscriber, now=now):
        button, sentence = words[way]
        yield Offer(way=way, button=button, words=sentence)


def _goodbye(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    page = {"token": link.token, "offers": list(offers(subscriber=link.subscriber, now=timezone.now()))}
    return render(request, "subscriptions/goodbye.html", page)


def _is_one_click(request: HttpRequest) -> bool:
    """Tell a mail program's POST from the page's own; a body that cannot be read is not from our page."""
    try:
        return request.POST.get("List-Unsubscribe") == "One-Click"
    except UNREADABLE:
        return True
