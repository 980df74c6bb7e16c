"""Feeds as elements, whatever state they come in.

In: bytes that should be XML. Out: the root's kind and one element per record; a record that is broken or cut off
is told apart from its neighbours. No entity is expanded and nothing is fetched.
"""

import re
from dataclasses import dataclass

from lxml import etree

from digest.errors import UnreadablePayload
from digest.sources._ids import find_arxiv_id
from digest.types import RejectedRecord

_ILLEGAL = bytes(range(0x09)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20))
_ILLEGAL_REFERENCE = re.compile(
    rb"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.IGNORECASE
)
_PROLOG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<\?[^>]*\?>\s*)*", re.DOTALL)
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>")
_START_TAG = re.compile(rb"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)(?:\s[^<>]*)?>")
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
"""How a payload of two bytes a letter begins."""
_SHOWN = 80
"""Characters of an answer that a message repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The root of a feed, whole or as far as it could be read, and its records."""

    root: etree._Element
    records: tuple[etree._Element | RejectedRecord, ...]


def local_name(element: etree._Element) -> str:
    """Give an element's name without its namespace."""
    tag: object = element.tag  # a comment's tag is a function
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def read_feed(payload: bytes, *, roots: dict[str, str]) -> Feed:
    """Read a payload whose root is one of `roots`; each root's value is the name of the record element in it.

    Raises: UnreadablePayload with one plain sentence when the bytes are something else.
    """
    payload = _without_illegal_characters(_as_utf8(payload))
    name, start_tag = _root_of(payload)
    record = roots.get(name)
    if record is None:
        raise UnreadablePayload(f"the payload is XML, but <{name}> is no root of a feed that this source speaks")
    try:
        root = etree.fromstring(payload, _parser())
    except etree.XMLSyntaxError:
        return _read_in_slices(payload, start_tag=start_tag, record=record)
    inside = [root] if name == record else [found for found in root.iter() if local_name(found) == record]
    return Feed(root=root, records=tuple(inside))


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Give the direct children of this local name, in any namespace."""
    return [child for child in element if local_name(child) == name]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Give the first direct child of this local name, or None."""
    return next(iter(children(element, name)), None)


def text_of(element: etree._Element | None) -> str:
    """Give all text inside an element, markup left out; "" when there is no element."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext())


def child_text(element: etree._Element, name: str) -> str:
    """Give the text of the first direct child of this local name; "" when there is none."""
    return text_of(child(element, name))


def _parser(*, recover: bool = False) -> etree.XMLParser:
    # huge_tree: one very long title must cost its record, not the feed. It lifts libxml2's guard against
    # expanding entities too, which is why a document type is refused before (see _root_of).
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=recover)


def _as_utf8(payload: bytes) -> bytes:
    """Turn UTF-16 into UTF-8, so that what follows may look for tags as bytes; its declaration would be a lie then."""
    encoding = next((name for start, name in _UTF_16.items() if payload.startswith(start)), None)
    if encoding is None:
        return payload
    return _DECLARATION.sub(b"", payload.decode(encoding, errors="replace").encode(), count=1)


def _without_illegal_characters(payload: bytes) -> bytes:
    """Drop what XML 1.0 forbids, so that one control character does not make a whole feed unreadable."""
    return _ILLEGAL_REFERENCE.sub(b"", payload.translate(None, _ILLEGAL))


def _root_of(payload: bytes) -> tuple[str, bytes]:
    """Find the root's local name and its start tag, or say what the payload is instead."""
    body = _PROLOG.sub(b"", payload, count=1)
    if not body.strip():
        raise UnreadablePayload("the payload is empty")
    if body[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise UnreadablePayload(f"the payload is an HTML page instead of a feed{_page_title(body)}")
    if body[:2] == b"<!":
        raise UnreadablePayload("the payload declares a document type, which no feed does")
    if body[:1] in b"{[":
        raise UnreadablePayload("the payload is JSON, but this source speaks XML")
    start = _START_TAG.match(body)
    if not start:
        shown = body[:_SHOWN].decode(errors="replace").replace("\n", " ").strip()
        raise UnreadablePayload(f"the payload is no XML; it starts with {shown!r}")
    return start[1].decode(errors="replace").rpartition(":")[2], start[0]


def _page_title(body: bytes) -> str:
    title = _TITLE.search(body[:100_000])
    return f", titled {title[1].decode(errors='replace').strip()[:_SHOWN]!r}" if title else ""


def _read_in_slices(payload: bytes, *, start_tag: bytes, record: str) -> Feed:
    """Read a payload that is not well-formed record by record, each inside a copy of the root's start tag."""
    starts = [found.start() for found in re.finditer(rb"<(?:[\w.-]+:)?" + record.encode() + rb"[\s>]", payload)]
    if not starts:
        raise UnreadablePayload("the payload is malformed or breaks off before its first record")
    root_at = payload.find(start_tag)
    declaration = _DECLARATION.match(payload)
    wrap = (declaration[0] if declaration else b"") + (start_tag if root_at < starts[0] else b"")
    pieces = [payload[start:stop] for start, stop in zip(starts, [*starts[1:], len(payload)], strict=True)]
    records = [_read_slice(piece, wrap=wrap, record=record) for piece in pieces]
    if not any(isinstance(found, RejectedRecord) for found in records):
        records.append(RejectedRecord(identifier="", reason="the payload is broken after its last whole record"))
    head = etree.fromstring(wrap + payload[root_at + len(start_tag) : starts[0]] or b"<feed/>", _parser(recover=True))
    return Feed(root=etree.Element("feed") if head is None else head, records=tuple(records))


def _read_slice(piece: bytes, *, wrap: bytes, record: str) -> etree._Element | RejectedRecord:
    """Read one record alone; what follows its end tag belongs to nobody."""
    end = re.search(rb"</(?:[\w.-]+:)?" + record.encode() + rb"\s*>", piece)
    if end is None:
        return _rejected(piece, "the payload breaks off in the middle of this record, or its end is missing")
    name = _START_TAG.search(wrap)
    closing = b"</" + name[1] + b">" if name else b""
    try:
        root = etree.fromstring(wrap + piece[: end.end()] + closing, _parser())
    except etree.XMLSyntaxError as error:
        return _rejected(piece, f"the record is malformed XML: {error.msg}")
    return root if local_name(root) == record else root[0]


def _rejected(piece: bytes, reason: str) -> RejectedRecord:
    return RejectedRecord(identifier=find_arxiv_id(piece.decode(errors="replace")), reason=reason)
