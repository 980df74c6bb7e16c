"""`manage.py handle_bounce`: a mail that came back, on stdin, as a mail server pipes it."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from digest.mail.reports import MAX_BYTES
from digest.mail.returned import take

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and pipes it later


class Command(BaseCommand):
    """Keep what the mail reports and act on it; print how many events of each kind there were, as JSON."""

    help = "Read a delivery report, a complaint or a request to leave from stdin. The same mail twice counts once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Take the mail; one that reports nothing is no error, or the mail server would bounce it in turn."""
        raw = sys.stdin.buffer.read(MAX_BYTES)
        if not raw.strip():
            raise CommandError("There is no mail on stdin.")
        sys.stdin.buffer.read()  # to its end, so that the mail server's pipe does not break
        try:
            counts = take(raw=raw, now=datetime.now(UTC))
        except OperationalError as error:
            raise CommandError("The database cannot be reached; try again later.", returncode=TRY_AGAIN) from error
        self.stdout.write(json.dumps(counts))
