"""Digests as they were frozen: which papers, and why."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest.admin.words import reason_in_words
from digest.models import Delivery, Digest, DigestItem, Paper
from subscriptions.admin.find import reader_ids
from subscriptions.admin.links import link_to, link_to_reader
from subscriptions.admin.tables import HistoryAdmin, HistoryInline, number


class ItemInline(HistoryInline):
    """The papers of the digest, in the order of the mail."""

    model = DigestItem
    fields = ("section", "paper_title", "profile_name", "why", "score")
    readonly_fields = ("paper_title", "why")
    ordering = ("section", "position")
    verbose_name_plural = "papers"
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("paper")

    @admin.display(description="paper")
    def paper_title(self, item: DigestItem) -> SafeString:
        return link_to(model=Paper, pk=item.paper_id, text=str(item.paper))

    @admin.display(description="why")
    def why(self, item: DigestItem) -> str:
        words = [reason_in_words(reason) for reason in item.reasons]
        also = [f"also in {name}" for name in item.also_in]
        return "; ".join([*words, *also, *filter(None, [item.note])])


@admin.register(Digest)
class DigestAdmin(HistoryAdmin):
    """Every digest that was promised, and what became of it."""

    list_display = ("pk", "digest_date", "reader", "status", "empty_reason", "papers", "mail", "built_at")
    list_filter = ("status", "digest_date")
    list_select_related = ("subscriber", "delivery")
    search_fields = ("subscriber__email_normalised",)
    search_help_text = "The reader's address or its beginning, or the digest's number."
    inlines = (ItemInline,)
    fields = (
        ("reader", "digest_date"),
        ("status", "empty_reason"),
        ("window_start", "window_end", "horizon_days"),
        ("planned_at", "built_at"),
        "mail",
    )

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        pk = number(words)
        return rows.filter(subscriber__in=reader_ids(words=words)) if pk is None else rows.filter(pk=pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Counted for the rows of one page; a join with GROUP BY would count every digest first.
        items = DigestItem.objects.filter(digest=OuterRef("pk")).order_by().values("digest")
        counted = Subquery(items.annotate(n=Count("pk")).values("n"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(papers_in_it=counted)
        return rows

    @admin.display(description="reader")
    def reader(self, digest: Digest) -> SafeString:
        return link_to_reader(digest.subscriber)

    @admin.display(description="papers")
    def papers(self, digest: Any) -> Any:
        return digest.papers_in_it or 0

    @admin.display(description="mail")
    def mail(self, digest: Digest) -> SafeString | str:
        delivery: Delivery | None = getattr(digest, "delivery", None)
        if delivery is None:
            return "none"
        return link_to(model=Delivery, pk=delivery.pk, text=delivery.get_status_display())
