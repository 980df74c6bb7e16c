"""The records about readers: where they may not be mailed, what they agreed to, and what we wrote to them."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from subscriptions import services
from subscriptions.admin.acts import counted, is_too_many, log_each
from subscriptions.admin.find import key_of, reader_ids
from subscriptions.admin.links import link_to, link_to_reader
from subscriptions.admin.tables import HistoryAdmin
from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber, Suppression


class StandingFilter(admin.SimpleListFilter):
    """Suppressions that hold, and those that were lifted."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "In force"), ("no", "Lifted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(lifted_at__isnull=self.value() == "yes")


class AddressAdmin(HistoryAdmin):
    """Rows that know an address by its keyed hash alone: they show the reader who has it, and are found by it."""

    search_fields = ("address_key",)
    search_help_text = "An address, also of somebody who is no reader any more."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        reader = Subscriber.objects.filter(address_key=OuterRef("address_key"))
        of_reader = {"reader_id": Subquery(reader.values("pk")), "reader_email": Subquery(reader.values("email"))}
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**of_reader)
        return rows

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(address_key=key_of(words=words))

    @admin.display(description="reader")
    def reader(self, row: Any) -> SafeString | str:
        if row.reader_id is None:
            return "no reader any more"
        return link_to(model=Subscriber, pk=row.reader_id, text=row.reader_email)


@admin.register(Suppression)
class SuppressionAdmin(AddressAdmin):
    """Addresses that must not be mailed. A suppression is made in the list of readers, and lifted there or here."""

    list_display = ("pk", "reader", "reason", "detail", "created_at", "lifted_at")
    list_filter = (StandingFilter, "reason")
    actions = ("lift",)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        """Let those lift who may change suppressions, though nobody edits one by hand."""
        return request.user.has_perm("subscriptions.change_suppression")

    @admin.action(description="Lift the suppression", permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: Any) -> None:
        if is_too_many(self, request, queryset):
            return
        standing = list(queryset.standing())
        for suppression in standing:
            services.lift_suppression(address_key=suppression.address_key, now=timezone.now())
        log_each(request, standing, "Lifted the suppression")
        self.message_user(request, f"Lifted {counted(len(standing), 'suppression', 'suppressions')}.")


@admin.register(ConsentEvent)
class ConsentEventAdmin(HistoryAdmin):
    """The proof of consent, the newest first."""

    list_display = ("pk", "at", "kind", "reader", "wording")
    list_filter = ("kind",)
    list_select_related = ("subscriber",)
    search_fields = ("address_key",)
    search_help_text = "An address, also of somebody who is no reader any more."

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(address_key=key_of(words=words))

    @admin.display(description="reader")
    def reader(self, event: ConsentEvent) -> SafeString | str:
        return link_to_reader(event.subscriber) if event.subscriber else "no reader any more"


@admin.register(OutgoingMail)
class OutgoingMailAdmin(HistoryAdmin):
    """Mails about subscriptions: confirmations, links to the preferences."""

    list_display = ("pk", "created_at", "kind", "reader", "status", "attempts", "sent_at", "error")
    list_filter = ("status",)
    list_select_related = ("subscriber",)
    search_fields = ("subscriber__email_normalised",)
    search_help_text = "A reader's address or its beginning."

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(subscriber__in=reader_ids(words=words))

    @admin.display(description="reader")
    def reader(self, mail: OutgoingMail) -> SafeString:
        return link_to_reader(mail.subscriber)
