"""Pages that are the same for everybody: compressed, asked for only when they have changed, kept by caches a minute."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

FRESH = timedelta(minutes=1)

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Let browsers and caches keep a page for a minute, and ask by its ETag after that.

    Only for pages without a secret in them, such as a form's token: what is compressed together with what a stranger
    may choose can be guessed by its length (BREACH). A request with a cookie may get a message or a language of its
    own, so its answer is nobody else's.
    """

    @wraps(view)
    def fresh(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        patch_vary_headers(answer, ["Cookie", "Accept-Language"])
        if request.COOKIES or answer.status_code != 200:
            patch_cache_control(answer, private=True, no_cache=True)
        else:
            patch_cache_control(answer, public=True, max_age=int(FRESH.total_seconds()))
        return answer

    return gzip_page(conditional_page(fresh))
