"""arXiv's Atom API and its daily RSS and Atom feeds, told apart by what they hold.

In: the root of an Atom or RSS document and its entries. Out: one record per entry.
"""

from datetime import datetime

from lxml import etree

from digest.errors import ErrorAnswer
from digest.sources._fields import (
    MAX_ABSTRACT_LENGTH,
    MAX_NOTE_LENGTH,
    RANK_FEED,
    RANK_SPLIT_FIELDS,
    BadRecord,
    arxiv_identifiers,
    arxiv_links,
    author_line,
    local_day,
    moment,
    optional_licence,
    optional_text,
    required_id,
    required_title,
)
from digest.sources._ids import ArxivId, parse_categories, parse_dois
from digest.sources._names import authors_from_fields, authors_from_line
from digest.sources._text import clean
from digest.sources._withdrawal import withdrawn_in_words
from digest.sources._xml import child, child_text, children, text_of
from digest.types import Announcement, PaperRecord, VersionRecord


def refuse_error_feed(root: etree._Element) -> None:
    """Say what the server complained of, when the feed is its way to answer a bad request.

    Raises: ErrorAnswer.
    """
    channel = child(root, "channel")
    title = clean(child_text(root if channel is None else channel, "title"))
    if title.startswith("Feed error"):
        raise ErrorAnswer(f"arXiv's feed answers with an error: {title}", code="feed")
    entry = child(root, "entry")
    if entry is not None and clean(child_text(entry, "title")) == "Error" and "/abs/" not in child_text(entry, "id"):
        raise ErrorAnswer(f"arXiv's API answers with an error: {clean(child_text(entry, 'summary'))[:300]}", code="api")


def read_entry(entry: etree._Element, *, root: etree._Element, source: str) -> PaperRecord:
    """Read one entry of an API answer or of a daily feed; only the latter says how it was announced.

    Raises: BadRecord.
    """
    if entry_is_announced(entry):
        return _read_announced(entry, source=source)
    return _read_api_entry(entry, as_of=moment(child_text(root, "updated"), field="feed's date"), source=source)


def entry_is_announced(entry: etree._Element) -> bool:
    """Decide whether an entry comes from a daily feed, and not from the API."""
    return child(entry, "announce_type") is not None or child(entry, "description") is not None


def _read_api_entry(entry: etree._Element, *, as_of: datetime | None, source: str) -> PaperRecord:
    arxiv_id = required_id(child_text(entry, "id"))
    submitted_at = moment(child_text(entry, "published"), field="submission date")
    updated_at = moment(child_text(entry, "updated"), field="date")
    abstract = optional_text(child_text(entry, "summary"), field="abstract", limit=MAX_ABSTRACT_LENGTH)
    comments = optional_text(child_text(entry, "comment"), field="comment", limit=MAX_NOTE_LENGTH)
    return PaperRecord(
        source=source,
        rank=RANK_SPLIT_FIELDS,
        identifiers=arxiv_identifiers(arxiv_id, parse_dois(child_text(entry, "doi"))),
        title=required_title(child_text(entry, "title")),
        abstract=abstract,
        authors=authors_from_fields(
            (child_text(author, "name"), tuple(map(text_of, children(author, "affiliation"))))
            for author in children(entry, "author")
        ),
        categories=_categories(entry),
        comments=comments,
        journal_ref=optional_text(child_text(entry, "journal_ref"), field="journal reference", limit=MAX_NOTE_LENGTH),
        submitted_at=submitted_at,
        updated_at=updated_at,
        as_of=as_of,
        versions=_first_and_this(arxiv_id, submitted_at=submitted_at, updated_at=updated_at),
        withdrawn=withdrawn_in_words(comments=comments, abstract=abstract),
        links=arxiv_links(arxiv_id),
    )


def _first_and_this(
    arxiv_id: ArxivId, *, submitted_at: datetime | None, updated_at: datetime | None
) -> tuple[VersionRecord, ...]:
    first = VersionRecord(number=1, submitted_at=submitted_at)
    if arxiv_id.version is None:
        return ()
    if arxiv_id.version == 1:
        return (first,)
    return (first, VersionRecord(number=arxiv_id.version, submitted_at=updated_at))


def _read_announced(entry: etree._Element, *, source: str) -> PaperRecord:
    arxiv_id = required_id(child_text(entry, "guid") or child_text(entry, "id") or child_text(entry, "link"))
    published = child_text(entry, "pubDate") or child_text(entry, "published")
    announcement = _announcement(entry)
    text = _without_preamble(child_text(entry, "description") or child_text(entry, "summary"))
    abstract = optional_text(text, field="abstract", limit=MAX_ABSTRACT_LENGTH)
    is_new = announcement is Announcement.NEW
    return PaperRecord(
        source=source,
        rank=RANK_FEED,
        identifiers=arxiv_identifiers(arxiv_id, parse_dois(child_text(entry, "DOI") or child_text(entry, "doi"))),
        title=required_title(child_text(entry, "title")),
        abstract=abstract,
        authors=authors_from_line(author_line(", ".join(map(text_of, children(entry, "creator"))))),
        categories=_categories(entry),
        licence=optional_licence(child_text(entry, "rights")),
        journal_ref=optional_text(
            child_text(entry, "journal_reference"), field="journal reference", limit=MAX_NOTE_LENGTH
        ),
        announced_on=local_day(published, field="announcement day") if is_new else None,
        as_of=moment(published, field="announcement day"),
        versions=(VersionRecord(number=arxiv_id.version),) if arxiv_id.version else (),
        withdrawn=withdrawn_in_words(comments=None, abstract=abstract),
        announcement=announcement,
        links=arxiv_links(arxiv_id),
    )


def _announcement(entry: etree._Element) -> Announcement | None:
    word = clean(child_text(entry, "announce_type"))
    try:
        return Announcement(word) if word else None
    except ValueError as error:
        raise BadRecord(f"its announcement type {word[:40]!r} is none that is known") from error


def _without_preamble(text: str) -> str:
    """Drop "arXiv:2406.01234v1 Announce Type: new Abstract:", which opens every description of the daily feed."""
    before, mark, after = text.partition("Abstract:")
    return after if mark and "Announce Type:" in before[:200] else text


def _categories(entry: etree._Element) -> tuple[str, ...] | None:
    primary = child(entry, "primary_category")
    listed = [found.get("term") or text_of(found) for found in children(entry, "category")]
    first = [primary.get("term") or ""] if primary is not None else []
    return parse_categories([clean(name[:100]) for name in first + listed]) or None
