"""Settings of a process that sends the same mails from the queue of django-post_office."""

from typing import Any

from digest.settings import *  # noqa: F403 - the settings of the service, and one app more
from digest.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "post_office"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Its fastest: all mails in one batch, no line of a log for each, one connection a process.
POST_OFFICE: dict[str, Any] = {
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    "BATCH_SIZE": 1_000_000,
    "BATCH_DELIVERY_TIMEOUT": 3_600,
    "THREADS_PER_PROCESS": 1,
    "LOG_LEVEL": 0,
}
