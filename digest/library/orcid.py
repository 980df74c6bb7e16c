"""The works of a person as ORCID's public API answers them, alone or inside the whole record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from digest.library._entry import Piece, Unread, Why
from digest.library._fields import dict_of, list_of, make_entry, text_of
from digest.library._identifiers import find_identifiers, from_arxiv, from_doi, from_number
from digest.sources._json import read_elements
from digest.types import Identifier

_BEGINNING = re.compile(r"\"(?:work-summary|orcid-identifier|external-id-type|activities-summary)\"\s*:")
_OF_ANOTHER_WORK = frozenset({"part-of", "funded-by"})


@dataclass(frozen=True, slots=True)
class Orcid:
    """ORCID's works."""

    name: str = "orcid"
    label: str = "ORCID"

    def begins(self, text: str) -> int:
        """Tell JSON that speaks ORCID's words."""
        return 0 if text[:1] in "[{" and _BEGINNING.search(text) else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every group of works as one; several sources may have told of the same work."""
        for element in read_elements(text.encode()):
            record = dict_of(element)
            works = dict_of(dict_of(record.get("activities-summary")).get("works")) or record
            for group in list_of(works.get("group")):
                yield _entry(dict_of(group))


def _entry(group: dict[str, object]) -> Piece:
    summaries = [dict_of(summary) for summary in list_of(group.get("work-summary"))]
    if not summaries:
        return Unread(text="", why=Why.NOTHING)
    first = summaries[0]
    title = dict_of(first.get("title"))
    main, subtitle = _value(title.get("title")), _value(title.get("subtitle"))
    return make_entry(
        title=f"{main}: {subtitle}" if main and subtitle else main,
        year=_value(dict_of(first.get("publication-date")).get("year")),
        identifiers=chain(*map(_identifiers, [group, *summaries])),
    )


def _value(wrapped: object) -> str:
    return text_of(dict_of(wrapped).get("value"))


def _identifiers(part: dict[str, object]) -> Iterator[Identifier]:
    for name in map(dict_of, list_of(dict_of(part.get("external-ids")).get("external-id"))):
        kind, value = text_of(name.get("external-id-type")).lower(), text_of(name.get("external-id-value"))
        if text_of(name.get("external-id-relationship")).lower() in _OF_ANOTHER_WORK:
            continue
        if kind == "arxiv":
            yield from from_arxiv(value)
        elif kind == "doi":
            yield from from_doi(value)
        elif kind in ("pmid", "pmc"):
            yield from from_number(value, scheme="pmid" if kind == "pmid" else "pmcid")
        else:
            yield from find_identifiers(value)
    yield from find_identifiers(_value(part.get("url")))


FORMAT = Orcid()
