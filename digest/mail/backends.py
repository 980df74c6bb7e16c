"""Two providers of our own: a folder of .eml files, and a dry run. SMTP stands in smtp.py."""

import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from subscriptions.mail_bytes import to_bytes
from subscriptions.mail_errors import OnlyRehearsed

log = logging.getLogger(__name__)

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<?([^@>\r\n]*)", re.MULTILINE | re.IGNORECASE)
_UNFIT_FOR_A_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]")


class FileBackend(BaseEmailBackend):
    """One .eml per message in EMAIL_FILE_DIR, named by time and Message-ID, so that names sort as mails were sent.

    The same Message-ID makes one file, however often it is sent.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.folder = Path(settings.EMAIL_FILE_DIR)
        self.written: set[str] | None = None

    def open(self) -> bool:
        """Make the folder if need be, and see which messages are in it already."""
        if self.written is not None:
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        self.written = {path.stem.partition("-")[2] for path in self.folder.glob("*.eml")}
        return True

    def close(self) -> None:
        """Forget what is in the folder."""
        self.written = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message that is not there yet. Returns: how many are there now."""
        opened = self.open()
        for email_message in email_messages:
            self._write(email_message)
        if opened:
            self.close()
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        raw = to_bytes(message=message)
        key = _UNFIT_FOR_A_FILE_NAME.sub("", _name(raw))[:80]
        if self.written is None or key in self.written:
            return
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{key}.eml"
        unfinished = self.folder / f".{name}.part"
        try:
            unfinished.write_bytes(raw)
            unfinished.rename(self.folder / name)
        finally:
            unfinished.unlink(missing_ok=True)  # a disk that is full must not fill up with halves of mails
        self.written.add(key)


class DryRunBackend(BaseEmailBackend):
    """Writes every mail to the last byte, and hands it to nobody: for rehearsals."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each mail, and say how it would have left.

        Raises: OnlyRehearsed after the first, so that nobody takes it for one that was sent.
        """
        for email_message in email_messages:
            raw = to_bytes(message=email_message)
            size = len(raw)
            log.info("Dry run: mail %s of %d bytes was written and handed to nobody", _name(raw), size)
            raise OnlyRehearsed(f"dry run: {size:,} bytes were written and handed to nobody")
        return 0


def _name(raw: bytes) -> str:
    """Read what stands before the @ of a mail's Message-ID."""
    found = _MESSAGE_ID.search(raw)
    return found[1].decode("ascii", "replace") if found else ""
