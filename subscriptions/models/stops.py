"""Addresses that must not be mailed, now or ever. Known by their keyed hash alone."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """The questions that are asked of suppressions."""

    def standing(self) -> Self:
        """Keep those that nobody has lifted."""
        return self.filter(lifted_at__isnull=True)


class Suppression(models.Model):
    """An address that must not be mailed. Kept by its keyed hash alone, so it outlives an erasure."""

    class Reason(models.TextChoices):
        """Why the address must not be mailed."""

        HARD_BOUNCE = "hard_bounce", "The address does not exist"
        SOFT_BOUNCE = "soft_bounce", "Too many temporary failures"
        COMPLAINT = "complaint", "The reader marked a mail as spam"
        STAFF = "staff", "By staff"

    address_key = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=16, choices=Reason)
    detail = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["hard_bounce", "soft_bounce", "complaint", "staff"]),
                name="suppression_reason_is_a_choice",
            )
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}"

    @property
    def is_the_readers_to_lift(self) -> bool:
        """Tell whether the reader may ask for mail again: not when staff stopped it."""
        return self.reason != self.Reason.STAFF

    @property
    def reference(self) -> str:
        """Name this very stop, and not a later one of the same address."""
        return f"{self.pk}-{int(self.created_at.timestamp())}"


class SoftBounceQuerySet(models.QuerySet["SoftBounce"]):
    """The questions that are asked of addresses whose mails came back for now."""

    def waiting(self, *, now: datetime) -> Self:
        """Keep addresses that are left alone at this moment."""
        return self.filter(waits_until__gt=now)


class SoftBounce(models.Model):
    """An address whose mails came back for now, and until when it is left alone. Known by its keyed hash alone."""

    address_key = models.CharField(max_length=64, unique=True)
    times = models.PositiveSmallIntegerField(help_text="How many waits there have been, each twice the one before.")
    last_at = models.DateTimeField()
    waits_until = models.DateTimeField(help_text="No digest before this moment.")
    detail = models.CharField(max_length=500, blank=True)

    objects = SoftBounceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["waits_until"], name="soft_bounce_waits")]

    def __str__(self) -> str:
        return f"soft bounce {self.pk}"
