"""Django's record of this app."""

from django.apps import AppConfig


class DigestConfig(AppConfig):
    """Papers, digests and their delivery."""

    name = "digest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the only signals we listen to: a mail provider's events."""
        from digest.mail import events

        events.connect()
