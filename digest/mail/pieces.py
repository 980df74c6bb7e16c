"""Text that is the same in thousands of mails, encoded once: a mail is put together from pieces and what fills them.

A piece is quoted-printable that ends with a line break, a soft one (`=`) where the text has none, so that any
piece may stand behind any other: no line grows beyond 76 columns, and what is decoded is the text (RFC 2045, 6.7).
Nothing here knows a template or a paper.
"""

import re
from binascii import b2a_qp
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LINE_COLUMNS = 76
SOFT_BREAK = b"=\r\n"
OPENS, CLOSES = "\ue000", "\ue001"  # of private use, which clean_line takes out of every text of a paper or a reader

_PLACE = re.compile(f"{OPENS}([a-z0-9_]+){CLOSES}")


class Piece(NamedTuple):
    """Some text, and how it travels."""

    text: str
    wire: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Pieces with named places between them: `pieces` has one more than `places`."""

    pieces: tuple[Piece, ...]
    places: tuple[str, ...]

    def fill(self, values: Mapping[str, Piece]) -> Piece:
        """Put a value into each place."""
        texts, wires = [self.pieces[0].text], [self.pieces[0].wire]
        for place, piece in zip(self.places, self.pieces[1:], strict=True):
            value = values[place]
            texts += (value.text, piece.text)
            wires += (value.wire, piece.wire)
        return Piece("".join(texts), b"".join(wires))


def place(name: str) -> str:
    """Write the mark that keeps a place in a text free; `name` is of small letters, digits and underscores."""
    return f"{OPENS}{name}{CLOSES}"


def form_of(*, text: str) -> Form:
    """Encode a text around its marks."""
    parts = _PLACE.split(text)
    return Form(pieces=tuple(encode(text=part) for part in parts[::2]), places=tuple(parts[1::2]))


def encode(*, text: str) -> Piece:
    """Encode a text whose lines end with a line feed; empty stays empty."""
    wire = b2a_qp(text.encode()).replace(b"\n", b"\r\n")
    if not wire or wire.endswith(b"\r\n"):
        return Piece(text, wire)
    if len(wire) - wire.rfind(b"\n") - 1 < LINE_COLUMNS:
        return Piece(text, wire + SOFT_BREAK)
    last = -3 if wire[-3:-2] == b"=" else -1  # a full line has no room for the soft break
    return Piece(text, wire[:last] + SOFT_BREAK + wire[last:] + SOFT_BREAK)


def ended(*, wire: bytes) -> bytes:
    """Take the soft break from the end of a part: there, the line ends anyway."""
    return wire.removesuffix(SOFT_BREAK)


def filler(*, escape: Callable[[str], str] = str) -> Callable[[str], Piece]:
    """Make the function that encodes what is written into a place."""
    return lambda text: encode(text=escape(text))
