"""Papers with their names, versions and popularity, and the encoders. The pipeline writes them, staff only read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from digest.models import EncoderState, FittedTaste, Paper, PaperIdentifier, PaperSignal, PaperVersion
from subscriptions.admin.links import link_to
from subscriptions.admin.tables import HistoryAdmin, HistoryInline, ValuesFilter, number
from subscriptions.identifiers import UnknownReference, parse_paper_reference

LONG_COLUMNS = ("abstract", "authors", "comments", "journal_ref", "links", "categories")
AUTHORS_SHOWN = 3  # in lists


def paper_id(*, words: str) -> int | None:
    """Find a paper by arXiv id, DOI, a link to it, or its number here; each way goes through a unique index."""
    try:
        scheme, value = parse_paper_reference(words)
    except UnknownReference:
        return number(words)
    named = PaperIdentifier.objects.filter(scheme=scheme, value=value)
    return named.values_list("paper_id", flat=True).first()


class IdentifierInline(HistoryInline):
    """The names that the world gives the paper."""

    model = PaperIdentifier
    fields = ("scheme", "value")
    verbose_name_plural = "identifiers"


class VersionInline(HistoryInline):
    """The versions of the paper."""

    model = PaperVersion
    fields = ("number", "submitted_at")


class SignalInline(HistoryInline):
    """The newest readings of the paper's popularity."""

    model = PaperSignal
    fields = ("kind", "day", "value")
    verbose_name_plural = "signals, the newest"


@admin.register(Paper)
class PaperAdmin(HistoryAdmin):
    """Every paper that any source has seen."""

    list_display = ("title_or_number", "arxiv_id", "primary_category", "first_seen_at", "trending_note", "withdrawn")
    list_filter = ("withdrawn", ("primary_category", ValuesFilter))
    search_fields = ("identifiers__value",)
    search_help_text = "An arXiv id, a DOI, a link to the paper, or its number here."
    inlines = (IdentifierInline, VersionInline, SignalInline)
    fieldsets = (
        (None, {"fields": ("title", "people", "abstract", "category_list", "comments", "journal_ref", "licence")}),
        ("Links", {"fields": ("link_list",)}),
        ("Dates", {"fields": ("submitted_at", "announced_on", "updated_at", "first_seen_at", "latest_version")}),
        ("In digests", {"fields": ("withdrawn", "trending_score", "trending_note")}),
        ("Where it came from", {"fields": ("source", "metadata_rank", "metadata_as_of")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("identifiers")

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(pk=paper_id(words=words))

    @admin.display(description="title")
    def title_or_number(self, paper: Paper) -> str:
        return str(paper)

    @admin.display(description="arXiv id")
    def arxiv_id(self, paper: Paper) -> str:
        return next((name.value for name in paper.identifiers.all() if name.scheme == "arxiv"), "")

    @admin.display(description="authors")
    def people(self, paper: Paper) -> str:
        return ", ".join(author["name"] for author in paper.authors)

    @admin.display(description="categories")
    def category_list(self, paper: Paper) -> str:
        return ", ".join(paper.categories)

    @admin.display(description="links")
    def link_list(self, paper: Paper) -> SafeString | str:
        shown = ((url, name) for name, url in paper.links.items() if url.startswith("https://"))
        return format_html_join(", ", '<a href="{}" rel="noreferrer">{}</a>', shown) or "-"


@admin.register(PaperSignal)
class PaperSignalAdmin(HistoryAdmin):
    """Readings of popularity counts, the newest first."""

    list_display = ("paper_title", "kind", "day", "value")
    list_display_links = ("kind",)
    list_filter = (("kind", ValuesFilter),)
    search_fields = ("paper__identifiers__value",)
    search_help_text = "The paper's arXiv id, DOI, link, or number here."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("paper").only("kind", "day", "value", "paper__title")

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(paper_id=paper_id(words=words))

    @admin.display(description="paper")
    def paper_title(self, signal: PaperSignal) -> SafeString:
        return link_to(model=Paper, pk=signal.paper_id, text=str(signal.paper))


@admin.register(EncoderState)
class EncoderStateAdmin(HistoryAdmin):
    """Which encoder's vectors matching reads, which is being filled, and what cannot be loaded."""

    list_display = ("encoder", "status", "dimensions", "changed_at", "note")


@admin.register(FittedTaste)
class FittedTasteAdmin(HistoryAdmin):
    """The nights' taste maps: what they were fitted on, how they were judged, and which one serves."""

    list_display = (
        "number",
        "status",
        "fitted_at",
        "n_readers",
        "n_likes",
        "before",
        "after",
        "n_judged",
        "encoder",
        "note",
    )
    exclude = ("payload",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("payload")

    @admin.display(description="map")
    def number(self, taste: FittedTaste) -> str:
        return str(taste.pk)

    @admin.display(description="without it")
    def before(self, taste: FittedTaste) -> str:
        return f"{taste.score_before:.3f}"

    @admin.display(description="with it")
    def after(self, taste: FittedTaste) -> str:
        return f"{taste.score_after:.3f}"
