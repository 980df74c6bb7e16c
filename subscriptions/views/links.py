"""Pages behind a signed link: who it belongs to, and what happens when it does not open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from subscriptions import tokens
from subscriptions.errors import LinkExpired, LinkInvalid, ReaderGone, SubscriptionError
from subscriptions.forms import AddressForm
from subscriptions.models import Subscriber

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLink:
    """A link that opened: whose it is, the token itself for the page's own links, and what else it holds."""

    subscriber: Subscriber
    token: str
    extra: str


LinkView = Callable[Concatenate[HttpRequest, ReaderLink, P], HttpResponse]
TokenView = Callable[..., HttpResponse]  # Django gives the token and the rest by keyword, from the address


def behind_link(*, purpose: str) -> Callable[[LinkView[P]], TokenView]:
    """Open the token in the address before the view runs. This decorator will keep the page out of every cache.

    A link that does not open gets a 404 that says why and names nobody; one that is only too old is offered anew.
    No cookie is asked for: the link is all the authority there is, and a site that does not know it can forge nothing.
    """

    def decorate(view: LinkView[P]) -> TokenView:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                content = tokens.read_token(purpose=purpose, token=token)
                link = ReaderLink(subscriber=content.subscriber, token=token, extra=content.extra)
                return private(view(request, link, *args, **kwargs))
            except LinkExpired as error:
                return private(_does_not_open(request, error, offer=AddressForm()))
            except (LinkInvalid, ReaderGone) as error:
                return private(_does_not_open(request, error, offer=None))

        return wrapped

    return decorate


def _does_not_open(request: HttpRequest, error: SubscriptionError, *, offer: AddressForm | None) -> HttpResponse:
    return render(request, "subscriptions/link_dead.html", {"why": str(error), "form": offer}, status=404)


def private(response: HttpResponse) -> HttpResponse:
    """Keep a reader's page out of caches and search engines."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def link_path(name: str, *, purpose: str, subscriber: Subscriber) -> str:
    """Give the path of a page behind a fresh link."""
    return reverse(name, args=[tokens.make_token(purpose=purpose, subscriber=subscriber)])
