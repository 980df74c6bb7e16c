"""What came in from the sources, and the turnstiles in front of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from digest.models import IngestRun, SourceGate
from digest.pipeline.lift import lift_stop
from subscriptions.admin.acts import counted, log_each
from subscriptions.admin.tables import HistoryAdmin, ValuesFilter


class OutcomeFilter(admin.SimpleListFilter):
    """Runs that went well, and runs that did not."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failed", "Failed"), ("open", "Not finished")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "failed":
                return queryset.exclude(error="")
            case "open":
                return queryset.filter(finished_at__isnull=True)
            case _:
                return queryset


@admin.register(IngestRun)
class IngestRunAdmin(HistoryAdmin):
    """Every reading of a source, the newest first."""

    list_display = ("source", "started_at", "finished_at", "seen", "new", "updated", "unchanged", "rejected", "error")
    list_filter = (("source", ValuesFilter), OutcomeFilter)


@admin.register(SourceGate)
class SourceGateAdmin(HistoryAdmin):
    """One turnstile per remote host; a host that said "stop" stays closed until a person opens it again."""

    list_display = ("host", "denied_at", "open_at", "failures", "holder")
    actions = ("lift_stop",)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        """Let those lift a stop who may change gates, though nobody edits one by hand."""
        return request.user.has_perm("digest.change_sourcegate")

    @admin.action(description="Lift the stop after 403", permissions=["lift"])
    def lift_stop(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        stopped = list(queryset.filter(denied_at__isnull=False))
        n_lifted = lift_stop(hosts=[gate.host for gate in stopped], now=timezone.now())
        log_each(request, stopped, "Lifted the stop after 403")
        self.message_user(request, f"The stop was lifted for {counted(n_lifted, 'host', 'hosts')}.")
