"""The providers of our own: a folder of .eml files, SMTP that knows whether a mail was handed over, a dry run."""

import logging
import re
import smtplib
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from subscriptions.mail_errors import AnswerLost, OnlyRehearsed

log = logging.getLogger(__name__)

_LINE_DOT = re.compile(rb"^\.", re.MULTILINE)
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
            self._write(email_message.message())
        if opened:
            self.close()
        return len(email_messages)

    def _write(self, message: Message) -> None:
        key = _UNFIT_FOR_A_FILE_NAME.sub("", str(message["Message-ID"]).partition("@")[0])[:80]
        if self.written is None or key in self.written:
            return
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{key}.eml"
        unfinished = self.folder / f".{name}.part"
        try:
            unfinished.write_bytes(message.as_bytes(linesep="\r\n"))  # type: ignore[call-arg] # Django's own as_bytes
            unfinished.rename(self.folder / name)
        finally:
            unfinished.unlink(missing_ok=True)  # a disk that is full must not fill up with halves of mails
        self.written.add(key)


class _Smtp(smtplib.SMTP):
    """Knows what smtplib leaves open: whether a connection that broke had already been given the whole mail."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the mail's bytes, whose lines end with CRLF.

        Raises: SMTPDataError when the server says no before the mail; AnswerLost when it falls silent after it.
        """
        code, reply = self.docmd("data")
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        try:
            self.send(_LINE_DOT.sub(b"..", msg) + (b".\r\n" if msg.endswith(b"\r\n") else b"\r\n.\r\n"))
            return self.getreply()
        except OSError as error:  # also smtplib's own errors
            raise AnswerLost(f"no answer after the mail was handed over: {type(error).__name__}") from error


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP backend over connections that know whether a mail was handed over."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Choose TLS from the first byte, or not."""
        return _SmtpOverTls if self.use_ssl else _Smtp

    def open(self) -> bool | None:
        """Connect, and send small packets at once: Nagle's algorithm costs 40 ms a mail over TLS."""
        opened = super().open()
        sock = getattr(self.connection, "sock", None)
        if opened and sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened


class DryRunBackend(BaseEmailBackend):
    """Writes every mail to the last byte, and hands it to nobody: for rehearsals."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each mail, and say how it would have left.

        Raises: OnlyRehearsed after the first, so that nobody takes it for one that was sent.
        """
        for email_message in email_messages:
            message = email_message.message()
            size = len(message.as_bytes(linesep="\r\n"))  # type: ignore[call-arg] # Django's own as_bytes
            name = str(message["Message-ID"]).partition("@")[0].strip("<")
            log.info("Dry run: mail %s of %d bytes was written and handed to nobody", name, size)
            raise OnlyRehearsed(f"dry run: {size:,} bytes were written and handed to nobody")
        return 0
