"""The backend of mails about subscriptions: the main provider's, and each mail counts for its limits.

Such a mail asks for no turn, for somebody sits and waits for it. What it uses up, digests do not get.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from digest.mail.counters import CountersGone, counters
from digest.mail.route import providers
from digest.mail.throttle import note_other
from subscriptions.mail_errors import AnswerLost

log = logging.getLogger(__name__)


class CountedBackend(BaseEmailBackend):
    """EMAIL_BACKEND, with a count of what it took."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.inner: BaseEmailBackend = get_connection(fail_silently=self.fail_silently)

    def open(self) -> bool | None:
        """Connect."""
        return self.inner.open()

    def close(self) -> None:
        """Hang up."""
        self.inner.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hand the mails over one by one, and count those that left or may have."""
        return sum(self._send(message) for message in email_messages)

    def _send(self, message: EmailMessage) -> int:
        try:
            taken = self.inner.send_messages([message]) or 0
        except AnswerLost:
            count(now=datetime.now(UTC))
            raise
        if taken:
            count(now=datetime.now(UTC))
        return taken


def count(*, now: datetime) -> None:
    """Count one mail for the main provider. Without Redis nobody counts: the ledgers know when it is back."""
    try:
        counters().change(lambda page: note_other(page=page, provider=providers()[0], now=now))
    except CountersGone:
        log.warning("A mail about a subscription was not counted: Redis cannot be reached")
