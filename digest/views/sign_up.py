"""Signing up, with a look at what the interests would have brought; a search, a paper or an author may begin them."""

import json

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from digest.pipeline.open_preview import open_preview
from digest.pipeline.preview import Preview
from digest.views.prefill import prefill
from digest.views.preview import NAMELESS, shown_days
from digest.views.public import FRESH, public_page
from subscriptions import limits
from subscriptions.errors import SubscriptionError
from subscriptions.forms import DeliveryForm, SignUpForm, WishForm
from subscriptions.views.network import network_of
from subscriptions.views.origin import needs_no_cookie
from subscriptions.views.refusals import refuse
from subscriptions.views.sign_up import consent_wording, enter

UNFOLD = "make_it_mine"
HTMX = json.dumps(
    {
        "includeIndicatorStyles": False,  # they would be an inline style
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,  # what was typed stays in no storage of the browser
        "responseHandling": [{"code": "204", "swap": False}, {"code": "[2-5]..", "swap": True}],
    }
)
"""What htmx may not do, so that the page's Content-Security-Policy has no hole for it."""


@needs_no_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Show the whole form, empty or begun by a search, a paper or an author; take it."""
    if request.method != "POST":
        return _begin(request)
    if UNFOLD in request.POST:
        return _page(request, form=SignUpForm(initial={"email": request.POST.get("email", "")}))
    form = SignUpForm(request.POST)
    status = enter(request=request, form=form)
    return redirect("check_mail") if status is None else _page(request, form=form, status=status, look=True)


@public_page
def _begin(request: HttpRequest) -> HttpResponse:
    """Show the form. Empty, and to somebody without a cookie, it is the same for all: it is written once a minute."""
    initial = prefill(asked=request.GET)
    if initial or request.COOKIES:
        return _page(request, form=SignUpForm(initial=initial), look=bool(initial))
    key = f"sign-up:{get_language()}"
    written: bytes | None = cache.get(key)
    if written is None:
        written = _page(request, form=SignUpForm()).content
        cache.set(key, written, timeout=FRESH.total_seconds())
    return HttpResponse(written)


@needs_no_cookie
@require_POST
def sign_up_preview(request: HttpRequest) -> HttpResponse:
    """Show what these interests would have brought: as a part of the page to htmx, as the whole page otherwise."""
    form = WishForm(request.POST)
    found, status = _look(request, form) if form.is_valid() else (None, 400)
    if "HX-Request" not in request.headers:
        return _page(request, form=form, found=found, status=status)
    page = {"form": form, "preview": found, "days": list(shown_days(found=found)) if found else [], "is_part": True}
    # A word that is half typed is no fault of anybody's: what is missing stands in the answer.
    return render(request, "digest/_wish_preview.html", page, status=status if status != 400 else 200)


def _look(request: HttpRequest, form: WishForm) -> tuple[Preview | None, int]:
    now = timezone.now()
    try:
        limits.take_open_preview(network=network_of(request), now=now)
        wanted = form.profile(name=NAMELESS)
        if not form.asks_for_something():
            return None, 200
        return open_preview(wanted=wanted, now=now), 200
    except SubscriptionError as error:
        return None, refuse(form=form, error=error)


def _page(
    request: HttpRequest,
    *,
    form: SignUpForm,
    found: Preview | None = None,
    status: int = 200,
    look: bool = False,
) -> HttpResponse:
    """Show the form beside its preview; `look` says that a script should ask for the preview at once."""
    page = {
        "form": form,
        "consent": consent_wording(),
        "preview": found,
        "days": list(shown_days(found=found)) if found else [],
        "look": look,
        "htmx_config": HTMX,
        "when_open": form.is_bound and any(name in form.errors for name in DeliveryForm.base_fields),
    }
    return render(request, "digest/sign_up.html", page, status=status)
