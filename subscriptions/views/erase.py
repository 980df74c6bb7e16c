"""Deleting everything that is held about a reader."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from subscriptions import services
from subscriptions.views.links import ReaderLink, behind_link


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def erase(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Say what deleting means, with a button; its POST deletes."""
    if request.method != "POST":
        return render(request, "subscriptions/erase.html", {"token": link.token, "email": link.subscriber.email})
    services.erase(subscriber=link.subscriber, now=timezone.now())
    return render(request, "subscriptions/erased.html")
