"""Any answer that arXiv gives, in any of its formats, told apart by its root.

In: the bytes of one answer. Out: its records in order, broken ones as `RejectedRecord`s.
"""

from collections.abc import Iterator

from lxml import etree

from digest.sources import _arxiv_feeds, _arxiv_oai
from digest.sources._fields import BadRecord
from digest.sources._ids import find_arxiv_id
from digest.sources._xml import Feed, child, child_text, local_name, read_feed
from digest.types import PaperRecord, RejectedRecord

_RECORD_IN_ROOT = {
    "feed": "entry",
    "rss": "item",
    "OAI-PMH": "record",
    "record": "record",
    "metadata": "metadata",
    "arXiv": "arXiv",
    "arXivRaw": "arXivRaw",
    "dc": "dc",
}


def parse_arxiv(payload: bytes, *, source: str) -> Iterator[PaperRecord | RejectedRecord]:
    """Read an API answer, a daily feed or an OAI-PMH answer.

    Raises: UnreadablePayload when it is none of them; ErrorAnswer when it is the server's complaint.
    """
    feed = open_arxiv(payload)
    for element in feed.records:
        yield element if isinstance(element, RejectedRecord) else _read(element, root=feed.root, source=source)


def open_arxiv(payload: bytes) -> Feed:
    """Read an answer's frame and refuse a complaint.

    Raises: UnreadablePayload, ErrorAnswer.
    """
    feed = read_feed(payload, roots=_RECORD_IN_ROOT)
    if local_name(feed.root) in ("feed", "rss"):
        _arxiv_feeds.refuse_error_feed(feed.root)
    elif local_name(feed.root) == "OAI-PMH":
        _arxiv_oai.refuse_error_answer(feed.root)
    return feed


def _read(element: etree._Element, *, root: etree._Element, source: str) -> PaperRecord | RejectedRecord:
    try:
        if local_name(element) in ("entry", "item"):
            return _arxiv_feeds.read_entry(element, root=root, source=source)
        return _arxiv_oai.read_record(element, source=source)
    except BadRecord as error:
        return RejectedRecord(identifier=_name_of(element), reason=str(error))


def _name_of(element: etree._Element) -> str:
    """Give a record's id as far as it can be read: its own field, or else anything in it that looks like one."""
    header = child(element, "header")
    for holder, name in ((header, "identifier"), (element, "guid"), (element, "id")):
        if holder is not None and (found := child_text(holder, name).strip()):
            return find_arxiv_id(found) or found[:100]
    return find_arxiv_id(etree.tostring(element, encoding="unicode"))
