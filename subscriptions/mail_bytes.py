"""A mail -> the bytes that travel. Where its parts are encoded already, only the headers are written here.

The same as Django's own message() says, at a small part of its price: a header that fits its line is not looked at
twice, and no part is taken apart into lines again.
"""

import re
from collections.abc import Iterator
from email.header import Header
from email.policy import compat32
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import forbid_multi_line_headers, sanitize_address

BOUNDARY = "=_postprint"  # what begins so stands in no quoted-printable text (RFC 2045, section 6.7)
LINE_COLUMNS = 78
ENCODED_WORD_CHARS = 75  # RFC 2047, section 2
ELSEWHERE = frozenset({"from", "to", "cc", "reply-to"})

_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_HEAD = (
    f'Content-Type: multipart/alternative;\r\n boundary="{BOUNDARY}"\r\nMIME-Version: 1.0\r\n',
    f'\r\n--{BOUNDARY}\r\nContent-Type: text/plain; charset="utf-8"\r\nMIME-Version: 1.0\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
    f'\r\n--{BOUNDARY}\r\nContent-Type: text/html; charset="utf-8"\r\nMIME-Version: 1.0\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
    f"\r\n--{BOUNDARY}--\r\n",
)
_TOP, _TEXT, _HTML, _END = (part.encode("ascii") for part in _HEAD)


def to_bytes(*, message: EmailMessage) -> bytes:
    """Write a mail as it travels: ASCII, lines of at most 78 columns that end with CRLF.

    Raises: BadHeaderError when a header holds a line break.
    """
    parts = getattr(message, "wire_parts", None)
    if parts is None:
        made: Any = message.message()  # whose types know no linesep
        return bytes(made.as_bytes(linesep="\r\n"))
    head = "".join(_fold(name, value) for name, value in _headers(message)).encode("ascii")
    return b"".join((_TOP, head, _TEXT, parts[0], _HTML, parts[1], _END))


def envelope_address(*, address: str) -> str:
    """Write an address as SMTP takes it: without a name, its domain in ASCII."""
    return address if _PLAIN_ADDRESS.fullmatch(address) else str(sanitize_address(address, "utf-8"))


def subject_header(*, subject: str) -> str:
    """Write a subject; beyond ASCII in encoded words that are no longer than the standard allows."""
    return Header(subject, "utf-8", ENCODED_WORD_CHARS, header_name="Subject").encode(linesep="")


def _headers(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """List the headers of a mail to one reader, in Django's order."""
    extra = message.extra_headers
    subject = str(message.subject)
    yield "Subject", subject if subject.isascii() else _subject(subject)
    yield "From", str(extra.get("From", message.from_email))
    yield "To", envelope_address(address=message.to[0])
    yield "Date", formatdate(localtime=settings.EMAIL_USE_LOCALTIME)
    yield from ((name, str(value)) for name, value in extra.items() if name.lower() not in ELSEWHERE)


def _fold(name: str, value: str) -> str:
    is_short = len(name) + 2 + len(value) <= LINE_COLUMNS
    return f"{name}: {value}\r\n" if is_short and value.isascii() and value.isprintable() else _long(name, value)


@lru_cache(maxsize=1_000)
def _long(name: str, value: str) -> str:
    _, safe = forbid_multi_line_headers(name, value, "utf-8")
    return compat32.fold(name, safe).replace("\n", "\r\n")


@lru_cache(maxsize=1_000)
def _subject(subject: str) -> str:
    return subject_header(subject=subject)
