"""What every answer of the API has in common: it can only be read, by anybody and any site, so often a minute."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.gzip import gzip_page

from digest.api.problems import problem
from subscriptions import limits
from subscriptions.views.network import network_of

View = Callable[..., HttpResponse]

METHODS = "GET, HEAD, OPTIONS"
MINUTE = timedelta(minutes=1)
FRESH_FOR = "public, max-age=60"
FOR_EVERY_SITE = {
    "Access-Control-Allow-Origin": "*",  # what is public may be read by any page; cookies are neither set nor read
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def public(view: View) -> View:
    """Let anybody read what a view answers, and a cache keep it; anything but reading is refused."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = _read(view, request, *args, **kwargs)
        for name, value in FOR_EVERY_SITE.items():
            response[name] = value
        return response

    return gzip_page(answer)  # nothing in it is a secret


def limited(view: View) -> View:
    """Let one network ask so often a minute, counted over all web processes.

    Counting is the one thing that is written: a number under a keyed hash, forgotten after a day.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        key, limit, now = f"api:{network_of(request)}", settings.API_PER_MINUTE, timezone.now()
        if not limit or limits.take(key=key, limit=limit, window=MINUTE, now=now):
            return view(request, *args, **kwargs)
        wait = limits.opens_in(key=key, window=MINUTE, now=now)
        sentence = f"{limit} questions a minute are answered; please ask again in {wait} seconds."
        refusal = problem(status=429, detail=sentence)
        refusal["Retry-After"] = str(wait)
        return refusal

    return answer


@public
def no_null_character(request: HttpRequest) -> HttpResponse:
    """Refuse a question with a null character in it: PostgreSQL takes no such text."""
    return problem(status=422, detail="No parameter may hold a null character.")


def _read(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method not in {"GET", "HEAD"}:
        refusal = problem(status=405, detail="This can only be read: ask with GET.")
        refusal["Allow"] = METHODS
        return refusal
    response = view(request, *args, **kwargs)
    if response.status_code != 200:
        return response
    set_response_etag(response)
    response.setdefault("Cache-Control", FRESH_FOR)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
