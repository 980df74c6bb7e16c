"""arXiv's OAI-PMH records: `arXiv` (split fields), `arXivRaw` (all versions, withdrawal flag), `oai_dc`.

In: the root of an OAI document and its records, or a bare record. Out: one paper record each.
"""

from collections.abc import Callable
from dataclasses import replace

from lxml import etree

from digest.errors import ErrorAnswer
from digest.sources._fields import (
    MAX_ABSTRACT_LENGTH,
    MAX_NOTE_LENGTH,
    RANK_AUTHOR_LINE,
    RANK_SPLIT_FIELDS,
    BadRecord,
    arxiv_identifiers,
    arxiv_links,
    author_line,
    moment,
    optional_licence,
    optional_text,
    required_id,
    required_title,
)
from digest.sources._ids import parse_categories, parse_dois
from digest.sources._names import authors_from_fields, authors_from_line, authors_from_reversed
from digest.sources._text import clean
from digest.sources._withdrawal import withdrawn_in_words
from digest.sources._xml import child, child_text, children, local_name, text_of
from digest.types import Identifier, PaperRecord, VersionRecord

NO_RECORDS = "noRecordsMatch"
WITHDRAWN_TYPE = "I"
"""The source type ("ignore") that arXivRaw gives a version whose files were taken away."""


def refuse_error_answer(root: etree._Element) -> None:
    """Say what the server complained of. An empty day is no complaint.

    Raises: ErrorAnswer with OAI's own code.
    """
    for error in children(root, "error"):
        code = error.get("code") or "unknown"
        if code != NO_RECORDS:
            detail = clean(text_of(error))[:300]
            raise ErrorAnswer(f"the OAI server answers {code}{': ' if detail else ''}{detail}", code=code)


def resumption_token(root: etree._Element) -> str:
    """Give the word that asks for the next page, or "" on the last one."""
    for listing in root:
        if token := child_text(listing, "resumptionToken").strip():
            return token
    return ""


def read_record(record: etree._Element, *, source: str) -> PaperRecord:
    """Read one OAI record in whichever format its metadata are; a bare metadata element will do.

    Raises: BadRecord.
    """
    header = child(record, "header")
    if header is not None and header.get("status") == "deleted":
        return _deleted(header, source=source)
    metadata = child(record, "metadata")
    for element in (record, *(record if metadata is None else metadata)):
        if reader := _READERS.get(local_name(element)):
            found = reader(element, source)
            datestamp = child_text(header, "datestamp") if header is not None else ""
            return replace(found, as_of=moment(datestamp, field="datestamp"))
    raise BadRecord("it holds no metadata in a format that is known (arXiv, arXivRaw, oai_dc)")


def _deleted(header: etree._Element, *, source: str) -> PaperRecord:
    """Read a record that the archive took away: nothing is left of it but its name."""
    arxiv_id = required_id(child_text(header, "identifier"))
    return PaperRecord(
        source=source,
        rank=0,
        identifiers=arxiv_identifiers(arxiv_id, ()),
        as_of=moment(child_text(header, "datestamp"), field="datestamp"),
        withdrawn=True,
        withdrawn_certain=True,
    )


def _read_arxiv(element: etree._Element, source: str) -> PaperRecord:
    created = moment(child_text(element, "created"), field="creation date")
    updated = moment(child_text(element, "updated"), field="update date")
    people = child(element, "authors")
    authors = authors_from_fields(
        (_whole_name(author), tuple(map(text_of, children(author, "affiliation"))))
        for author in (children(people, "author") if people is not None else [])
    )
    found = _shared_fields(element, source)
    return replace(
        found,
        rank=RANK_SPLIT_FIELDS,
        authors=authors,
        submitted_at=created,
        updated_at=updated or created,
        # A record that was updated is of some later version, but this format does not say of which.
        versions=() if updated or not created else (VersionRecord(number=1, submitted_at=created),),
        withdrawn=withdrawn_in_words(comments=found.comments, abstract=found.abstract),
    )


def _whole_name(author: etree._Element) -> str:
    parts = (clean(child_text(author, name)) for name in ("forenames", "keyname", "suffix"))
    return " ".join(filter(None, parts))


def _read_arxiv_raw(element: etree._Element, source: str) -> PaperRecord:
    versions = tuple(sorted(map(_version, children(element, "version")), key=lambda version: version.number))
    found = _shared_fields(element, source)
    last = max(children(element, "version"), key=lambda version: _version(version).number, default=None)
    return replace(
        found,
        rank=RANK_AUTHOR_LINE,
        authors=authors_from_line(author_line(child_text(element, "authors"))),
        submitted_at=versions[0].submitted_at if versions else None,
        updated_at=versions[-1].submitted_at if versions else None,
        versions=versions,
        withdrawn=None if last is None else child_text(last, "source_type").strip() == WITHDRAWN_TYPE,
        withdrawn_certain=last is not None,
    )


def _version(element: etree._Element) -> VersionRecord:
    digits = (element.get("version") or "").removeprefix("v")
    if not digits.isdecimal() or not 1 <= int(digits[:5]) <= 9999:
        raise BadRecord(f"its version {digits[:20]!r} is no number")
    return VersionRecord(number=int(digits), submitted_at=moment(child_text(element, "date"), field="version's date"))


def _shared_fields(element: etree._Element, source: str) -> PaperRecord:
    """Read what `arXiv` and `arXivRaw` write alike."""
    arxiv_id = required_id(child_text(element, "id"))
    return PaperRecord(
        source=source,
        rank=RANK_AUTHOR_LINE,
        identifiers=arxiv_identifiers(arxiv_id, parse_dois(child_text(element, "doi"))),
        title=required_title(child_text(element, "title")),
        abstract=optional_text(child_text(element, "abstract"), field="abstract", limit=MAX_ABSTRACT_LENGTH),
        categories=parse_categories(child_text(element, "categories").split()) or None,
        licence=optional_licence(child_text(element, "license")),
        comments=optional_text(child_text(element, "comments"), field="comment", limit=MAX_NOTE_LENGTH),
        journal_ref=optional_text(child_text(element, "journal-ref"), field="journal reference", limit=MAX_NOTE_LENGTH),
        links=arxiv_links(arxiv_id),
    )


def _read_oai_dc(element: etree._Element, source: str) -> PaperRecord:
    names = [clean(text_of(found)) for found in children(element, "identifier")]
    arxiv_id = required_id(next((name for name in names if "/abs/" in name), ""))
    dois: tuple[Identifier, ...] = tuple(doi for name in names for doi in parse_dois(name))
    journal = [name for name in names if "://" not in name and not name.lower().startswith("doi:")]
    abstract, *notes = [text_of(found) for found in children(element, "description")] or [""]
    comments = optional_text(
        " ".join(note.strip().removeprefix("Comment:") for note in notes), field="comment", limit=MAX_NOTE_LENGTH
    )
    dates = sorted(filter(None, (moment(text_of(day), field="date") for day in children(element, "date"))))
    return PaperRecord(
        source=source,
        rank=RANK_AUTHOR_LINE,
        identifiers=arxiv_identifiers(arxiv_id, dois),
        title=required_title(child_text(element, "title")),
        abstract=optional_text(abstract, field="abstract", limit=MAX_ABSTRACT_LENGTH),
        authors=authors_from_reversed(clean(text_of(found)) for found in children(element, "creator")),
        comments=comments,
        journal_ref=optional_text(" ".join(journal), field="journal reference", limit=MAX_NOTE_LENGTH),
        submitted_at=dates[0] if dates else None,
        updated_at=dates[-1] if dates else None,
        versions=(VersionRecord(number=1, submitted_at=dates[0]),) if len(dates) == 1 else (),
        withdrawn=withdrawn_in_words(comments=comments, abstract=abstract.strip()),
        links=arxiv_links(arxiv_id),
    )


_READERS: dict[str, Callable[[etree._Element, str], PaperRecord]] = {
    "arXiv": _read_arxiv,
    "arXivRaw": _read_arxiv_raw,
    "dc": _read_oai_dc,
}
