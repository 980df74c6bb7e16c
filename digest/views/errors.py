"""What a person sees when a page cannot be had: plain words, the right status, nothing about the inside."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what could not be read: too large, too many fields, an address of a site that we are not."""
    return _plain(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer staff who ask for what their account has no rights to."""
    return _plain(request, "403.html", status=403)


def no_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our own page, or whose cookie is gone."""
    return _plain(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return _plain(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say sorry. Nothing is asked of the database or the session here: they may be what is broken."""
    return HttpResponse(render_to_string("500.html", {"site_name": settings.SITE_NAME}), status=500)


def _plain(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    answer = render(request, template, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
