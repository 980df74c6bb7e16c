"""What papers mean, as vectors, and which encoder's vectors matching reads."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from digest.models.papers import Paper


class PaperVector(models.Model):
    """What one encoder made of a paper's title and abstract; or that and the paper's taste, in a map's space."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="vectors")
    encoder = models.CharField(
        max_length=160, help_text="name@version: other bytes of a model are another encoder; or a taste map's space."
    )
    vector = models.BinaryField(help_text="float16, little-endian: see digest.vectors.")
    text_key = models.CharField(max_length=32, help_text="The paper's text_key when it was encoded.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "encoder"], name="vector_once_per_encoder")]
        indexes = [models.Index(fields=["encoder", "paper", "text_key"], name="vector_is_fresh")]

    def __str__(self) -> str:
        return f"{self.encoder} of paper {self.paper_id}"


class EncoderStateQuerySet(models.QuerySet["EncoderState"]):
    """The questions that are asked of encoders."""

    def serving(self) -> Self:
        """Keep the one whose vectors matching reads."""
        return self.filter(status=EncoderState.Status.SERVING)

    def retired(self, *, before: datetime) -> Self:
        """Keep those that have not served since `before`."""
        return self.filter(status=EncoderState.Status.RETIRED, changed_at__lt=before)


class EncoderState(models.Model):
    """One encoder that has, or had, vectors here. The moves stand in digest/pipeline/serving.py."""

    class Status(models.TextChoices):
        FILLING = "filling", "Being filled"
        SERVING = "serving", "Serving"
        RETIRED = "retired", "Retired"
        BROKEN = "broken", "Cannot be loaded"

    encoder = models.CharField(
        max_length=120, unique=True, help_text="name@version; the name alone where it cannot be loaded."
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.FILLING)
    dimensions = models.PositiveSmallIntegerField(default=0, help_text="How many numbers a vector holds.")
    changed_at = models.DateTimeField(help_text="Since when it has this status.")
    busy_until = models.DateTimeField(
        null=True, blank=True, help_text="A worker is encoding; after this moment it is taken for dead."
    )
    note = models.CharField(max_length=500, blank=True, help_text="Why it cannot be loaded.")

    objects = EncoderStateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["filling", "serving", "retired", "broken"]), name="encoder_status_is_a_choice"
            ),
            models.UniqueConstraint(fields=["status"], condition=Q(status="serving"), name="one_encoder_serves"),
        ]

    def __str__(self) -> str:
        return f"{self.encoder}: {self.get_status_display()}"
