"""anymail's backends of providers that send a mail once per key, given ours: the delivery's id, from the Message-ID.

When staff send a mail again that had arrived after all, or a network repeats a request, the provider sends no second.
Resend keeps a key for 24 hours (resend.com/docs/dashboard/emails/idempotency-keys), Brevo for half an hour
(developers.brevo.com/docs/heterogenous-versions-batch-emails).
"""

from typing import Any
from uuid import UUID

from anymail.backends import brevo, resend
from django.core.mail import EmailMessage


def key_of(*, message: EmailMessage) -> str:
    """Read the id that we made from a mail's Message-ID; empty when it has none of ours."""
    words = str(message.extra_headers.get("Message-ID", "")).strip("<").partition("@")[0]
    try:
        return str(UUID(words))
    except ValueError:
        return ""


class ResendBackend(resend.EmailBackend):  # type: ignore[misc] # anymail has no types
    """Resend takes the key as a header of the request."""

    def build_message_payload(self, message: EmailMessage, defaults: Any) -> Any:
        """Add the key to anymail's payload."""
        payload = super().build_message_payload(message, defaults)
        if key := key_of(message=message):
            payload.headers["Idempotency-Key"] = key
        return payload


class BrevoBackend(brevo.EmailBackend):  # type: ignore[misc] # anymail has no types
    """Brevo takes the key among the headers of the mail."""

    def build_message_payload(self, message: EmailMessage, defaults: Any) -> Any:
        """Add the key to anymail's payload."""
        payload = super().build_message_payload(message, defaults)
        if key := key_of(message=message):
            payload.data["headers"]["idempotencyKey"] = key
        return payload
