"""A reader's interests: add, edit, pause, delete."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.forms import InterestForm, stored_interest
from subscriptions.models import InterestProfile
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.refusals import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def profile_new(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Add an interest."""
    return _edit(request, link, profile=None)


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def profile_edit(request: HttpRequest, link: ReaderLink, profile_id: int) -> HttpResponse:
    """Change an interest; what was typed into one that is gone, deleted in another tab, is kept to be added anew."""
    if request.method == "POST" and not link.subscriber.profiles.filter(pk=profile_id).exists():
        form = InterestForm(request.POST)
        form.add_error(None, _("This interest has been deleted meanwhile. Save, and it is added anew."))
        return _form_page(request, link, form, profile=None, status=404)
    return _edit(request, link, profile=_own(link, profile_id))


@require_POST
@behind_link(purpose="manage")
def profile_pause(request: HttpRequest, link: ReaderLink, profile_id: int) -> HttpResponse:
    """Pause an interest, or wake it up: `active` says which, so that sending it twice is the same."""
    active = request.POST.get("active") == "1"
    try:
        services.set_profile_active(
            subscriber=link.subscriber, profile_id=profile_id, active=active, now=timezone.now()
        )
    except SubscriptionError as error:
        raise Http404(str(error)) from error
    profile = _own(link, profile_id)
    said = _("“%(name)s” is active again.") if active else _("“%(name)s” is paused: it is kept, and matches nothing.")
    messages.success(request, said % {"name": profile.name})
    return redirect("manage", link.token)


@require_POST
@behind_link(purpose="manage")
def profile_delete(request: HttpRequest, link: ReaderLink, profile_id: int) -> HttpResponse:
    """Delete an interest; one that is gone already is no fault."""
    services.delete_profile(subscriber=link.subscriber, profile_id=profile_id)
    messages.success(request, _("The interest is deleted."))
    return redirect("manage", link.token)


def _own(link: ReaderLink, profile_id: int) -> InterestProfile:
    return get_object_or_404(link.subscriber.profiles, pk=profile_id)


def _edit(request: HttpRequest, link: ReaderLink, *, profile: InterestProfile | None) -> HttpResponse:
    initial = stored_interest(profile=profile) if profile else {}
    form = InterestForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            _save(link, form, profile)
            messages.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("manage", link.token)
        except SubscriptionError as error:
            status = refuse(form=form, error=error)
    return _form_page(request, link, form, profile=profile, status=status)


def _form_page(
    request: HttpRequest, link: ReaderLink, form: InterestForm, *, profile: InterestProfile | None, status: int
) -> HttpResponse:
    page = {"token": link.token, "form": form, "profile_id": profile.pk if profile else None}
    return render(request, "subscriptions/interest.html", page, status=status)


def _save(link: ReaderLink, form: InterestForm, profile: InterestProfile | None) -> None:
    wanted = form.profile(name=form.cleaned_data["name"], active=profile is None or profile.active)
    services.save_profile(
        subscriber=link.subscriber, profile=wanted, profile_id=profile.pk if profile else None, now=timezone.now()
    )
