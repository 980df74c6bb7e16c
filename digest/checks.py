"""`manage.py check --deploy`: what is right for a trial and wrong for readers."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def warn_of_trial_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:  # noqa: ARG001
    """Warn of each setting that only a trial may have."""
    engine = settings.DATABASES["default"]["ENGINE"]
    trial = {
        "W001": (settings.DEMO, "DEMO is on: the secret key is known to everybody."),
        "W002": (engine.endswith("sqlite3"), "DATABASE_URL is SQLite: one worker at a time can write."),
        "W003": (not settings.REDIS_URL, "REDIS_URL is not set: no worker can be woken."),
        "W004": (settings.EMAIL_PROVIDER == "file", "EMAIL_PROVIDER is file: no mail reaches a reader."),
        "W005": (not settings.SECURE, "SITE_URL is not https: links and sign-ups can be read on their way."),
    }
    return [checks.Warning(text, id=f"postprint.{number}") for number, (is_so, text) in trial.items() if is_so]
