"""A list of papers as a document that feed readers take. One file is one format.

In: a Feed of plain texts and absolute addresses. Out: bytes. Nothing is read here, neither rows nor the clock.
Every public module of this folder defines FORMAT.
"""

import sys
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from digest.plugins import discover


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper. `id` never changes and is nobody else's; `html` is safe to show, all other texts are plain.

    Times are aware; `published` is when the paper came into this feed, `updated` when it last changed.
    """

    id: str
    title: str
    url: str
    html: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list of papers; `url` is its own address, `page_url` that of the page which shows the same to a person.

    `updated` is when the newest entry changed; of a feed without entries any moment that stays the same.
    """

    id: str
    title: str
    description: str
    url: str
    page_url: str
    author: str
    language: str
    updated: datetime
    entries: tuple[Entry, ...]


class Format(Protocol):
    """A way to write a feed down."""

    content_type: str
    """What the document is called in HTTP, with its charset."""

    def write(self, *, feed: Feed) -> bytes:
        """Write the document, in UTF-8: the same feed gives the same bytes."""
        ...


@cache
def formats() -> dict[str, Format]:
    """Collect every format of this folder by the name of its file, which is also the ending of its addresses."""
    return discover(package=sys.modules[__name__], attribute="FORMAT")
