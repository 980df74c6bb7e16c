"""Zotero RDF, the form that Zotero's export offers first. The DOI of an article stands in its journal's element."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from digest.library._entry import Piece
from digest.library._fields import make_entry
from digest.library._identifiers import find_identifiers, from_doi
from digest.sources._xml import child_text, children, local_name, read_feed
from digest.sources._xml import text_of as text_inside
from digest.types import Identifier

NAMESPACE = "http://www.zotero.org/namespaces/export#"
_DECLARATION = re.compile(r"^<\?xml[^>]{0,200}\?>")
_BEGINNING = re.compile(r"(?:<\?xml[^>]{0,200}\?>)?\s*<rdf:RDF[\s>]")
_HEAD = 5000  # characters in which the namespaces stand
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PARTS_OF_OTHERS = frozenset({"note", "attachment", "annotation"})
_ADDRESSES = ("identifier", "description", "subject", "archive", "number")

Containers = dict[str, etree._Element]


@dataclass(frozen=True, slots=True)
class ZoteroRdf:
    """Zotero RDF."""

    name: str = "zoterordf"
    label: str = "Zotero RDF"

    def begins(self, text: str) -> int:
        """Tell RDF that speaks Zotero's words."""
        return 0 if NAMESPACE in text[:_HEAD] and _BEGINNING.match(text) else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every item; what belongs to another item is passed over.

        Raises: UnreadablePayload when it is not well-formed, or declares a document type.
        """
        root = read_feed(_DECLARATION.sub("", text, count=1).encode(), roots={"RDF": "Article"}).root
        about = {str(element.get(f"{_RDF}about", "")): element for element in root}
        used = Counter(where for item in root for where in _containers_of(item))
        alone = {where: element for where, element in about.items() if used[where] == 1}
        for item in root:
            kind = child_text(item, "itemType").strip()
            if kind and kind not in _PARTS_OF_OTHERS:
                yield _entry(item, alone)


def _containers_of(item: etree._Element) -> list[str]:
    return [str(part.get(f"{_RDF}resource", "")) for part in children(item, "isPartOf")]


def _entry(item: etree._Element, containers: Containers) -> Piece:
    parts = [containers[where] for where in _containers_of(item) if where in containers]
    parts += [inner for part in children(item, "isPartOf") for inner in part]
    return make_entry(
        title=child_text(item, "title"),
        authors=_authors(item),
        year=child_text(item, "date"),
        identifiers=chain(_names(item), *map(_dois, parts)),
    )


def _authors(item: etree._Element) -> Iterator[str]:
    for person in chain(*(names.iter() for names in children(item, "authors"))):
        if local_name(person) in ("Person", "Organization"):
            parts = (child_text(person, name).strip() for name in ("givenName", "givenname", "surname", "name"))
            yield " ".join(filter(None, parts))


def _names(item: etree._Element) -> Iterator[Identifier]:
    for element in chain(*(children(item, name) for name in _ADDRESSES)):
        yield from find_identifiers(text_inside(element))


def _dois(container: etree._Element) -> Iterator[Identifier]:
    for element in children(container, "identifier"):
        yield from from_doi(text_inside(element))


FORMAT = ZoteroRdf()
