"""What a reference list says: entries, and what stands between them that is none."""

from dataclasses import dataclass
from enum import StrEnum

from digest.types import Identifier

LONGEST_TITLE = 600  # characters; what is longer is cut
MOST_AUTHORS = 50  # the first of them tell two papers of one title apart


class Why(StrEnum):
    """Why a piece of a list is no entry that a paper could be found by."""

    BROKEN = "broken"
    NO_PAPER = "no_paper"
    FEED = "feed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper, book or page as a list names it; it has a title or an identifier.

    `authors` are as printed, the first ones first; `identifiers` are in their one spelling, the surest first.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A piece of a list that names nothing that could be looked for: how it begins, and why."""

    text: str
    why: Why


Piece = Entry | Unread
