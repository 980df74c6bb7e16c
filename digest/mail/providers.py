"""Which provider sends, by one setting: `file`, `smtp`, or the name of an anymail provider."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.mail.backends.base import BaseEmailBackend


def backend_for(provider: str) -> str:
    """Name the e-mail backend of a provider."""
    return {"file": "digest.mail.providers.FileBackend", "smtp": "django.core.mail.backends.smtp.EmailBackend"}.get(
        provider, f"anymail.backends.{provider}.EmailBackend"
    )


def smtp_settings(url: str) -> dict[str, Any]:
    """Read EMAIL_URL into Django's SMTP settings."""
    parts = urlsplit(url)
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
    }


class FileBackend(BaseEmailBackend):
    pass
