"""Thin Celery tasks: mails about the subscription, and what goes by itself."""

from datetime import UTC, datetime

from celery import shared_task

from subscriptions import outbox, services
from subscriptions.doorbell import ring
from subscriptions.services import housekeeping

MAILS_A_RUN = 100


@shared_task
def send_outgoing_mail() -> None:
    """Send one chunk of the mails that wait, and ring for the next when there may be more."""
    if outbox.send_outgoing(now=datetime.now(UTC), limit=MAILS_A_RUN) == MAILS_A_RUN:
        ring(send_outgoing_mail)


@shared_task
def tidy() -> None:
    """Forget what is not needed any more, a chunk of readers at a time."""
    if services.tidy(now=datetime.now(UTC)) == housekeeping.CHUNK:
        ring(tidy)
