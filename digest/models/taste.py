"""Taste maps that were fitted: what they were fitted on, how they were judged, and which one matching reads."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

MARK = "+taste"


class FittedTasteQuerySet(models.QuerySet["FittedTaste"]):
    """The questions that are asked of maps. None of them reads a payload."""

    def serving(self) -> Self:
        """Keep the one that matching reads."""
        return self.filter(status=FittedTaste.Status.SERVING).defer("payload")

    def in_use(self) -> Self:
        """Keep those that papers are placed by: the one that serves and the one that is to follow it."""
        status = FittedTaste.Status
        return self.filter(status__in=(status.FITTED, status.FILLING, status.SERVING)).defer("payload")

    def stale(self, *, before: datetime) -> Self:
        """Keep those in use to which no fit has come since `before`."""
        return self.in_use().filter(fitted_at__lt=before)

    def retired(self, *, before: datetime) -> Self:
        """Keep those that have not served since `before`, and those that never will."""
        status = FittedTaste.Status
        return self.filter(status__in=(status.RETIRED, status.REFUSED), changed_at__lt=before).defer("payload")

    def of_space(self, *, space: str) -> Self:
        """Keep the one whose space has this name; none for the name of an encoder."""
        encoder, mark, number = space.rpartition(MARK)
        if not mark or not number.isdecimal():
            return self.none()
        return self.filter(pk=int(number), encoder=encoder).defer("payload")


class FittedTaste(models.Model):
    """One night's map. It holds numbers of papers and of words, of no reader. The moves: digest/pipeline/serving.py."""

    class Status(models.TextChoices):
        FITTED = "fitted", "Fitted"
        FILLING = "filling", "Being filled"
        SERVING = "serving", "Serving"
        RETIRED = "retired", "Retired"
        REFUSED = "refused", "Refused"

    encoder = models.CharField(max_length=120, help_text="name@version of the meaning it was fitted on.")
    payload = models.BinaryField(help_text="See digest.matching; empty for a map that was refused.")
    checksum = models.CharField(max_length=32, blank=True, help_text="Of the payload as it was fitted.")
    dimensions = models.PositiveSmallIntegerField(help_text="How many numbers a vector of its space holds.")
    n_readers = models.PositiveIntegerField("readers", help_text="Readers whose likes it was fitted from.")
    n_likes = models.PositiveIntegerField("likes", help_text="Their likes.")
    n_judged = models.PositiveIntegerField("judged", help_text="Readers for whom held-back papers were ranked.")
    score_before = models.FloatField("without it", help_text="nDCG@10 over held-back papers.")
    score_after = models.FloatField("with it", help_text="nDCG@10 over held-back papers.")
    status = models.CharField(max_length=16, choices=Status, default=Status.FITTED)
    note = models.CharField(max_length=500, blank=True, help_text="Why it does not serve.")
    fitted_at = models.DateTimeField(help_text="When last a fit came to this map.")
    changed_at = models.DateTimeField(help_text="Since when it has this status.")

    objects = FittedTasteQuerySet.as_manager()

    class Meta:
        verbose_name = "taste map"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["fitted", "filling", "serving", "retired", "refused"]),
                name="taste_status_is_a_choice",
            ),
            models.UniqueConstraint(fields=["status"], condition=Q(status="serving"), name="one_taste_serves"),
        ]

    def __str__(self) -> str:
        return f"Taste map {self.pk}: {self.get_status_display()}"

    @property
    def space(self) -> str:
        """The name under which vectors of its space are kept."""
        return f"{self.encoder}{MARK}{self.pk}"
