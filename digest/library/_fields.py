"""Fields of an entry, in whatever format they stood -> one `Entry`, or the reason why it names no paper."""

import re
from collections.abc import Iterable
from itertools import islice

from digest.library._entry import LONGEST_TITLE, MOST_AUTHORS, Entry, Piece, Unread, Why
from digest.sources._text import clean_tex
from digest.types import Identifier

LONGEST_NAME = 200
_RAW_SHARE = 4  # TeX may take four times the room of what it shows
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|span|jats:\w+|mml:\w+|p)\b[^<>]{0,200}>", re.IGNORECASE)


def make_entry(
    *,
    title: str = "",
    authors: Iterable[str] = (),
    year: str = "",
    identifiers: Iterable[Identifier] = (),
) -> Piece:
    """Put an entry together from raw fields; without a title and an identifier it is nothing to look for."""
    names = tuple(dict.fromkeys(identifiers))
    cleaned = plain(title)
    people = filter(None, (clean_tex(name[: LONGEST_NAME * _RAW_SHARE])[:LONGEST_NAME] for name in authors))
    if not cleaned and not names:
        return Unread(text=next(people, ""), why=Why.NOTHING)
    return Entry(title=cleaned, authors=tuple(islice(people, MOST_AUTHORS)), year=find_year(year), identifiers=names)


def plain(text: str) -> str:
    """Write a title as people read it: no markup, no braces of BibTeX, on one line."""
    return clean_tex(_TAG.sub("", text[: LONGEST_TITLE * _RAW_SHARE]))[:LONGEST_TITLE]


def find_year(text: str) -> int | None:
    """Find the first year in a date, in whatever order it is written."""
    found = _YEAR.search(text[:LONGEST_NAME])
    return int(found[0]) if found else None


def text_of(value: object) -> str:
    """Give a JSON value as text when it is one, the first of a list of them, or ""."""
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def dict_of(value: object) -> dict[str, object]:
    """Give a JSON value when it is an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """Give a JSON value when it is a list, or an empty one."""
    return value if isinstance(value, list) else []
