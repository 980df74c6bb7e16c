"""The same mails from the queue of django-post_office, which keeps no ledger: see post_office_settings.py."""

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.management import call_command

from digest.mail.content import load_digests
from digest.mail.render import render_digest


def send_from_queue(*, delivery_ids: Sequence[UUID], processes: int) -> float:
    """Queue some digests and send them. Returns: how many seconds the sending took."""
    from post_office import mail  # noqa: PLC0415 - only a process with these settings has its models

    call_command("migrate", "post_office", verbosity=0)
    for start in range(0, len(delivery_ids), 100):
        digests = load_digests(delivery_ids=delivery_ids[start : start + 100])
        mail.send_many([_words(render_digest(digest=digest)) for digest in digests])
    began = time.perf_counter()
    sent, failed, again = mail.send_queued(processes=processes)
    took = time.perf_counter() - began
    if (sent, failed, again) != (len(delivery_ids), 0, 0):
        raise RuntimeError(f"post_office sent {sent} of {len(delivery_ids)}.")
    return took


def _words(message: Any) -> dict[str, Any]:
    return {
        "sender": message.extra_headers.get("From", message.from_email),
        "recipients": message.to,
        "subject": message.subject,
        "message": message.body,
        "html_message": str(message.alternatives[0][0]),
        "headers": {name: value for name, value in message.extra_headers.items() if name != "From"},
    }
