"""Papers that readers put aside for later."""

from django.db import models

from digest.models.papers import Paper
from subscriptions.models import Subscriber


class SavedPaper(models.Model):
    """A paper that a reader put aside. It says nothing about what they like, and nothing is learnt from it."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="saved_papers")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "paper"], name="paper_saved_once_per_reader")]

    def __str__(self) -> str:
        return f"paper {self.paper_id} put aside"
