"""Reads the folder into which the `file` provider writes, for the demo's inbox; what cannot be read is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

MAX_BYTES = 2_000_000  # of one mail
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@=+-]{0,200}\.eml")


class NoSuchMail(Exception):
    """There is no mail of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A line of the list; `name` is the file's."""

    name: str
    subject: str
    sender: str
    to: str
    date: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that was opened; a part that it does not have is empty."""

    envelope: Envelope
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def newest_first(*, folder: Path, most: int) -> Iterator[Envelope]:
    """Give the last mails; their names begin with the time, so names sort as mails were sent."""
    names = sorted((path.name for path in folder.glob("*.eml")), reverse=True) if folder.is_dir() else []
    for name in names[:most]:
        try:
            raw = _bytes(folder=folder, name=name)
        except NoSuchMail:
            continue
        yield _envelope(name, BytesHeaderParser(policy=policy.default).parsebytes(raw))


def how_many(*, folder: Path) -> int:
    """Count the mails in the folder."""
    return sum(1 for _ in folder.glob("*.eml"))


def read_letter(*, folder: Path, name: str) -> Letter:
    """Open one mail by its file's name.

    Raises: NoSuchMail when there is none that can be read; a name that leads out of the folder is none.
    """
    raw = _bytes(folder=folder, name=name)
    message = BytesParser(policy=policy.default).parsebytes(raw)
    return Letter(
        envelope=_envelope(name, message),
        headers=tuple(_headers(message)),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _bytes(*, folder: Path, name: str) -> bytes:
    path = folder / name
    if not NAME.fullmatch(name) or path.is_symlink():
        raise NoSuchMail(name)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as error:
        raise NoSuchMail(name) from error


def _envelope(name: str, message: EmailMessage) -> Envelope:
    headers = dict(_headers(message))
    return Envelope(
        name=name,
        subject=headers.get("Subject", ""),
        sender=headers.get("From", ""),
        to=headers.get("To", ""),
        date=_date(headers.get("Date", "")),
    )


def _headers(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Decode the headers one by one. The parser of the standard library stumbles over some that are broken."""
    for name, raw in message.raw_items():
        try:
            value = str(message.policy.header_fetch_parse(name, raw))
        except (ValueError, IndexError, LookupError, AttributeError, TypeError):
            value = str(raw)
        yield name, value


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError, ValueError):
        return cast(bytes, body.get_payload(decode=True) or b"").decode("utf-8", "replace")
