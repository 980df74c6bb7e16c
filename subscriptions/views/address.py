"""Changing the address: asked for in the panel, confirmed at the new address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from subscriptions import services
from subscriptions.errors import AddressTaken, SubscriptionError
from subscriptions.forms import AddressForm
from subscriptions.selectors import pending_address
from subscriptions.views.links import ReaderLink, behind_link, link_path
from subscriptions.views.refusals import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def change_address(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Ask for the new address; nothing changes until its owner confirms."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.request_address_change(
                subscriber=link.subscriber, new_email=form.cleaned_data["email"], now=timezone.now()
            )
            messages.success(request, _("A mail is on its way to the new address. Its link makes the change."))
            return redirect("manage", link.token)
        except SubscriptionError as error:
            status = refuse(form=form, error=error)
    page = {"token": link.token, "form": form, "email": link.subscriber.email}
    return render(request, "subscriptions/change_address.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="change")
def change_confirm(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show a button to the owner of the new address; its POST makes the change."""
    new_email = pending_address(subscriber=link.subscriber, reference=link.extra)
    page = {"token": link.token, "new_email": new_email, "problem": ""}
    if request.method != "POST":
        return render(request, "subscriptions/change_confirm.html", page)
    try:
        services.change_address(subscriber=link.subscriber, new_email=new_email, now=timezone.now())
    except AddressTaken as error:
        return render(request, "subscriptions/change_confirm.html", page | {"problem": str(error)}, status=400)
    link.subscriber.refresh_from_db()
    said = _("Your address is changed. From now on the mail comes to %(email)s.")
    messages.success(request, said % {"email": new_email})
    return redirect(link_path("manage", purpose="manage", subscriber=link.subscriber))
