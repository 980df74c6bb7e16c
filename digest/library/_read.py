"""Which format a file is in, whatever its name says, and what stands in it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Protocol

from digest import plugins
from digest.library._decoding import decode
from digest.library._entry import Entry, Piece

MOST_BYTES = 5 * 1024 * 1024
MOST_ENTRIES = 2000
PLAIN = "plain"
_MOST_PIECES = 20_000  # that are counted, so that people learn how many were left


class Format(Protocol):
    """A way to write a list of papers down."""

    @property
    def name(self) -> str:
        """Its file here, e.g. "bibtex"."""

    @property
    def label(self) -> str:
        """What people call it, e.g. "BibTeX"."""

    def begins(self, text: str) -> int:
        """Find where the first sign of this format stands in a text; -1 when there is none.

        Of several formats with a sign the one whose sign comes first is meant.
        """

    def parse(self, text: str) -> Iterator[Piece]:
        """Read a text. Pure: the same text gives the same pieces, in its order.

        A piece that cannot be read costs its neighbours nothing. Takes time in proportion to the text.
        Raises: UnreadablePayload when the text as a whole is in no state to be read.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stood in a file: the format that it is in, its entries and the pieces that are none, in its order.

    `left` counts entries beyond the limit of MOST_ENTRIES.
    """

    format: str
    label: str
    pieces: tuple[Piece, ...]
    left: int = 0


@cache
def formats() -> dict[str, Format]:
    """Collect every format of this folder by its name."""
    return plugins.discover(package=sys.modules["digest.library"], attribute="FORMAT")


def sniff(*, text: str) -> Format:
    """Tell which format a text is in; what shows no sign of any is plain text."""
    signs = [(at, name) for name, known in formats().items() if (at := known.begins(text)) >= 0]
    return formats()[min(signs)[1] if signs else PLAIN]


def read_library(*, payload: bytes) -> Reading:
    """Read a file, or what a person pasted.

    Raises: NoText when it is no text at all; UnreadablePayload when it is damaged or no list of papers.
    """
    text = decode(payload)
    found = sniff(text=text)
    pieces = tuple(islice(found.parse(text), _MOST_PIECES))
    kept = pieces[:MOST_ENTRIES]
    left = sum(isinstance(piece, Entry) for piece in pieces[MOST_ENTRIES:])
    return Reading(format=found.name, label=found.label, pieces=kept, left=left)
