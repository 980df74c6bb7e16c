"""The bytes of a mail that came back -> what it reports of our mails: bounces, complaints, requests to leave. Pure.

Delivery reports (RFC 3464) and complaints (RFC 5965) are read by their fields, reports in prose by flufl.bounce and by
what all of them have: a machine as the sender, an address, a code. What a person or a vacation wrote reports nothing.
"""

import email
import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from enum import Enum
from itertools import islice
from uuid import UUID

from flufl.bounce import all_failures

from digest.mail.bounces import Weight, says_failure, weigh

MAX_BYTES = 512 * 1024  # of a report that are read: the fields come first, and our own mails are smaller
MAX_RECIPIENTS = 20  # of one report; each mail of ours has one
COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other", ""})
OPT_OUTS = frozenset({"opt-out", "opt-out-list"})

_FIELD = re.compile(r"^(?P<name>[A-Za-z-]+):[ \t]*(?P<value>.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_LEAVE = re.compile(rf"\s*unsubscribe\b\s*(?P<id>{_UUID})?", re.IGNORECASE)
_LEAVE_ADDRESS = re.compile(r"\+u([0-9a-f]{32})@", re.IGNORECASE)
_DAEMON = re.compile(r"mailer-?daemon|postmaster|mail ?delivery|mdaemon|mail administrator", re.IGNORECASE)
_COPY_BEGINS = re.compile(
    r"^\W*(?:original message\b|(?:this|below).{0,60}\b(?:a )?copy of|below this line|.{0,40}original message headers|"
    r"return-path:|received:)",
    re.IGNORECASE | re.MULTILINE,
)
_REPLY_MARKS = ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autoresponder")
_REPORTED_BY_A_FORM = re.compile(r"^\s*complaint about message from\b", re.IGNORECASE)


class Kind(Enum):
    """What a report is about."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    LEAVE = "leave"
    """The reader asks to be mailed no more, without a complaint."""
    NO_COMPLAINT = "no complaint"
    """A feedback report of something else: a failed DKIM check, "this is not spam"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one mail that came back says of one of ours."""

    kind: Kind
    recipient: str
    """As the report spells it; empty where it names nobody."""
    weight: Weight | None = None
    """Of a bounce."""
    status: str = ""
    words: str = ""
    report_id: str = ""
    """The same for each copy of the report."""
    our_ids: tuple[UUID, ...] = ()
    """What was found before the @ of our own Message-IDs, or behind the + of our return address."""
    at: datetime | None = None


def read(*, raw: bytes, domain: str) -> tuple[Report, ...]:
    """Read what a mail reports; nothing when it is no report: a person's reply, a vacation, a challenge.

    `domain` is that of our own Message-IDs. Only the first MAX_BYTES are looked at, and nothing is raised whatever
    the bytes are.
    """
    message = email.message_from_bytes(raw[:MAX_BYTES])
    found = _complaints(message) or _requests_to_leave(message) or _bounces(message)
    if not found:
        return ()
    report_id, our_ids, at = _report_id(message, raw), _our_ids(message, raw, domain), _date(message)
    return tuple(replace(report, report_id=report_id, our_ids=our_ids, at=at) for report in found)


def _complaints(message: Message) -> list[Report]:
    fields = next((_fields(_text(part)) for part in _parts(message, "message/feedback-report")), None)
    if fields is None and not _is_form_complaint(message):
        return []
    fields = fields or {}
    what = fields.get("feedback-type", "").lower()
    kind = Kind.COMPLAINT if what in COMPLAINTS else Kind.LEAVE if what in OPT_OUTS else Kind.NO_COMPLAINT
    named = fields.get("original-rcpt-to", "") or _original_recipient(message)
    return [Report(kind=kind, recipient=_address(named), words=f"feedback: {what or 'complaint'}")]


def _is_form_complaint(message: Message) -> bool:
    """Know a large provider's complaint, which has no fields: its subject, and our mail as the one attachment."""
    return bool(_REPORTED_BY_A_FORM.match(_header(message, "Subject"))) and bool(_returned(message))


def _requests_to_leave(message: Message) -> list[Report]:
    """Know what a mail program sends to the mailto of List-Unsubscribe."""
    asks = _LEAVE.fullmatch(_header(message, "Subject")) or _LEAVE_ADDRESS.search(_sent_to(message))
    if message.get_content_maintype() == "message" or _parts(message, "message/delivery-status") or not asks:
        return []
    return [Report(kind=Kind.LEAVE, recipient=parseaddr(_header(message, "From"))[1], words="asked by mail")]


def _bounces(message: Message) -> list[Report]:
    prose = _prose(message)
    blocks = list(islice(_blocks(message), MAX_RECIPIENTS))
    if blocks:
        return [_bounce(block, prose) for block in blocks]
    if not _is_from_a_machine(message) or not _tells_a_failure(message, prose):
        return []
    fields = _fields(prose)
    words = fields.get("diagnostic-code", "") or prose
    weight = weigh(action=fields.get("action", ""), status=fields.get("status", ""), words=words)
    named = _failed_addresses(message, prose)[:MAX_RECIPIENTS]
    return [_found(weight, address, fields.get("status", ""), words) for address in named]


def _bounce(block: dict[str, str], prose: str) -> Report:
    diagnosis = block.get("diagnostic-code", "")
    words = diagnosis if says_failure(text=diagnosis) else f"{diagnosis} {prose}"
    weight = weigh(action=block.get("action", ""), status=block.get("status", ""), words=words)
    named = block.get("original-recipient") or block.get("final-recipient", "")
    return _found(weight, _address(named.partition(";")[2] or named), block.get("status", ""), diagnosis or prose)


def _found(weight: Weight, address: str, status: str, words: str) -> Report:
    return Report(kind=Kind.BOUNCE, weight=weight, recipient=address, status=status[:40], words=words[:1_000])


def _blocks(message: Message) -> Iterator[dict[str, str]]:
    """Read the fields of each recipient; the block of the whole report, which names none, is passed over."""
    for part in _parts(message, "message/delivery-status"):
        inner = part.get_payload()
        texts = [_written(block) for block in inner] if isinstance(inner, list) else str(inner).split("\n\n")
        for text in texts:
            fields = _fields(text)
            if "final-recipient" in fields or "original-recipient" in fields:
                yield fields


def _is_from_a_machine(message: Message) -> bool:
    """Tell a mail server's report from a person's or a vacation's mail; some servers call theirs a reply as well."""
    if _DAEMON.search(_header(message, "From")):
        return True
    is_reply = any(message.get(name) for name in _REPLY_MARKS) or "replied" in _header(message, "Auto-Submitted")
    return _header(message, "Return-Path") == "<>" and not is_reply


def _tells_a_failure(message: Message, prose: str) -> bool:
    return "X-Failed-Recipients" in message or says_failure(text=prose)


def _failed_addresses(message: Message, prose: str) -> list[str]:
    named = [address for _, address in getaddresses(message.get_all("X-Failed-Recipients", [])) if "@" in address]
    if named:
        return named
    temporary, permanent = _by_dialect(message)
    known = sorted({address.decode(errors="replace") for address in (*temporary, *permanent)})
    ours = {address.lower() for _, address in getaddresses(message.get_all("To", []) + message.get_all("From", []))}
    return known or [hit[0] for hit in _ADDRESS.finditer(prose) if hit[0].lower() not in ours][:1] or [""]


def _by_dialect(message: Message) -> tuple[Collection[bytes], Collection[bytes]]:
    try:
        return all_failures(message)
    except Exception:  # noqa: BLE001 - a detector that trips over broken MIME has found nothing
        return (), ()


def _our_ids(message: Message, raw: bytes, domain: str) -> tuple[UUID, ...]:
    """Find our own ids: in the request's subject, the returned mail's headers, or the address that it came back to."""
    text = "\n".join([raw[:MAX_BYTES].decode("latin-1"), *(_text(part) for part in message.walk() if _is_text(part))])
    ids = re.findall(rf"(?<![\w-])({_UUID})@{re.escape(domain)}(?![\w.-])", text, re.IGNORECASE)
    ids += re.findall(rf"\+({_UUID})@", _sent_to(message), re.IGNORECASE) + _LEAVE_ADDRESS.findall(_sent_to(message))
    if asked := _LEAVE.fullmatch(_header(message, "Subject")):
        ids += [asked["id"]] if asked["id"] else []
    return tuple(dict.fromkeys(UUID(found) for found in ids))[:MAX_RECIPIENTS]


def _sent_to(message: Message) -> str:
    return " ".join(_header(message, name) for name in ("To", "Delivered-To", "X-Original-To"))


def _original_recipient(message: Message) -> str:
    """Find whom the complained mail was for: in our mail as it came back."""
    names = ("X-HmXmrOriginalRecipient", "Delivered-To", "X-Original-To", "To")
    for returned in _returned(message):
        for name in names:
            if "@" in (value := _header(returned, name)):
                return value
    return ""


def _returned(message: Message) -> list[Message]:
    """Find our own mail in a report, or its headers."""
    whole = [inner for part in _parts(message, "message/rfc822") for inner in _inner(part)]
    return whole + [email.message_from_string(_text(part)) for part in _parts(message, "text/rfc822-headers")]


def _inner(part: Message) -> Sequence[Message]:
    payload = part.get_payload() if part.is_multipart() else None
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _parts(message: Message, content_type: str) -> list[Message]:
    """List the direct parts of a type: what a person forwards as an attachment is no report of its own."""
    return [part for part in _inner(message) if part.get_content_type() == content_type]


def _prose(message: Message) -> str:
    """Read what a report says to people, without the copy of our mail below it.

    A report whose parts have lost their borders is one text, whatever its header calls it.
    """
    text = "\n".join(_text(part) for part in _told_to_people(message)) if message.is_multipart() else _text(message)
    copy = _COPY_BEGINS.search(text)
    return text[: copy.start()] if copy else text


def _told_to_people(message: Message) -> Iterator[Message]:
    for part in _inner(message):
        inner = _inner(part) if part.get_content_maintype() == "multipart" else [part]
        yield from (one for one in inner if _is_text(one))


def _is_text(part: Message) -> bool:
    return part.get_content_type() in {"text/plain", "text/html"} or part.get_content_type() == "text/rfc822-headers"


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        inner = part.get_payload()
        return "\n".join(map(_written, inner)) if isinstance(inner, list) else str(inner)
    try:
        text = payload.decode(part.get_content_charset("utf-8"), errors="replace")
    except (LookupError, ValueError):
        text = payload.decode("utf-8", errors="replace")
    return text.replace("\r\n", "\n")


def _written(part: object) -> str:
    """Write a part of a report as a text; of one that the library would not write down again, its headers alone."""
    try:
        return str(part)
    except (LookupError, ValueError, MessageError):
        return "\n".join(f"{name}: {value}" for name, value in part.items()) if isinstance(part, Message) else ""


def _fields(text: str) -> dict[str, str]:
    """Read the fields of a block; the first of a name stands."""
    fields: dict[str, str] = {}
    for hit in _FIELD.finditer(text.replace("\r\n", "\n")):
        fields.setdefault(hit["name"].lower(), " ".join(hit["value"].split()))
    return fields


def _address(text: str) -> str:
    found = _ADDRESS.search(text)
    return found[0][:254] if found else ""


def _header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (LookupError, ValueError, MessageError):
        return " ".join(value.split())


def _report_id(message: Message, raw: bytes) -> str:
    """Name a report so that its copy has the same name: by its Message-ID, else by its text without the trace."""
    told = _header(message, "Message-ID") or raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
    return hashlib.sha256(told if isinstance(told, bytes) else told.encode(errors="replace")).hexdigest()


def _date(message: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
