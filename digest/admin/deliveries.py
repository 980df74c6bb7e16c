"""Deliveries and what the providers said of them. History, but for one thing: an UNKNOWN delivery can be settled."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from digest.mail.settle import SENT_AGAIN, mark_arrived, send_again
from digest.models import Delivery, DeliveryEvent, Digest
from subscriptions.admin.acts import counted, is_too_many, log_each
from subscriptions.admin.find import reader_ids
from subscriptions.admin.links import link_to, link_to_reader
from subscriptions.admin.tables import HistoryAdmin, HistoryInline, ValuesFilter


def delivery_id(*, words: str) -> UUID | None:
    """Read a delivery's id. This function will answer None for anything else."""
    try:
        return UUID(words)
    except ValueError:
        return None


class EventInline(HistoryInline):
    """What the provider said of this mail."""

    model = DeliveryEvent
    fields = ("kind", "at", "received_at", "provider", "detail")
    verbose_name_plural = "events, the newest"


@admin.register(Delivery)
class DeliveryAdmin(HistoryAdmin):
    """Every mail with a digest, and where it is on its way."""

    ordering = ("-digest_id",)  # its own key is random; the digest's number is unique and grows with time
    list_display = ("short_id", "reader", "digest_link", "status", "attempts", "sent_at", "provider", "error")
    list_filter = ("status",)
    list_select_related = ("digest__subscriber",)
    search_fields = ("provider_message_id",)
    search_help_text = "A delivery's id, the provider's message id, or a reader's address or its beginning."
    inlines = (EventInline,)
    actions = ("it_arrived", "send_again")
    fields = (
        ("id", "status"),
        ("reader", "digest_link"),
        ("created_at", "claimed_at", "sent_at", "retry_at"),
        "attempts",
        ("provider", "provider_message_id"),
        "error",
    )

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        pk = delivery_id(words=words)
        if pk is not None:
            return rows.filter(pk=pk)
        by_message = rows.filter(provider_message_id=words)  # a message id looks like an address: it goes first
        return by_message if by_message.exists() else rows.filter(digest__subscriber__in=reader_ids(words=words))

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Let those settle deliveries who may change them, though nobody edits one by hand."""
        return request.user.has_perm("digest.change_delivery")

    @admin.action(description="It arrived: settle as sent (unknown ones only)", permissions=["settle"])
    def it_arrived(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, partial(mark_arrived, now=timezone.now()), said="Settled as sent")

    @admin.action(description="It did not arrive: send again (unknown and rehearsed only)", permissions=["settle"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, send_again, said="Queued again")

    def _settle(self, request: HttpRequest, chosen: QuerySet[Any], settle: Callable[..., int], *, said: str) -> None:
        if is_too_many(self, request, chosen):
            return
        open_ended = list(chosen.filter(status__in=SENT_AGAIN if settle is send_again else [Delivery.Status.UNKNOWN]))
        n_settled = settle(delivery_ids=[delivery.pk for delivery in open_ended])
        log_each(request, open_ended, said)
        self.message_user(request, f"{said}: {counted(n_settled, 'delivery', 'deliveries')}. Others were left alone.")

    @admin.display(description="delivery")
    def short_id(self, delivery: Delivery) -> str:
        return str(delivery.pk)[:8]

    @admin.display(description="reader")
    def reader(self, delivery: Delivery) -> SafeString:
        return link_to_reader(delivery.digest.subscriber)

    @admin.display(description="digest")
    def digest_link(self, delivery: Delivery) -> SafeString:
        return link_to(model=Digest, pk=delivery.digest_id, text=f"{delivery.digest.digest_date}")


@admin.register(DeliveryEvent)
class DeliveryEventAdmin(HistoryAdmin):
    """What providers told us, the newest first; also of mails that we do not know."""

    list_display = ("pk", "kind", "at", "provider", "delivery_link", "detail")
    list_filter = (("kind", ValuesFilter),)
    search_fields = ("key",)
    search_help_text = "A delivery's id or the event's key."

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        pk = delivery_id(words=words)
        return rows.filter(key=words) if pk is None else rows.filter(Q(delivery=pk) | Q(key=words))

    @admin.display(description="delivery")
    def delivery_link(self, event: DeliveryEvent) -> SafeString | str:
        if event.delivery_id is None:
            return "none that we know"
        return link_to(model=Delivery, pk=event.delivery_id, text=str(event.delivery_id)[:8])
