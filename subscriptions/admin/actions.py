"""What staff may do for readers from the list: suppress, lift, pause, resume, unsubscribe. Each calls its service."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from subscriptions import services
from subscriptions.admin.acts import counted, is_too_many, log_each
from subscriptions.admin.confirm import Question, ask, is_confirmed
from subscriptions.admin.forms import day_box
from subscriptions.admin.tables import LargeTableAdmin
from subscriptions.errors import SubscriptionError
from subscriptions.models import Subscriber, Suppression


class PauseForm(forms.Form):
    """Until when."""

    until = forms.DateField(label="No mail before", widget=day_box())


class SuppressForm(forms.Form):
    """Why."""

    detail = forms.CharField(label="Why, for the record", required=False, max_length=300, widget=AdminTextInputWidget)

    def clean_detail(self) -> str:
        """Refuse an address: a suppression outlives the erasure of its reader, and must name nobody."""
        detail: str = self.cleaned_data["detail"]
        if "@" in detail:
            raise forms.ValidationError("Please leave the address out: this note stays when the reader is erased.")
        return detail


SUPPRESS = Question(
    action="suppress",
    title="Suppress addresses",
    sentence="Nothing will be mailed to these addresses until somebody lifts it. Their preferences stay as they are.",
    button="Suppress",
    said="Suppressed",
)
PAUSE = Question(
    action="pause",
    title="Pause readers",
    sentence="These readers will get no digest before the day you choose.",
    button="Pause",
    said="Paused",
)
UNSUBSCRIBE = Question(
    action="unsubscribe",
    title="Unsubscribe readers",
    sentence="These readers will get no more digests. They can come back by the sign-up form.",
    button="Unsubscribe",
    said="Unsubscribed",
)


class ReaderActions(LargeTableAdmin):
    """The actions; they stand beside the reader's page, which inherits them."""

    actions: Any = ("suppress", "lift_suppression", "pause", "resume", "unsubscribe")

    @admin.action(description="Suppress: mail nothing to the address", permissions=["change"])
    def suppress(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        form = SuppressForm(request.POST if is_confirmed(request) else None)
        return self._ask_and_do(request, queryset, SUPPRESS, form, self._suppress)

    @admin.action(description="Lift the suppression", permissions=["change"])
    def lift_suppression(self, request: HttpRequest, queryset: Any) -> None:
        if not is_too_many(self, request, queryset):
            lifted = list(queryset.suppressed())
            for reader in lifted:
                services.lift_suppression(address_key=reader.address_key, now=timezone.now())
            self._report(request, lifted, "Lifted the suppression")

    @admin.action(description="Pause until a day", permissions=["change"])
    def pause(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        form = PauseForm(request.POST if is_confirmed(request) else None)
        return self._ask_and_do(request, queryset, PAUSE, form, self._pause)

    @admin.action(description="Resume: end the pause", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: Any) -> None:
        if not is_too_many(self, request, queryset):
            paused = list(queryset.filter(paused_until__isnull=False))
            for reader in paused:
                services.pause(subscriber=reader, until=None, now=timezone.now())
            self._report(request, paused, "Ended the pause")

    @admin.action(description="Unsubscribe", permissions=["change"])
    def unsubscribe(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        form = forms.Form(request.POST if is_confirmed(request) else None)
        return self._ask_and_do(request, queryset, UNSUBSCRIBE, form, self._unsubscribe)

    def _ask_and_do(
        self,
        request: HttpRequest,
        chosen: QuerySet[Any],
        question: Question,
        form: forms.Form,
        do: Callable[[Subscriber, dict[str, Any]], None],
    ) -> HttpResponse | None:
        if is_too_many(self, request, chosen):
            return None
        readers = list(chosen)
        if not form.is_valid():
            return ask(self, request, question, chosen=readers, form=form)
        try:
            with transaction.atomic():
                for reader in readers:
                    do(reader, form.cleaned_data)
        except SubscriptionError as error:
            form.add_error(None, str(error))
            return ask(self, request, question, chosen=readers, form=form)
        self._report(request, readers, question.said)
        return None

    def _suppress(self, reader: Subscriber, data: dict[str, Any]) -> None:
        services.suppress(
            address_key=reader.address_key,
            reason=Suppression.Reason.STAFF,
            detail=data["detail"],
            now=timezone.now(),
        )

    def _pause(self, reader: Subscriber, data: dict[str, Any]) -> None:
        services.pause(subscriber=reader, until=data["until"], now=timezone.now())

    def _unsubscribe(self, reader: Subscriber, data: dict[str, Any]) -> None:
        services.unsubscribe(subscriber=reader, now=timezone.now())

    def _report(self, request: HttpRequest, readers: list[Subscriber], said: str) -> None:
        log_each(request, readers, said)
        self.message_user(request, f"{said}: {counted(len(readers), 'reader', 'readers')}.")
