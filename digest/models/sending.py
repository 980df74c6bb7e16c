"""The emergency brake of sending: pulled by the service or by a person, and lifted by a person alone."""

from django.db import models
from django.db.models import Q


class SendingStop(models.Model):
    """One pull of the brake. While one stands that nobody has lifted, no digest is handed to any provider."""

    class Kind(models.TextChoices):
        """What pulled it."""

        TOTAL = "total", "More mails in a day than there should be"
        BOUNCES = "bounces", "Too many mails came back"
        COMPLAINTS = "complaints", "Too many readers complained"
        BY_HAND = "by_hand", "Pulled by staff"

    kind = models.CharField(max_length=16, choices=Kind)
    reason = models.CharField(max_length=300)
    pulled_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=150, blank=True, help_text="Who answers for it.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When staff were told by mail.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(lifted_at__isnull=True), name="sending_stop_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["total", "bounces", "complaints", "by_hand"]),
                name="sending_stop_kind_is_a_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.pulled_at:%Y-%m-%d %H:%M}"
