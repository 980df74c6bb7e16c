"""Leaving: by the mail program's own button (RFC 8058), or by the page behind the same link."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from subscriptions import services
from subscriptions.models import Subscriber
from subscriptions.views.links import ReaderLink, behind_link

UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
"""Broken, too large, or cut off: the link alone says who wants to leave."""


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="unsubscribe")
def unsubscribe(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show a button; a POST unsubscribes, once or twice. RFC 8058 wants a plain 200 and no redirect."""
    if request.method != "POST":
        has_left = link.subscriber.status == Subscriber.Status.UNSUBSCRIBED
        page = {"token": link.token, "email": link.subscriber.email, "has_left": has_left}
        return render(request, "subscriptions/unsubscribe.html", page)
    services.unsubscribe(subscriber=link.subscriber, now=timezone.now())
    if _is_one_click(request):
        return HttpResponse(_("You are unsubscribed.") + "\n", content_type="text/plain; charset=utf-8")
    return render(request, "subscriptions/goodbye.html")


def _is_one_click(request: HttpRequest) -> bool:
    """Tell a mail program's POST from the page's own; a body that cannot be read is not from our page."""
    try:
        return request.POST.get("List-Unsubscribe") == "One-Click"
    except UNREADABLE:
        return True
