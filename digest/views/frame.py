"""What every page has in common, whichever view answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from digest.api.frame import no_null_character
from digest.views.errors import not_found

Answer = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def ask_for_nothing(get_response: Answer) -> Answer:
    """Forbid every page, and whatever it may show, what none of our pages asks a browser for."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return answer

    return respond


def look_up_no_null_character(get_response: Answer) -> Answer:
    """Answer an address with a null character in it as one that leads nowhere: PostgreSQL takes no such text."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return no_null_character(request) if request.path.startswith("/api/") else not_found(request)
        return get_response(request)

    return respond
