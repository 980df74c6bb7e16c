"""The tagged text files of the Web of Science: a tag of two letters, a blank, and lines that go on behind three."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from digest.library._entry import Piece
from digest.library._fields import make_entry
from digest.library._identifiers import find_identifiers, from_doi, from_number
from digest.library._tagged import Record, records

_TAG = re.compile(r"^(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>.*)|$)")
_BEGINNING = re.compile(r"^PT [A-Z]\n(?:AU|BA|BE|CA|AF|TI) ", re.MULTILINE)
_FIRST_LINE = re.compile(r"^FN .{0,100}(?:Web of Science|Clarivate|Thomson|ISI)")


@dataclass(frozen=True, slots=True)
class WebOfScience:
    """Web of Science, plain text."""

    name: str = "webofscience"
    label: str = "Web of Science"

    def begins(self, text: str) -> int:
        """Find the line that names the file's maker, or the first record."""
        found = _FIRST_LINE.search(text) or _BEGINNING.search(text)
        return found.start() if found else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every record; a tag without a value is given an empty one."""
        lines = (line + " " if len(line) == 2 else line for line in text.split("\n"))
        for record in records(lines=lines, tag=_TAG, first="PT", last=frozenset({"ER", "EF"})):
            if record.keys() - {"FN", "VR"}:
                yield _entry(record)


def _entry(record: Record) -> Piece:
    return make_entry(
        title=" ".join(record.get("TI", ())),
        authors=chain(*(value.split("\n") for value in record.get("AF", record.get("AU", ())))),
        year=" ".join(record.get("PY", ())),
        identifiers=chain(
            *map(from_doi, record.get("DI", ())),
            *map(find_identifiers, record.get("UR", ())),
            *(from_number(value, scheme="pmid") for value in record.get("PM", ())),
        ),
    )


FORMAT = WebOfScience()
