"""MEDLINE, as PubMed saves a list (.nbib): tags of four letters, a hyphen, and lines that go on behind six blanks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from digest.library._entry import Piece
from digest.library._fields import make_entry
from digest.library._identifiers import from_doi, from_number
from digest.library._tagged import Record, records

_TAG = re.compile(r"^(?P<tag>[A-Z]{2,4}) {0,2}- ?(?P<value>.*)$")
_BEGINNING = re.compile(r"^PMID- ?\d", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Medline:
    """PubMed."""

    name: str = "medline"
    label: str = "PubMed (.nbib)"

    def begins(self, text: str) -> int:
        """Find the first record."""
        found = _BEGINNING.search(text)
        return found.start() if found else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every record."""
        for record in records(lines=text.split("\n"), tag=_TAG, first="PMID", last=frozenset()):
            yield _entry(record)


def _entry(record: Record) -> Piece:
    named = [value for tag in ("LID", "AID") for value in record.get(tag, ()) if value.endswith("[doi]")]
    return make_entry(
        title=" ".join(record.get("TI", record.get("BTI", ()))).rstrip("."),
        authors=record.get("FAU", record.get("AU", ())),
        year=" ".join(record.get("DP", ())),
        identifiers=chain(
            *(from_doi(value.removesuffix("[doi]")) for value in named),
            *(from_number(value, scheme="pmid") for value in record.get("PMID", ())[:1]),
            *(from_number(value, scheme="pmcid") for value in record.get("PMC", ())[:1]),
        ),
    )


FORMAT = Medline()
