"""RIS, as EndNote, Mendeley, Scopus and publishers' pages write it. An end is often missing, and lines are wrapped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from digest.library._entry import Piece
from digest.library._fields import make_entry
from digest.library._identifiers import find_identifiers, from_doi, from_number
from digest.library._tagged import Record, records

_TAG = re.compile(r"^[ \t\ufeff]*(?P<tag>[A-Z][A-Z0-9])(?: {1,3}-(?= |$)|  -)(?P<value>.*)$")
_BEGINNING = re.compile(r"^[ \t\ufeff]*TY {1,3}-", re.MULTILINE)
_TITLES = ("TI", "T1")
_OTHER_TITLES = ("CT", "BT", "T2")
_AUTHORS = ("AU", "A1")
_DATES = ("PY", "Y1", "DA")
_WITH_ADDRESSES = ("UR", "L1", "L2", "L3", "LK", "M1", "M3", "N1", "C7", "AN", "U1", "U2", "ID", "JO", "T2")


@dataclass(frozen=True, slots=True)
class Ris:
    """RIS."""

    name: str = "ris"
    label: str = "RIS"

    def begins(self, text: str) -> int:
        """Find the first line that begins a record."""
        found = _BEGINNING.search(text)
        return found.start() if found else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every record, with or without its end."""
        for record in records(lines=text.split("\n"), tag=_TAG, first="TY", last=frozenset({"ER"})):
            yield _entry(record)


def _entry(record: Record) -> Piece:
    identifiers = chain(
        *map(from_doi, record.get("DO", ())),
        *(find_identifiers(value) for tag in _WITH_ADDRESSES for value in record.get(tag, ())),
        *(from_number(value, scheme="pmid") for value in _pubmed_number(record)),
    )
    return make_entry(
        title=max((_first(record, (tag,)) for tag in _TITLES), key=len) or _first(record, _OTHER_TITLES),
        authors=chain(*(record.get(tag, ()) for tag in _AUTHORS)),
        year=_first(record, _DATES),
        identifiers=identifiers,
    )


def _first(record: Record, tags: tuple[str, ...]) -> str:
    return next((value for tag in tags for value in record.get(tag, ()) if re.search(r"\w", value)), "")


def _pubmed_number(record: Record) -> list[str]:
    is_pubmed = any("pubmed" in value.lower() for value in record.get("DB", ()))
    return [value for value in record.get("AN", ()) if is_pubmed and value.isdecimal()]


FORMAT = Ris()
