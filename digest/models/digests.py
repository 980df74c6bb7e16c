"""What each reader was promised and chosen, day by day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from digest.models.papers import Paper
from subscriptions.models import InterestProfile, Subscriber


class Digest(models.Model):
    """One reader's digest of one local day. PLANNED -> READY or EMPTY, once; then it never changes."""

    class Status(models.TextChoices):
        """PLANNED: promised. READY: its papers are frozen. EMPTY: there were none, and `empty_reason` says why."""

        PLANNED = "planned", "Planned"
        READY = "ready", "Ready"
        EMPTY = "empty", "Empty"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="digests")
    digest_date = models.DateField(help_text="The reader's local day.")
    status = models.CharField(max_length=16, choices=Status, default=Status.PLANNED)
    window_start = models.DateTimeField(help_text="Papers first seen after this moment ...")
    window_end = models.DateTimeField(help_text="... up to this one.")
    horizon_days = models.PositiveIntegerField(help_text="A first version older than this is no news.")
    empty_reason = models.CharField(max_length=300, blank=True)
    planned_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "digest_date"], name="digest_once_a_day"),
            models.CheckConstraint(condition=~Q(status="empty") | ~Q(empty_reason=""), name="digest_empty_says_why"),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "ready", "empty"]), name="digest_status_is_a_choice"
            ),
        ]
        indexes = [
            models.Index(fields=["planned_at"], name="digest_planned", condition=Q(status="planned")),
            models.Index(fields=["-digest_date", "status"], name="digest_by_day"),
        ]

    def __str__(self) -> str:
        return f"digest {self.pk} of {self.digest_date}"


class DigestItem(models.Model):
    """A paper in a digest, with the reasons that ranked it, frozen."""

    class Section(models.TextChoices):
        """Which part of the mail the paper is in."""

        MATCHED = "matched", gettext_lazy("For you")
        TRENDING = "trending", gettext_lazy("Trending")

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="items")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=16, choices=Section)
    position = models.PositiveSmallIntegerField()
    profile = models.ForeignKey(InterestProfile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    profile_name = models.CharField(max_length=80, blank=True)
    also_in = models.JSONField(default=list, blank=True, help_text="Names of the other profiles that it matched.")
    score = models.FloatField(default=0.0)
    reasons = models.JSONField(default=list, blank=True, help_text="{kind, term, share}, the strongest first.")
    note = models.CharField(max_length=120, blank=True, help_text="The signal of a trending paper, in words.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "paper"], name="paper_once_per_reader"),
            models.UniqueConstraint(fields=["digest", "section", "position"], name="item_position_once"),
            models.CheckConstraint(condition=Q(section__in=["matched", "trending"]), name="item_section_is_a_choice"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.position}"
