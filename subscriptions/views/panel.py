"""The preferences panel: what is set, when the next mail comes, and the forms that change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.forms import DeliveryForm, PauseForm, TasteForm, stored_delivery
from subscriptions.library import NamedPaper, named_papers
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from subscriptions.selectors import standing_suppression
from subscriptions.taxonomy import NAMES
from subscriptions.views.links import ReaderLink, behind_link, link_path
from subscriptions.views.refusals import refuse
from subscriptions.views.rules import rule_in_words
from subscriptions.views.words import local, next_mail, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestCard:
    """One interest as the panel shows it; `answers` is None where nobody counted them."""

    id: int
    name: str
    active: bool
    rule: str
    answers: int | None
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    exclude: tuple[str, ...]
    authors: tuple[str, ...]
    description: str
    papers: tuple[NamedPaper, ...]
    names_unknown: bool
    pickiness: str
    fades: bool


def interest_cards(*, subscriber: Subscriber, answers: Mapping[int, int] | None = None) -> list[InterestCard]:
    """Read a reader's interests, the oldest first, in two queries; `answers` are how many each has learnt from."""
    profiles = subscriber.profiles.order_by("created_at", "pk").prefetch_related("library")
    return [_card(profile, None if answers is None else answers.get(profile.pk, 0)) for profile in profiles]


def _card(profile: InterestProfile, answers: int | None) -> InterestCard:
    papers = named_papers(entries=profile.library.all(), stance=LibraryPaper.Stance.LIKED)
    return InterestCard(
        id=profile.pk,
        name=profile.name,
        active=profile.active,
        rule=rule_in_words(profile=profile, n_examples=len(papers)),
        answers=answers,
        categories=tuple(NAMES.get(code, code) for code in profile.categories),
        keywords=tuple(profile.keywords),
        exclude=tuple(profile.exclude),
        authors=tuple(profile.authors),
        description=profile.description,
        papers=papers,
        names_unknown=any(paper.is_unknown for paper in papers),
        pickiness=profile.get_pickiness_display(),
        fades=profile.fades,
    )


def save_delivery(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Take the delivery settings."""
    form = DeliveryForm(request.POST, initial=stored_delivery(subscriber=link.subscriber))
    if not form.is_valid():
        return panel_page(request, link, status=400, delivery=form)
    try:
        services.update_preferences(subscriber=link.subscriber, preferences=form.preferences(), now=timezone.now())
    except SubscriptionError as error:
        return panel_page(request, link, status=refuse(form=form, error=error), delivery=form)
    link.subscriber.refresh_from_db()
    messages.success(request, _("Saved. %(next)s") % {"next": next_mail(subscriber=link.subscriber)})
    return redirect("manage", link.token)


@require_POST
@behind_link(purpose="manage")
def pause(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Pause until a day, or, when `resume` is sent, go on at once."""
    if "resume" in request.POST:
        services.pause(subscriber=link.subscriber, until=None, now=timezone.now())
        messages.success(request, _("Welcome back."))
        return redirect("manage", link.token)
    form = PauseForm(request.POST, today=_today(link.subscriber), auto_id="pause_%s")
    if not form.is_valid():
        return panel_page(request, link, status=400, pausing=form)
    try:
        services.pause(subscriber=link.subscriber, until=form.cleaned_data["until"], now=timezone.now())
    except SubscriptionError as error:
        return panel_page(request, link, status=refuse(form=form, error=error), pausing=form)
    messages.success(request, _("Paused. No mail comes before that day."))
    return redirect("manage", link.token)


def panel_page(
    request: HttpRequest,
    link: ReaderLink,
    *,
    status: int = 200,
    answers: Mapping[int, int] | None = None,
    **forms: Any,
) -> HttpResponse:
    """Draw the panel; a form that was refused takes the place of the one that shows what is stored."""
    reader, today = link.subscriber, _today(link.subscriber)
    stop = standing_suppression(address_key=reader.address_key)
    page = {
        "token": link.token,
        "email": reader.email,
        "standing": standing(subscriber=reader, today=today, stop=stop),
        "interests": interest_cards(subscriber=reader, answers=answers),
        "delivery": DeliveryForm(initial=stored_delivery(subscriber=reader)),
        "taste": TasteForm(initial={"shares": reader.shares_taste}, auto_id="taste_%s"),
        "pausing": PauseForm(today=today, auto_id="pause_%s"),
        "may_return": stop is not None and stop.is_the_readers_to_lift,
        "is_active": reader.status == Subscriber.Status.ACTIVE,
        "is_paused": reader.is_paused(on=today),
        "trending": reader.trending,
        "unsubscribe_path": link_path("unsubscribe", purpose="unsubscribe", subscriber=reader),
    }
    return render(request, "subscriptions/panel.html", page | forms, status=status)


def _today(subscriber: Subscriber) -> date:
    return local(at=timezone.now(), timezone=subscriber.timezone).date()
