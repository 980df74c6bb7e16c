"""The bytes of a file -> text, whatever encoding they are in; what is no text at all is refused by name."""

import codecs
import re

from charset_normalizer import from_bytes

from digest.errors import UnreadablePayload

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NO_LIST = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "zip",
    b"7z\xbc\xaf\x27\x1c": "zip",
    b"Rar!": "zip",
    b"BZh": "zip",
    b"\xfd7zXZ": "zip",
    b"%PDF": "pdf",
    b"SQLite format 3\x00": "database",
}
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_OTHERS = ["cp1252", "gb18030", "big5", "shift_jis", "euc_kr", "cp1251", "cp1253"]  # too alike to add more
_SAMPLE = 20_000  # bytes that tell an encoding
_SHARE_OF_NO_TEXT = 0.01


class NoText(UnreadablePayload):
    """The bytes are no text; `kind` is "zip", "pdf", "database", "binary" or "empty"."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"this is no list of references but {kind}")
        self.kind = kind


def decode(payload: bytes) -> str:
    """Read bytes as text: by their mark, by what they declare, as UTF-8, or as what they look like.

    Raises: NoText when they are an archive, a PDF, a database, or anything else that is no text.
    """
    kind = next((kind for start, kind in _NO_LIST.items() if payload.startswith(start)), None)
    if kind:
        raise NoText(kind)
    text = _decoded(payload).replace("\r\n", "\n").replace("\r", "\n")
    if len(_NO_TEXT.findall(text[:_SAMPLE])) > _SHARE_OF_NO_TEXT * len(text[:_SAMPLE]):
        raise NoText("binary")
    text = _NO_TEXT.sub("", text).replace("\x1b", "").lstrip("\ufeff \t\n")
    if not text:
        raise NoText("empty")
    return text


def _decoded(payload: bytes) -> str:
    mark = next((encoding for mark, encoding in _MARKS.items() if payload.startswith(mark)), None)
    if mark:
        return payload.decode(mark, errors="replace")
    if wide := _wide(payload[:_SAMPLE]):
        return payload.decode(wide, errors="replace")
    declared = _DECLARED.match(payload)
    try:
        return payload.decode(declared[1].decode() if declared else "utf-8")
    except (LookupError, UnicodeDecodeError):
        return _guessed(payload)


def _wide(sample: bytes) -> str:
    """Tell UTF-16 without a mark: every other byte of text in European letters is zero."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) > 8 and max(even, odd) > 0.3 * len(sample) / 2 and min(even, odd) < 0.05 * max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _guessed(payload: bytes) -> str:
    damaged = payload.decode(errors="replace")
    broken = damaged.count("\ufffd")
    if broken <= sum(letter > "\x7f" for letter in damaged) / 2:
        return damaged  # UTF-8 with a few wrong bytes, or cut off in the middle of a letter
    first = next(at for at, byte in enumerate(payload) if byte > 0x7F)
    sample = payload[max(first - 2000, 0) : first + _SAMPLE]
    best = from_bytes(sample, cp_isolation=_OTHERS, threshold=0.3).best()
    return payload.decode(best.encoding if best else "cp1252", errors="replace")
