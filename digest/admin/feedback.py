"""What readers said of papers. They say it themselves and take it back themselves, so staff only read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from digest.models import Feedback, Paper
from subscriptions.admin.find import reader_ids
from subscriptions.admin.links import link_to, link_to_reader
from subscriptions.admin.tables import HistoryAdmin


@admin.register(Feedback)
class FeedbackAdmin(HistoryAdmin):
    """Every last word, the newest first."""

    list_display = ("pk", "given_at", "verdict", "paper_title", "reader", "interest")
    list_select_related = ("paper", "profile__subscriber")
    search_fields = ("profile__subscriber__email_normalised",)
    search_help_text = "A reader's address or its beginning, or a reader's number."
    fields = ("reader", "interest", "paper_title", "verdict", "given_at")
    readonly_fields = ("reader", "interest", "paper_title")

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(profile__subscriber__in=reader_ids(words=words))

    @admin.display(description="paper")
    def paper_title(self, said: Feedback) -> SafeString:
        return link_to(model=Paper, pk=said.paper_id, text=str(said.paper))

    @admin.display(description="reader")
    def reader(self, said: Feedback) -> SafeString:
        return link_to_reader(said.profile.subscriber)

    @admin.display(description="interest")
    def interest(self, said: Feedback) -> str:
        return said.profile.name
