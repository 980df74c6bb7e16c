"""What a mail tells its provider beside the mail: whom an event is about, and to count neither opening nor clicking.

Every anymail provider knows other marks and refuses those it does not know; SMTP and files know none.
"""

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from anymail.backends.base import BasePayload
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string


def mark(*, message: EmailMessage, kind: str, metadata: Mapping[str, str]) -> None:
    """Set the marks that the configured provider knows; `metadata` comes back with its events."""
    marks: dict[str, Any] = {
        "metadata": dict(metadata),
        "tags": [kind],
        "track_opens": False,
        "track_clicks": False,
    }
    known = known_marks(backend=settings.EMAIL_BACKEND)
    for name, value in marks.items():
        if name in known:
            setattr(message, name, value)


@cache
def known_marks(*, backend: str) -> frozenset[str]:
    """List the marks that a backend's payload can carry: those whose setter is the provider's own."""
    module = sys.modules[import_string(backend).__module__]
    payloads = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, BasePayload)]
    names = ("metadata", "tags", "track_opens", "track_clicks")
    return frozenset(
        name
        for name in names
        for payload in payloads
        if getattr(payload, f"set_{name}") is not getattr(BasePayload, f"set_{name}")
    )
