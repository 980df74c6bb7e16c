"""What the W3C's feed validator asks of a document, as far as this service can break it: problems, a sentence each."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
from lxml import etree

ATOM_GRAMMAR = Path(__file__).parents[2] / "fixtures" / "feeds" / "atom.rng"
ATOM = "{http://www.w3.org/2005/Atom}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}")
TAG_URI = re.compile(r"tag:[A-Za-z0-9.-]+,\d{4}(-\d{2}){0,2}:[^\s<>\"]+")
CHANNEL = ("title", "link", "description")
IN_A_CHANNEL = {*CHANNEL, "language", "lastBuildDate", "item", f"{ATOM}link"}
IN_AN_ITEM = {"title", "link", "description", "guid", "pubDate", "category", f"{DUBLIN_CORE}creator"}


def problems(*, form: str, document: bytes) -> list[str]:
    """List what is wrong with a document in a format."""
    return list({"atom": _atom, "rss": _rss, "json": _json_feed}[form](document))


def _atom(document: bytes) -> Iterator[str]:
    tree = etree.fromstring(document)
    grammar = etree.RelaxNG(etree.parse(ATOM_GRAMMAR))
    if not grammar.validate(tree):
        yield f"not valid by the grammar of RFC 4287: {grammar.error_log}"
    yield from _unique([str(each.text) for each in tree.iter(f"{ATOM}id")])
    yield from _absolute([str(link.get("href")) for link in tree.iter(f"{ATOM}link")])
    yield from _one("link rel=self", len(tree.findall(f"{ATOM}link[@rel='self']")))
    for entry in tree.iter(f"{ATOM}entry"):
        yield from _one("link rel=alternate of an entry", len(entry.findall(f"{ATOM}link[@rel='alternate']")))
        if str(entry.findtext(f"{ATOM}published")) > str(entry.findtext(f"{ATOM}updated")):
            yield "an entry was updated before it was published"
    yield from _parsed(document, entries=len(tree.findall(f"{ATOM}entry")))


def _rss(document: bytes) -> Iterator[str]:
    tree = etree.fromstring(document)
    channel = tree.find("channel")
    if tree.tag != "rss" or tree.get("version") != "2.0" or channel is None:
        yield "no RSS 2.0"
        return
    items = channel.findall("item")
    for name in CHANNEL:
        yield from _one(f"channel's {name}", len(channel.findall(name)))
    yield from _one("atom:link rel=self", len(channel.findall(f"{ATOM}link[@rel='self']")))
    yield from _only(channel, IN_A_CHANNEL)
    for item in items:
        yield from _only(item, IN_AN_ITEM)
        yield from _one("guid of an item", len(item.findall("guid")))
        yield from (
            f"a guid says isPermaLink={g.get('isPermaLink')}" for g in item.findall("guid[@isPermaLink='true']")
        )
    dates = [str(each.text) for name in ("pubDate", "lastBuildDate") for each in channel.iter(name)]
    yield from (f"{date} is no date of RFC 822" for date in dates if not RFC_822.fullmatch(date))
    yield from (f"{date} has another weekday" for date in dates if f"{parsedate_to_datetime(date):%a}" != date[:3])
    yield from _unique([str(each.text) for each in channel.iter("guid")])
    yield from _absolute([str(each.text) for each in channel.iter("link")])
    yield from _parsed(document, entries=len(items))


def _json_feed(document: bytes) -> Iterator[str]:
    feed = json.loads(document.decode("utf-8"))
    if feed["version"] != "https://jsonfeed.org/version/1.1" or not feed["title"]:
        yield "no JSON Feed 1.1"
    yield from _absolute([feed["home_page_url"], feed["feed_url"], *(item["url"] for item in feed["items"])])
    yield from _unique([item["id"] for item in feed["items"]])
    for item in feed["items"]:
        moments = [datetime.fromisoformat(item[name]) for name in ("date_published", "date_modified")]
        yield from (f"{moment} has no zone" for moment in moments if moment.tzinfo is None)
        yield from ("an author has no name" for author in item["authors"] if not author["name"])
        if not (item["content_html"] and all(isinstance(tag, str) for tag in item["tags"])):
            yield "an item has no content, or tags that are no words"


def _parsed(document: bytes, *, entries: int) -> Iterator[str]:
    parsed = feedparser.parse(document)
    if parsed.bozo:
        yield f"feedparser stumbles: {parsed.bozo_exception}"
    if len(parsed.entries) != entries or not parsed.feed.get("updated_parsed"):
        yield "feedparser reads something else than what was written"


def _unique(ids: list[str]) -> Iterator[str]:
    if len(set(ids)) != len(ids):
        yield "two entries have one id"
    yield from (f"{each} is no tag: URI" for each in ids if not TAG_URI.fullmatch(each))


def _absolute(addresses: list[str]) -> Iterator[str]:
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"[\s<>\"]", address):
            yield f"{address} is no absolute address"


def _only(element: etree._Element, known: set[str]) -> Iterator[str]:
    yield from (f"{child.tag} has no place here" for child in element if child.tag not in known)


def _one(what: str, found: int) -> Iterator[str]:
    if found != 1:
        yield f"{found} times {what}"
