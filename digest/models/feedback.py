"""What readers said of papers: more like this, or less."""

from django.db import models
from django.db.models import Q

from digest.models.papers import Paper
from subscriptions.models import InterestProfile


class Feedback(models.Model):
    """One reader's last word on one paper, for one of their interests."""

    class Verdict(models.TextChoices):
        """What the reader asked for."""

        MORE = "more", "More like this"
        LESS = "less", "Less like this"

    profile = models.ForeignKey(InterestProfile, on_delete=models.CASCADE, related_name="feedback")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict)
    given_at = models.DateTimeField(help_text="When the reader said so last.")

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(fields=["profile", "paper"], name="feedback_once_per_paper"),
            models.CheckConstraint(condition=Q(verdict__in=["more", "less"]), name="feedback_verdict_is_a_choice"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} like paper {self.paper_id}"
