"""What papers mean, as vectors, and which encoder's vectors matching reads."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from digest.models.papers import Paper
from subscriptions.models import InterestProfile


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


class ProfileVector(models.Model):
    """Where an interest stands among papers: its examples summed up and its words encoded, as of one revision of it.

    It is made of other rows and can be made again at any time; one that is stale is passed over, not wrong.
    """

    profile = models.OneToOneField(InterestProfile, on_delete=models.CASCADE, primary_key=True, related_name="vector")
    space = models.CharField(max_length=160, help_text="Whose vectors it was made of, as in PaperVector.encoder.")
    revision = models.PositiveIntegerField(help_text="The interest's revision that it was made of.")
    is_whole = models.BooleanField(help_text="Everything that the interest says had its vector.")
    wish = models.BinaryField(default=b"", help_text="Keywords and description as one vector.")
    liked = models.BinaryField(default=b"", help_text="The weighted mean of the liked papers' vectors.")
    liked_weight = models.FloatField(default=0.0)
    liked_ids = models.BinaryField(default=b"", help_text="The liked papers, int64, little-endian.")
    liked_weights = models.BinaryField(default=b"", help_text="What each counted then, float32, little-endian.")
    disliked = models.BinaryField(default=b"", help_text="The mean of the unwanted papers' vectors.")
    disliked_weight = models.FloatField(default=0.0)
    disliked_ids = models.BinaryField(default=b"", help_text="The unwanted papers, int64, little-endian.")
    terms = models.BinaryField(
        null=True, help_text="Which words stand in them: see digest/matching/_terms.py. Null in rows made without."
    )
    made_at = models.DateTimeField(help_text="Likes have faded further since.")

    def __str__(self) -> str:
        return f"{self.space} of interest {self.profile_id}"


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
