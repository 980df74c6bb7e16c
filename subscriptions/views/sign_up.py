"""Asking for the mail: what becomes of the form, and the page that says to look into the mailbox."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.forms import CONSENT_WORDING, AddressForm, SignUpForm
from subscriptions.views.network import network_of
from subscriptions.views.origin import needs_no_cookie
from subscriptions.views.refusals import refuse


def consent_wording() -> str:
    """Give the words that stand under the sign-up button, and are kept as what the person agreed to."""
    return str(CONSENT_WORDING) % {"site": settings.SITE_NAME}


def enter(*, request: HttpRequest, form: SignUpForm) -> int | None:
    """Take a sign-up. Whoever fills in the hidden field gets the same answer, and nothing happens.

    Returns: the HTTP status of the refusal, which then stands in the form; None when it was taken.
    """
    if form.is_trap_sprung():
        return None
    if not form.is_valid():
        return 400
    try:
        services.sign_up(
            form=form.sign_up(), network=network_of(request), wording=consent_wording(), now=timezone.now()
        )
    except SubscriptionError as error:
        return refuse(form=form, error=error)
    return None


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way; the page is the same for everybody."""
    return render(request, "subscriptions/check_mail.html")


@needs_no_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Mail a fresh link to the preferences; the answer is the same for an address that nobody knows."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.request_manage_link(
                email=form.cleaned_data["email"], network=network_of(request), now=timezone.now()
            )
            return redirect("check_mail")
        except SubscriptionError as error:
            status = refuse(form=form, error=error)
    return render(request, "subscriptions/new_link.html", {"form": form}, status=status)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is held, why, and for how long."""
    return render(request, "subscriptions/privacy.html")
