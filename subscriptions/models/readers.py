"""Readers, what interests them, the proof of their consent, and the mails about their subscription."""

import uuid
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from subscriptions.models.stops import Suppression

MOST_PAPERS = 100  # in one mail


class Cadence(models.TextChoices):
    """How often a reader is mailed; `Subscriber.weekdays` says which days where that is left open."""

    DAILY = "daily", _("Every day")
    WEEKDAYS = "weekdays", _("Monday to Friday")
    CHOSEN = "chosen", _("On the days I choose")
    WEEKLY = "weekly", _("Once a week")


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """The questions that are asked of readers."""

    def active(self) -> Self:
        """Keep readers who have confirmed and not left."""
        return self.filter(status=Subscriber.Status.ACTIVE)

    def due(self, *, now: datetime) -> Self:
        """Keep active readers whose hour has come."""
        return self.active().filter(next_digest_at__lte=now)

    def suppressed(self) -> Self:
        """Keep readers whose address must not be mailed."""
        return self.filter(Exists(Suppression.objects.standing().filter(address_key=OuterRef("address_key"))))


class Subscriber(models.Model):
    """One person's address and when they are mailed."""

    class Status(models.TextChoices):
        """PENDING until the address is confirmed; only ACTIVE readers get digests."""

        PENDING = "pending", "Waiting for confirmation"
        ACTIVE = "active", "Active"
        UNSUBSCRIBED = "unsubscribed", "Unsubscribed"

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    email = models.CharField("address", max_length=254, help_text="As the reader wrote it.")
    email_normalised = models.CharField(max_length=254, unique=True, editable=False)
    address_key = models.CharField(max_length=64, unique=True, editable=False, help_text="Keyed hash of the address.")
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)

    timezone = models.CharField("time zone", max_length=64, default="UTC")
    hour = models.PositiveSmallIntegerField(default=8, help_text="Local hour of the mail, 0 to 23.")
    cadence = models.CharField(max_length=16, choices=Cadence, default=Cadence.DAILY)
    weekdays = models.JSONField(default=list, blank=True, help_text="Monday is 0; empty means every day.")
    max_papers = models.PositiveSmallIntegerField("papers at most", default=10)
    trending = models.BooleanField("trending papers", default=True)
    tell_when_empty = models.BooleanField("a note on days without papers", default=False)
    shares_taste = models.BooleanField(
        "likes help everybody",
        default=False,
        db_default=False,
        help_text="The reader agreed that their likes may help to rank papers for others; the consent says when.",
    )
    paused_until = models.DateField(null=True, blank=True, help_text="No mail before this local day.")

    next_digest_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty when nothing is due.")
    digested_until = models.DateTimeField(
        null=True, blank=True, help_text="Papers first seen up to here were considered."
    )
    link_epoch = models.PositiveIntegerField(default=0, help_text="Raise it to make every earlier link invalid.")
    confirm_epoch = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="Raised by unsubscribing, so that no old confirmation link brings a reader back.",
    )
    has_feed = models.BooleanField(
        "a feed of their own", default=False, db_default=False, help_text="Their digests, behind a secret link."
    )
    feed_epoch = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Raised with each new link of the feed: the last one holds."
    )
    asked_for = models.JSONField(
        null=True, blank=True, editable=False, help_text="The form of a reader who had left, until they confirm it."
    )

    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = "reader"
        indexes = [
            models.Index(
                fields=["next_digest_at"],
                name="subscriber_due",
                condition=Q(status="active", next_digest_at__isnull=False),
            ),
            models.Index(fields=["paused_until"], name="subscriber_paused", condition=Q(paused_until__isnull=False)),
            models.Index(fields=["status", "-created_at"], name="subscriber_status"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="subscriber_hour_of_day"),
            models.CheckConstraint(
                condition=Q(max_papers__gte=1, max_papers__lte=MOST_PAPERS), name="subscriber_max_papers"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active", "unsubscribed"]), name="subscriber_status_is_a_choice"
            ),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="subscriber_cadence_is_a_choice"),
        ]

    def __str__(self) -> str:
        return f"reader {self.pk}"

    def is_paused(self, *, on: date) -> bool:
        """Tell whether the reader asked for silence on this local day."""
        return self.paused_until is not None and on < self.paused_until


class InterestProfileQuerySet(models.QuerySet["InterestProfile"]):
    """The questions that are asked of interests, and the one mark that is made on them."""

    def mark_changed(self) -> int:
        """Mark that what these interests say, or the papers they name, changed: what was made of them is stale."""
        return self.update(revision=F("revision") + 1)


class InterestProfile(models.Model):
    """One of a reader's interests; an empty list or text says nothing, it forbids nothing."""

    class Pickiness(models.TextChoices):
        """How far above the ordinary a paper has to score."""

        BROAD = "broad", _("Broad: anything related")
        BALANCED = "balanced", _("Balanced")
        PICKY = "picky", _("Picky: only the closest")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="profiles")
    name = models.CharField(max_length=80)
    categories = models.JSONField(default=list, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    exclude = models.JSONField(default=list, blank=True)
    authors = models.JSONField(default=list, blank=True)
    description = models.CharField(max_length=1000, blank=True)
    pickiness = models.CharField(max_length=16, choices=Pickiness, default=Pickiness.BALANCED)
    active = models.BooleanField(default=True, help_text="A paused interest is kept and matches nothing.")
    revision = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Raised with every change, so that nothing stale is used."
    )
    fades = models.BooleanField(
        "older likes count less",
        default=True,
        db_default=True,
        help_text="A like loses half of its weight in 180 days.",
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InterestProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "interest"
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "name"], name="profile_name_once_per_reader"),
            models.CheckConstraint(
                condition=Q(pickiness__in=["broad", "balanced", "picky"]), name="profile_pickiness_is_a_choice"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LibraryPaperQuerySet(models.QuerySet["LibraryPaper"]):
    """The questions that are asked of papers that readers named."""

    def unsettled(self) -> Self:
        """Keep those that nobody has found yet; few, and read through an index of their own."""
        return self.filter(state__in=[LibraryPaper.State.WAITING, LibraryPaper.State.UNKNOWN])


class LibraryPaper(models.Model):
    """A paper that a reader likes or dislikes, by its identifier: the paper itself need not be known yet."""

    class Stance(models.TextChoices):
        """What the reader thinks of the paper."""

        LIKED = "liked", "More like this"
        DISLIKED = "disliked", "Less like this"

    class State(models.TextChoices):
        """WAITING until the paper is among ours, KNOWN from then on; UNKNOWN when its source has no such paper."""

        WAITING = "waiting", "Not looked up yet"
        KNOWN = "known", "Known"
        UNKNOWN = "unknown", "Unknown to its source"

    profile = models.ForeignKey(InterestProfile, on_delete=models.CASCADE, related_name="library")
    scheme = models.CharField(max_length=16)
    value = models.CharField(max_length=200)
    stance = models.CharField(max_length=16, choices=Stance, default=Stance.LIKED)
    added_at = models.DateTimeField()

    state = models.CharField(max_length=16, choices=State, default=State.WAITING, editable=False)
    title = models.CharField(max_length=300, blank=True, editable=False, help_text="As it was when it became known.")
    looked_up_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its source was last asked; empty when it never was."
    )
    look_ups = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often its source answered without it."
    )

    objects = LibraryPaperQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["value"], name="library_paper_unsettled", condition=Q(state__in=["waiting", "unknown"])
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["profile", "scheme", "value"], name="library_paper_once_per_profile"),
            models.CheckConstraint(condition=~Q(state="known", title=""), name="library_paper_known_by_title"),
            models.CheckConstraint(
                condition=Q(stance__in=["liked", "disliked"]), name="library_paper_stance_is_a_choice"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "known", "unknown"]), name="library_paper_state_is_a_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class ConsentEvent(models.Model):
    """One line of the proof of consent; never changed, and kept without the address after an erasure."""

    class Kind(models.TextChoices):
        """What the reader, or somebody in their name, did."""

        REQUESTED = "requested", "Asked to subscribe"
        CONFIRMED = "confirmed", "Confirmed the address"
        IMPORTED = "imported", "Imported by staff as confirmed"
        ADDRESS_CHANGED = "address_changed", "Changed the address"
        UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
        RETURNED = "returned", "Came back from the good-bye page"
        EXPORTED = "exported", "Downloaded their data"
        ERASED = "erased", "Deleted their data"
        SUPPRESSED = "suppressed", "Address suppressed"
        UNSUPPRESSED = "unsuppressed", "Suppression lifted"
        TASTE_SHARED = "taste_shared", "Let their likes help everybody"
        TASTE_WITHDRAWN = "taste_withdrawn", "No longer let their likes help"

    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="consent_events")
    address_key = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=Kind)
    wording = models.CharField(max_length=500, blank=True, help_text="What the person was shown and agreed to.")
    network_key = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the network they came from.")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address_key", "at"], name="consent_by_address"),
            models.Index(fields=["kind", "-at"], name="consent_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "requested",
                        "confirmed",
                        "imported",
                        "address_changed",
                        "unsubscribed",
                        "returned",
                        "exported",
                        "erased",
                        "suppressed",
                        "unsuppressed",
                        "taste_shared",
                        "taste_withdrawn",
                    ]
                ),
                name="consent_kind_is_a_choice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class OutgoingMail(models.Model):
    """A mail about the subscription itself, written down with the act that causes it, sent by a sweep.

    Same ledger rule as a digest's delivery: QUEUED -> SENDING is committed before the provider is called.
    """

    class Kind(models.TextChoices):
        """Which of templates/email/<kind>/ is sent."""

        CONFIRM = "confirm", "Confirm the subscription"
        ALREADY = "already", "You are subscribed already"
        MANAGE = "manage", "A fresh link to the preferences"
        CHANGE = "change", "Confirm the new address"
        RETURN = "return", "Confirm that mails are wanted again"

    class Status(models.TextChoices):
        """Where the mail is on its way."""

        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="outgoing_mail")
    kind = models.CharField(max_length=16, choices=Kind)
    to = models.CharField(max_length=254, blank=True, help_text="Only when it is not the reader's present address.")
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], name="outgoing_waiting", condition=Q(status__in=["queued", "sending"])),
            models.Index(fields=["status", "-created_at"], name="outgoing_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["confirm", "already", "manage", "change", "return"]),
                name="outgoing_kind_is_a_choice",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sending", "sent", "failed"]), name="outgoing_status_is_a_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for reader {self.subscriber_id}"


class RateWindow(models.Model):
    """How often something was done under one key since the window began; raised by a conditional UPDATE."""

    key = models.CharField(max_length=100, primary_key=True, help_text="A purpose and a keyed hash.")
    began_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key
