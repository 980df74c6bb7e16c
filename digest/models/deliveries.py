"""The ledger of mails, and what providers say of them."""

import uuid

from django.db import models
from django.db.models import Q

from digest.models.digests import Digest


class Delivery(models.Model):
    """One mail on its way, and the ledger's word for where it is.

    The allowed moves stand in digest/mail/ledger.py, with the reason for each.
    """

    class Status(models.TextChoices):
        """QUEUED and SENDING are on the way; all others are ends."""

        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown: a worker died while sending"
        SUPPRESSED = "suppressed", "Suppressed"
        REHEARSED = "rehearsed", "Rehearsed: written, and handed to nobody"
        EXPIRED = "expired", "Expired: too late to be sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.OneToOneField(Digest, on_delete=models.CASCADE, related_name="delivery")
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True, help_text="Not before this moment.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=32, blank=True)
    provider_message_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["created_at"], name="delivery_on_its_way", condition=Q(status__in=["queued", "sending"])
            ),
            models.Index(fields=["status", "-created_at"], name="delivery_by_status"),
            models.Index(
                fields=["provider_message_id"], name="delivery_by_message", condition=~Q(provider_message_id="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["queued", "sending", "sent", "failed", "unknown", "suppressed", "rehearsed", "expired"]
                ),
                name="delivery_status_is_a_choice",
            ),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(claimed_at__isnull=False), name="delivery_sending_was_claimed"
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="delivery_sent_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class DeliveryEvent(models.Model):
    """What a provider told us of a mail, once per event whatever it repeats; kept also when it fits no delivery."""

    key = models.CharField(max_length=200, unique=True, help_text="Provider and its event id, or a hash of the event.")
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=32, help_text="sent, delivered, bounced, complained, ...")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    provider = models.CharField(max_length=32)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-received_at"], name="delivery_event_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
