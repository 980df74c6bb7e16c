"""RSS, Atom and OPML: a journal's feed, a saved search, or a list of papers as outlines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from digest.library._entry import Piece, Unread, Why
from digest.library._fields import make_entry, plain
from digest.library._identifiers import find_identifiers, from_doi
from digest.sources._xml import child_text, children, local_name, read_feed
from digest.sources._xml import text_of as text_inside
from digest.types import Identifier, RejectedRecord

_ROOTS = {"rss": "item", "RDF": "item", "feed": "entry", "opml": "outline"}
_BEGINNING = re.compile(
    r"(?:<\?xml[^>]{0,200}\?>)?\s*(?:<!--.*?-->\s*|<\?[^>]{0,500}\?>\s*)*<(?:\w{1,10}:)?(?:rss|RDF|feed|opml)[\s>]",
    re.DOTALL,
)
_XML = re.compile(r"<\?xml|<!DOCTYPE(?!\s+html)", re.IGNORECASE)
_OTHER_RDF = "http://www.zotero.org/namespaces/export#"
_HEAD = 5000  # characters in which the namespaces stand
_DATES = ("publicationDate", "date", "published", "pubDate", "updated", "issued")
_DECLARATION = re.compile(r"^<\?xml[^>]{0,200}\?>")
_FEED_TYPES = frozenset({"rss", "atom", "feed", "include"})


@dataclass(frozen=True, slots=True)
class Feed:
    """RSS, Atom and OPML."""

    name: str = "feed"
    label: str = "RSS, Atom, OPML"

    def begins(self, text: str) -> int:
        """Tell XML; what is XML but no feed is refused by its root's name."""
        if text[:1] != "<" or _OTHER_RDF in text[:_HEAD]:
            return -1
        return 0 if _BEGINNING.match(text) or _XML.match(text) else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every item, entry or outline.

        Raises: UnreadablePayload when it is XML but no feed, or declares a document type.
        """
        feed = read_feed(_DECLARATION.sub("", text, count=1).encode(), roots=_ROOTS)
        for record in feed.records:
            if isinstance(record, RejectedRecord):
                yield Unread(text=record.identifier, why=Why.BROKEN)
            elif local_name(record) == "outline":
                yield from _outline(record)
            else:
                yield _item(record)


def _item(item: etree._Element) -> Piece:
    names = [
        text_inside(element) for tag in ("identifier", "doi", "id", "guid", "link") for element in children(item, tag)
    ]
    links = [str(element.get("href", "")) for element in children(item, "link")]
    links += [str(value) for name, value in item.attrib.items() if str(name).endswith("about")]
    return make_entry(
        title=child_text(item, "title"),
        authors=_authors(item),
        year=next(filter(None, (child_text(item, name) for name in _DATES)), ""),
        identifiers=chain(_from_fields(item), *map(find_identifiers, [*names, *links])),
    )


def _from_fields(item: etree._Element) -> Iterator[Identifier]:
    for tag in ("doi", "identifier"):
        for element in children(item, tag):
            yield from from_doi(text_inside(element))


def _authors(item: etree._Element) -> Iterator[str]:
    for element in [*children(item, "author"), *children(item, "creator")]:
        printed = child_text(element, "name") or text_inside(element)
        yield from printed.split(",") if printed.count(",") > 1 else [printed]


def _outline(outline: etree._Element) -> Iterator[Piece]:
    """Read one line of an OPML list; a heading over others is none, and a feed to subscribe to is no paper."""
    value = {local_name_of(name): str(text) for name, text in outline.attrib.items()}
    title = value.get("text") or value.get("title") or ""
    addresses = [value.get(name, "") for name in ("url", "htmlurl", "xmlurl", "doi", "_note", "description")]
    named = tuple(chain(*map(find_identifiers, [*addresses, title])))
    if children(outline, "outline") and not named:
        return
    if value.get("type", "").lower() in _FEED_TYPES and value.get("xmlurl") and not named:
        yield Unread(text=plain(title), why=Why.FEED)
        return
    yield make_entry(title=title, identifiers=named, year=value.get("created", ""))


def local_name_of(name: object) -> str:
    """Give an attribute's name in lower case, without its namespace."""
    return str(name).rpartition("}")[2].lower()


FORMAT = Feed()
