"""The way back for a reader whose mail was stopped: asked for in the panel, confirmed from the mailbox."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.views.links import ReaderLink, behind_link, link_path


@require_POST
@behind_link(purpose="manage")
def ask_to_return(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Send a mail with the link that lets mail come again."""
    try:
        services.ask_to_return(subscriber=link.subscriber, now=timezone.now())
        messages.success(request, _("A mail is on its way. When you press its link, the papers come again."))
    except SubscriptionError as error:
        messages.error(request, str(error))
    return redirect("manage", link.token)


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="return")
def return_confirm(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show a button, since mail scanners open every link; its POST lets mail come again."""
    if request.method != "POST":
        page = {"token": link.token, "email": link.subscriber.email}
        return render(request, "subscriptions/return_confirm.html", page)
    services.return_to_mail(subscriber=link.subscriber, reference=link.extra, now=timezone.now())
    messages.success(request, _("Mail comes to this address again."))
    return redirect(link_path("manage", purpose="manage", subscriber=link.subscriber))
