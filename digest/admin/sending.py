"""The emergency brake of sending: what pulled it, and the one button that lifts it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from digest.mail.brake import lift
from digest.models import SendingStop
from subscriptions.admin.acts import counted, log_each
from subscriptions.admin.tables import HistoryAdmin


@admin.register(SendingStop)
class SendingStopAdmin(HistoryAdmin):
    """Every pull of the brake, the newest first; while one stands, no digest is sent."""

    list_display = ("kind", "reason", "pulled_at", "told_at", "lifted_at", "lifted_by")
    actions = ("lift_brake",)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        """Let those lift the brake who may change it, though nobody edits a row by hand."""
        return request.user.has_perm("digest.change_sendingstop")

    @admin.action(description="Lift the brake: send digests again", permissions=["lift"])
    def lift_brake(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        standing = list(queryset.filter(lifted_at__isnull=True))
        ids = [stop.pk for stop in standing]
        n_lifted = lift(stop_ids=ids, by=request.user.get_username(), now=timezone.now())
        log_each(request, standing, "Lifted the brake")
        self.message_user(request, f"The brake was lifted {counted(n_lifted, 'time', 'times')}.")
