"""Items as Zotero's web API and its JSON export write them; notes, attachments and annotations are no papers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from digest.library._entry import Piece, Unread, Why
from digest.library._fields import dict_of, list_of, make_entry, text_of
from digest.library._identifiers import find_identifiers, from_arxiv, from_doi
from digest.sources._json import read_elements
from digest.types import Identifier, RejectedRecord

_BEGINNING = re.compile(r"\"itemType\"\s*:")
_PARTS_OF_OTHERS = frozenset({"note", "attachment", "annotation"})
_ADDRESSES = ("url", "extra", "archiveLocation", "callNumber", "publicationTitle", "reportNumber")
_TITLES = ("title", "subject", "nameOfAct", "caseName", "shortTitle")


@dataclass(frozen=True, slots=True)
class Zotero:
    """Zotero's items."""

    name: str = "zotero"
    label: str = "Zotero (JSON)"

    def begins(self, text: str) -> int:
        """Tell JSON whose objects have an item type."""
        return 0 if text[:1] in "[{" and _BEGINNING.search(text) else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every item; what belongs to another item is passed over."""
        for element in read_elements(text.encode()):
            items = element.get("items") if isinstance(element, dict) else None
            yield from chain(*map(_pieces, items if isinstance(items, list) else [element]))


def _pieces(element: Any) -> Iterator[Piece]:
    if isinstance(element, RejectedRecord):
        yield Unread(text=element.identifier, why=Why.BROKEN)
        return
    item = dict_of(dict_of(element).get("data")) or dict_of(element)
    if text_of(item.get("itemType")) in _PARTS_OF_OTHERS or item.get("deleted"):
        return
    yield _entry(item) if item else Unread(text=text_of(element)[:200], why=Why.NO_PAPER)


def _entry(item: dict[str, object]) -> Piece:
    return make_entry(
        title=next(filter(None, (text_of(item.get(name)) for name in _TITLES)), ""),
        authors=map(_name, _by_authors_first(list_of(item.get("creators")))),
        year=text_of(item.get("date")),
        identifiers=_identifiers(item),
    )


def _by_authors_first(creators: list[object]) -> list[object]:
    return sorted(creators, key=lambda creator: dict_of(creator).get("creatorType") != "author")


def _name(creator: object) -> str:
    parts = dict_of(creator)
    printed = " ".join(filter(None, (text_of(parts.get("firstName")), text_of(parts.get("lastName")))))
    return printed or text_of(parts.get("name"))


def _identifiers(item: dict[str, object]) -> Iterator[Identifier]:
    archive_id = text_of(item.get("archiveID"))
    if "arxiv" in f"{archive_id} {text_of(item.get('repository'))} {text_of(item.get('archive'))}".lower():
        yield from from_arxiv(archive_id)
    yield from from_doi(text_of(item.get("DOI")))
    yield from chain(*(find_identifiers(text_of(item.get(name))) for name in _ADDRESSES))


FORMAT = Zotero()
