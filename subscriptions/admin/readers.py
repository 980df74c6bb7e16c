"""The reader's page: address, preferences, interests and history, and the list that finds a reader among a million.

It is not registered here: digest.admin adds the digests to it and registers the whole.
"""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from subscriptions import services
from subscriptions.admin.actions import ReaderActions
from subscriptions.admin.acts import MOST_AT_ONCE
from subscriptions.admin.find import readers
from subscriptions.admin.forms import ProfileForm, ProfileFormSet, ReaderForm
from subscriptions.admin.tables import AnyStackedInline, HistoryInline
from subscriptions.errors import SubscriptionError
from subscriptions.library import named_papers
from subscriptions.models import ConsentEvent, InterestProfile, LibraryPaper, OutgoingMail, Subscriber, Suppression

ON_REQUEST = "Changed by staff, who say that the reader asked for it"


class StateFilter(admin.SimpleListFilter):
    """What keeps a reader's mail from going out."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("paused", "Paused"), ("suppressed", "Suppressed"), ("due", "Due and waiting")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        match self.value():
            case "paused":
                return queryset.filter(paused_until__gt=now.date())
            case "suppressed":
                return queryset.suppressed()
            case "due":
                return queryset.due(now=now)
            case _:
                return queryset


class ProfileInline(AnyStackedInline):
    """The reader's interests."""

    model = InterestProfile
    form = ProfileForm
    formset = ProfileFormSet
    extra = 0
    fields = (
        ("name", "pickiness", "active", "fades"),
        "description",
        ("keywords", "exclude"),
        ("authors", "categories"),
        "papers",
        "examples",
        "not_wanted",
    )
    readonly_fields = ("examples", "not_wanted")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("library").order_by("pk")

    @admin.display(description="What is known of them")
    def examples(self, profile: InterestProfile) -> str:
        return _in_lines(profile, LibraryPaper.Stance.LIKED)

    @admin.display(description="Less like these")
    def not_wanted(self, profile: InterestProfile) -> str:
        return _in_lines(profile, LibraryPaper.Stance.DISLIKED)


def _in_lines(profile: InterestProfile, stance: str) -> str:
    """List an interest's papers of one stance, each with its title or with what is wrong."""
    papers = named_papers(entries=profile.library.all() if profile.pk else (), stance=stance)
    return "\n".join(f"{paper.scheme}:{paper.value} ({paper.title or paper.note})" for paper in papers) or "none"


class ConsentInline(HistoryInline):
    """What the reader agreed to, and when."""

    model = ConsentEvent
    fields = ("at", "kind", "wording")
    verbose_name_plural = "consent history, the newest"


class OutgoingInline(HistoryInline):
    """What we wrote to the reader about the subscription itself."""

    model = OutgoingMail
    fields = ("created_at", "kind", "status", "sent_at", "error")
    verbose_name_plural = "mails about the subscription, the newest"


class ReaderAdmin(ReaderActions):
    """Readers. Nobody is added here: a reader signs up and confirms, or comes with load_readers."""

    form = ReaderForm
    list_display = ("email", "status", "schedule", "interests", "silent_because", "next_digest_at")
    list_filter = ("status", StateFilter)
    search_fields = ("email_normalised",)
    search_help_text = "An address, its beginning, or a reader's number."
    inlines: ClassVar[Any] = (ProfileInline, ConsentInline, OutgoingInline)
    readonly_fields: ClassVar[Any] = (
        *("email", "public_id", "status", "suppression", "created_at", "confirmed_at", "unsubscribed_at"),
        *("next_digest_at", "digested_until", "link_epoch"),
    )
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", ("status", "suppression"), ("created_at", "confirmed_at", "unsubscribed_at"))}),
        (
            "When to mail",
            {"fields": (("cadence", "hour", "timezone"), "weekdays", "paused_until", "next_digest_at")},
        ),
        ("What to mail", {"fields": ("max_papers", "trending", "tell_when_empty")}),
        ("Helping others", {"fields": ("shares_taste",)}),
        ("Inner workings", {"classes": ("collapse",), "fields": ("public_id", "digested_until", "link_epoch")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        standing = Suppression.objects.standing().filter(address_key=OuterRef("address_key"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(suppressed_now=Exists(standing))
        return rows.prefetch_related("profiles")

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return readers(words=words, rows=rows)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="mails")
    def schedule(self, reader: Subscriber) -> str:
        return f"{reader.get_cadence_display()}, {reader.hour:02d}:00 {reader.timezone}"

    @admin.display(description="interests")
    def interests(self, reader: Subscriber) -> str:
        return ", ".join(profile.name for profile in reader.profiles.all()) or "trending papers alone"

    @admin.display(description="no mail because")
    def silent_because(self, reader: Any) -> str:
        paused = f"paused until {reader.paused_until}" if reader.paused_until else ""
        return ", ".join(filter(None, ["suppressed" if reader.suppressed_now else "", paused]))

    @admin.display(description="suppressed")
    def suppression(self, reader: Subscriber) -> str:
        standing = Suppression.objects.standing().filter(address_key=reader.address_key).first()
        if standing is None:
            return "no"
        return f"{standing.get_reason_display()}, {standing.created_at:%d %B %Y}. {standing.detail}"

    def save_model(self, request: HttpRequest, obj: Any, form: ReaderForm, change: Any) -> None:
        reader = Subscriber.objects.get(pk=obj.pk)  # as stored: the service sees for itself what changes
        if form.changes_preferences():
            services.update_preferences(subscriber=reader, preferences=form.preferences(), now=timezone.now())
        if "paused_until" in form.changed_data:
            services.pause(subscriber=reader, until=form.cleaned_data["paused_until"], now=timezone.now())
        if "shares_taste" in form.changed_data:
            shares = form.cleaned_data["shares_taste"]
            services.share_taste(subscriber=reader, shares=shares, wording=ON_REQUEST, now=timezone.now())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except SubscriptionError as error:  # the whole change was rolled back
            messages.error(request, f"Nothing was saved. {error}")
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Say what an erasure does, instead of listing every row of a reader's history."""
        readers = list(objs[: MOST_AT_ONCE + 1])
        if len(readers) > MOST_AT_ONCE:
            return [], {}, set(), [f"more than {MOST_AT_ONCE} readers at once: choose fewer"]
        lines = [f"{reader.email}: preferences, interests, digests and their mails" for reader in readers]
        lines.append("What stays: the proof of consent and a standing suppression, without the address.")
        return lines, {"readers": len(readers)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.erase(subscriber=obj, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for reader in queryset:
            services.erase(subscriber=reader, now=timezone.now())
