"""The reader's page with what the digest side knows: the newest digests, today's preview, why no mail came."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.safestring import SafeString

from digest.admin.preview import PreviewActions
from digest.admin.story import StoryPage
from digest.models import Digest
from subscriptions.admin.links import link_to_list
from subscriptions.admin.readers import ReaderAdmin
from subscriptions.admin.tables import HistoryInline
from subscriptions.models import Subscriber


class DigestInline(HistoryInline):
    """The reader's newest digests."""

    model = Digest
    fields = ("digest_date", "status", "empty_reason", "built_at")
    verbose_name_plural = "digests, the newest"


@admin.register(Subscriber)
class ReaderWithDigestsAdmin(PreviewActions, StoryPage, ReaderAdmin):
    """Everything about a reader on one page."""

    inlines: ClassVar[Any] = (*ReaderAdmin.inlines, DigestInline)
    actions: Any = (*PreviewActions.actions, *ReaderAdmin.actions)
    readonly_fields: ClassVar[Any] = (*ReaderAdmin.readonly_fields, "digests")
    fieldsets: ClassVar[Any] = (*ReaderAdmin.fieldsets, ("History", {"fields": ("digests",)}))

    @admin.display(description="digests")
    def digests(self, reader: Subscriber) -> SafeString:
        # By number: an address in a link would end up in the logs of every proxy on the way.
        return link_to_list(model=Digest, text="All digests of this reader", subscriber__id__exact=reader.pk)
