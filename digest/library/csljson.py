"""CSL-JSON, as Zotero, Mendeley and Pandoc write it, and Crossref's answers, which are nearly the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from digest.library._entry import Piece, Unread, Why
from digest.library._fields import dict_of, list_of, make_entry, text_of
from digest.library._identifiers import find_identifiers, from_doi, from_number
from digest.sources._json import read_elements
from digest.types import Identifier, RejectedRecord

_OTHER_JSON = re.compile(r"\"(?:itemType|work-summary|orcid-identifier|external-id-type)\"\s*:")
_LISTS = ("items", "references", "message", "data", "bibliography")
_ENTRY_KEYS = frozenset({"title", "DOI", "author", "container-title", "PMID", "URL"})
_DEEPEST = 2
_ADDRESSES = ("URL", "note", "number", "archive_location", "annote", "container-title")
_DATES = ("issued", "published", "published-print", "published-online", "original-date")


@dataclass(frozen=True, slots=True)
class CslJson:
    """CSL-JSON."""

    name: str = "csljson"
    label: str = "CSL-JSON"

    def begins(self, text: str) -> int:
        """Take any JSON that is not known to be something else."""
        return 0 if text[:1] in "[{" and _looks_like_json(text) and not _OTHER_JSON.search(text) else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every item of a list, of an object that holds one, or the one item that the object is."""
        for element in read_elements(text.encode()):
            yield from _pieces(element)


def _looks_like_json(text: str) -> bool:
    return re.match(r"[\[{]\s*[\[{\"\]}]", text) is not None


def _pieces(element: Any) -> Iterator[Piece]:
    if isinstance(element, RejectedRecord):
        yield Unread(text=element.identifier, why=Why.BROKEN)
        return
    items = list(_items(element))
    yield from map(_entry, items)
    if not items:
        named = dict_of(element)
        yield Unread(text=text_of(named.get("name") or named.get("id") or element)[:200], why=Why.NO_PAPER)


def _items(element: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Find the items in an object: it is one, or it holds them in a list, or under their ids."""
    if not isinstance(element, dict) or depth > _DEEPEST:
        return
    if element.keys() & _ENTRY_KEYS:
        yield element
        return
    inside = next((element[name] for name in _LISTS if isinstance(element.get(name), list | dict)), element.values())
    for item in [inside] if isinstance(inside, dict) else inside:
        yield from _items(item, depth + 1)


def _entry(item: dict[str, Any]) -> Piece:
    title, subtitle = text_of(item.get("title")), text_of(item.get("subtitle"))
    return make_entry(
        title=f"{title}: {subtitle}" if title and subtitle else title or text_of(item.get("title-short")),
        authors=map(_name, list_of(item.get("author")) or list_of(item.get("editor"))),
        year=next(filter(None, (_year(item.get(name)) for name in _DATES)), ""),
        identifiers=_identifiers(item),
    )


def _name(person: object) -> str:
    parts = dict_of(person)
    particle, family = text_of(parts.get("non-dropping-particle")), text_of(parts.get("family"))
    printed = " ".join(filter(None, (text_of(parts.get("given")), particle, family)))
    return printed or text_of(parts.get("literal")) or text_of(parts.get("name")) or text_of(person)


def _year(date: object) -> str:
    if isinstance(date, str):
        return date
    parts = list_of(dict_of(date).get("date-parts"))
    return text_of(parts) or text_of(dict_of(date).get("raw")) or text_of(dict_of(date).get("literal"))


def _identifiers(item: dict[str, Any]) -> Iterator[Identifier]:
    archive = text_of(item.get("archive")) or text_of(item.get("publisher"))
    if "arxiv" in archive.lower():
        yield from find_identifiers(f"arXiv:{text_of(item.get('archive_location')) or text_of(item.get('number'))}")
    yield from from_doi(text_of(item.get("DOI")))
    yield from from_number(text_of(item.get("PMID")), scheme="pmid")
    yield from from_number(text_of(item.get("PMCID")), scheme="pmcid")
    yield from chain(*(find_identifiers(text_of(item.get(name))) for name in _ADDRESSES))


FORMAT = CslJson()
