"""The least that the same mails can cost: other ways to send them, each one process of several, told when to begin.

A process writes its mails beforehand, says so, waits for a line, sends them over one connection, and says how long
that took.
"""

import smtplib
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from digest.mail.content import load_digests
from digest.mail.render import render_digest
from subscriptions.mail_bytes import to_bytes

STOCK = "django.core.mail.backends.smtp.EmailBackend"
CHUNK = 100  # digests that are read at once


class ReadyMessage(EmailMultiAlternatives):
    """A mail whose MIME was built beforehand: the backend only turns it into bytes."""

    ready: Any = None

    def message(self, **_: Any) -> Any:
        """Answer what was built."""
        return self.ready


def floor(*, kind: str, delivery_ids: Sequence[UUID]) -> float:
    """Send some digests in another way. Returns: how many seconds it took, the writing not counted."""
    written = [
        render_digest(digest=digest)
        for start in range(0, len(delivery_ids), CHUNK)
        for digest in load_digests(delivery_ids=delivery_ids[start : start + CHUNK])
    ]
    send = KINDS[kind](written)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began = time.perf_counter()
    send()
    return time.perf_counter() - began


def _making(written: Sequence[EmailMultiAlternatives]) -> Callable[[], object]:
    """Django's own backend and Django's own messages: their MIME is made as they are sent."""
    messages = [_copy(EmailMultiAlternatives, message) for message in written]
    return lambda: _send_over_one_connection(messages)


def _ready(written: Sequence[EmailMultiAlternatives]) -> Callable[[], object]:
    """Django's own backend, given messages whose MIME is there already."""
    messages = []
    for message in written:
        copy = _copy(ReadyMessage, message)
        copy.ready = message.message()
        messages.append(copy)
    return lambda: _send_over_one_connection(messages)


def _bare(written: Sequence[EmailMultiAlternatives]) -> Callable[[], object]:
    """Smtplib alone, given bytes."""
    mails = [(message.to[0], to_bytes(message=message)) for message in written]

    def send() -> None:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as client:
            for to, raw in mails:
                client.sendmail("digest@localhost", [to], raw)

    return send


KINDS = {"django": _making, "django-ready": _ready, "smtplib": _bare}


def _copy(kind: type[Any], message: EmailMultiAlternatives) -> Any:
    copy = kind(
        subject=message.subject,
        body=message.body,
        from_email=message.from_email,
        to=message.to,
        headers=message.extra_headers,
    )
    copy.encoding = message.encoding
    copy.attach_alternative(str(message.alternatives[0][0]), "text/html")
    return copy


def _send_over_one_connection(messages: Sequence[EmailMultiAlternatives]) -> None:
    with get_connection(STOCK) as connection:
        for message in messages:  # one by one, as one who must know what came of each
            connection.send_messages([message])
