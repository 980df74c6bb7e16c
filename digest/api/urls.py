"""The addresses of the API. Every one of them can only be read."""

from django.urls import URLPattern, path

from digest.api.description import docs, openapi_json
from digest.api.frame import limited, public
from digest.api.operations import api
from digest.api.problems import no_such_address


def _framed(pattern: URLPattern) -> URLPattern:
    """Put the frame round an operation's view."""
    return URLPattern(pattern.pattern, public(limited(pattern.callback)), pattern.default_args, pattern.name)


urlpatterns: list[URLPattern] = [
    path("", docs, name="api"),
    path("openapi.json", public(openapi_json), name="openapi"),
    *(_framed(pattern) for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"),
    path("<path:rest>", public(no_such_address), name="api_nowhere"),
]
