"""What is not needed any more goes by itself."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from subscriptions.limits import LONGEST_WINDOW
from subscriptions.models import OutgoingMail, RateWindow, SoftBounce, Subscriber
from subscriptions.services.libraries import tidy_reports
from subscriptions.services.privacy import forget
from subscriptions.services.suppression import FORGOTTEN_AFTER

UNCONFIRMED_FOR = timedelta(days=14)
MAIL_KEPT_FOR = timedelta(days=30)
CHUNK = 1000  # readers per call; the next call takes the rest


def tidy(*, now: datetime) -> int:
    """Forget readers who never confirmed, old rate windows and old mails, and tell how many readers that were."""
    RateWindow.objects.filter(began_at__lt=now - LONGEST_WINDOW).delete()
    SoftBounce.objects.filter(waits_until__lt=now - FORGOTTEN_AFTER).delete()
    tidy_reports(now=now)
    ended = (OutgoingMail.Status.SENT, OutgoingMail.Status.FAILED)
    OutgoingMail.objects.filter(status__in=ended, created_at__lt=now - MAIL_KEPT_FOR).delete()
    asked = OutgoingMail.objects.filter(
        subscriber=OuterRef("pk"), kind=OutgoingMail.Kind.CONFIRM, created_at__gte=now - UNCONFIRMED_FOR
    )
    unanswered = Subscriber.objects.filter(~Exists(asked), created_at__lt=now - UNCONFIRMED_FOR)
    unanswered.filter(status=Subscriber.Status.UNSUBSCRIBED, asked_for__isnull=False).update(asked_for=None)
    pending = unanswered.filter(status=Subscriber.Status.PENDING).values("pk")[:CHUNK]
    return forget(readers=Subscriber.objects.filter(pk__in=[row["pk"] for row in pending]))
