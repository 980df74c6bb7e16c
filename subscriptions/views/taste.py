"""The question whether a reader's likes may help to rank papers for others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from subscriptions import services
from subscriptions.forms import TASTE_WORDING, TasteForm
from subscriptions.views.links import ReaderLink, behind_link


@require_POST
@behind_link(purpose="manage")
def share_taste(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Take the answer: a ticked box is a yes, an empty one takes it back."""
    form = TasteForm(request.POST)
    form.full_clean()
    shares = form.cleaned_data["shares"]
    services.share_taste(subscriber=link.subscriber, shares=shares, wording=str(TASTE_WORDING), now=timezone.now())
    said = _("Thank you: your likes help everybody here.") if shares else _("Your likes help nobody but you.")
    messages.success(request, said)
    return redirect("manage", link.token)
