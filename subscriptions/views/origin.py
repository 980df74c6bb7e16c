"""Forms that anybody may send, signed in or not: guarded by where they come from, so that their pages set no cookie."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_callable
from django.views.decorators.csrf import csrf_exempt

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({"same-origin", "none"})
"""What Sec-Fetch-Site says of our own pages, and of an address that somebody typed."""

View = Callable[..., HttpResponse]


def needs_no_cookie(view: View) -> View:
    """Take a form without a token, but from no page of another site.

    Only for views that give a request nothing for the cookies that come with it: there is no right to borrow. What is
    kept out is another site's page that makes its visitors' browsers fill in our form. Every browser names the page's
    origin when it posts; a program that names none could name any.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in SAFE and not is_from_here(request=request):
            refuse: View = get_callable(settings.CSRF_FAILURE_VIEW)
            return refuse(request, reason="another site")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def is_from_here(*, request: HttpRequest) -> bool:
    """Tell whether no header says that another site's page sent this."""
    origin = request.headers.get("Origin", "")
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Sec-Fetch-Site", "none") in OWN and (not origin or origin in own)
