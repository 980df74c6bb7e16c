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
    message.marks = marks  # type: ignore[attr-defined] # for a provider that sends in place of the main one
    fit(message=message, backend=settings.EMAIL_BACKEND)


def fit(*, message: EmailMessage, backend: str) -> None:
    """Set those marks of a message that this backend knows, and take the others away."""
    known = known_marks(backend=backend)
    for name, value in getattr(message, "marks", {}).items():
        if name in known:
            setattr(message, name, value)
        elif hasattr(message, name):
            delattr(message, name)


@cache
def known_marks(*, backend: str) -> frozenset[str]:
    """List the marks that a backend's payload can carry: those whose setter is the provider's own."""
    modules = {sys.modules[each.__module__] for each in import_string(backend).__mro__}
    things = [item for module in modules for item in vars(module).values()]
    payloads = [item for item in things if isinstance(item, type) and issubclass(item, BasePayload)]
    names = ("metadata", "tags", "track_opens", "track_clicks")
    return frozenset(
        name
        for name in names
        for payload in payloads
        if getattr(payload, f"set_{name}") is not getattr(BasePayload, f"set_{name}")
    )
