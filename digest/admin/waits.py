"""Addresses whose mails came back for now: until when each is left alone, and the button that ends the wait.

It stands here and not beside the readers, for it sets digests on their way again.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from digest.mail.settle import let_through
from subscriptions.admin.acts import counted, is_too_many, log_each
from subscriptions.admin.records import AddressAdmin
from subscriptions.models import SoftBounce


class WaitingFilter(admin.SimpleListFilter):
    """Addresses that are left alone now, and those whose wait is over."""

    title = "waiting"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Left alone now"), ("no", "The wait is over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        if self.value() == "yes":
            return queryset.filter(waits_until__gt=now)
        return queryset.filter(waits_until__lte=now) if self.value() == "no" else queryset


@admin.register(SoftBounce)
class SoftBounceAdmin(AddressAdmin):
    """One row an address, known by its hash; a mail that arrives takes it away, as the action does."""

    list_display = ("pk", "reader", "times", "last_at", "waits_until", "detail")
    list_filter = (WaitingFilter,)
    actions = ("let_through",)

    def has_let_through_permission(self, request: HttpRequest) -> bool:
        """Let those end a wait who may change one, though nobody edits a row by hand."""
        return request.user.has_perm("subscriptions.change_softbounce")

    @admin.action(description="Let mails through again: forget what came back", permissions=["let_through"])
    def let_through(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        if is_too_many(self, request, queryset):
            return
        chosen = list(queryset)
        log_each(request, chosen, "Let mails through again")
        n_mails = let_through(address_keys=[row.address_key for row in chosen], now=timezone.now())
        addresses, mails = counted(len(chosen), "address", "addresses"), counted(n_mails, "mail", "mails")
        self.message_user(request, f"Let mails through to {addresses}; {mails} that waited may leave at once.")
