"""The page behind the link of the confirmation mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from subscriptions import services
from subscriptions.models import Subscriber
from subscriptions.views.links import ReaderLink, behind_link, link_path
from subscriptions.views.words import next_mail


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="confirm")
def confirm(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show a button, since mail scanners open every link; the button's POST confirms and leads to the panel."""
    if request.method != "POST":
        page = {"token": link.token, "email": link.subscriber.email, "already": _is_active(link.subscriber)}
        return render(request, "subscriptions/confirm.html", page)
    services.confirm(subscriber=link.subscriber, now=timezone.now())
    link.subscriber.refresh_from_db()
    messages.success(
        request, _("Your subscription is confirmed. %(next)s") % {"next": next_mail(subscriber=link.subscriber)}
    )
    return redirect(link_path("manage", purpose="manage", subscriber=link.subscriber))


def _is_active(subscriber: Subscriber) -> bool:
    return subscriber.status == Subscriber.Status.ACTIVE
