"""The reader's page with what the digest side knows: the newest digests, today's preview, a copy of it to oneself."""

from typing import Any, ClassVar

from django.contrib import admin

from digest.admin.preview import PreviewActions
from digest.models import Digest
from subscriptions.admin.readers import ReaderAdmin
from subscriptions.admin.tables import HistoryInline
from subscriptions.models import Subscriber


class DigestInline(HistoryInline):
    """The reader's newest digests."""

    model = Digest
    fields = ("digest_date", "status", "empty_reason", "built_at")
    verbose_name_plural = "digests, the newest"


@admin.register(Subscriber)
class ReaderWithDigestsAdmin(PreviewActions, ReaderAdmin):
    """Everything about a reader on one page."""

    inlines: ClassVar[Any] = (*ReaderAdmin.inlines, DigestInline)
    actions: Any = (*PreviewActions.actions, *ReaderAdmin.actions)
