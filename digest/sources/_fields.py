"""The fields that arXiv's formats share, checked: ids, dates, texts of a bearable length, links.

In: strings from one record. Out: values for a `PaperRecord`; a `BadRecord` names the field that spoils it.
"""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from digest.sources._ids import ArxivId, parse_arxiv_id
from digest.sources._text import clean, clean_tex
from digest.types import Identifier

MAX_TITLE_LENGTH = 2_000
MAX_ABSTRACT_LENGTH = 50_000
MAX_NOTE_LENGTH = 5_000
"""Comments and journal references."""
MAX_AUTHORS_LENGTH = 300_000
MAX_LICENCE_LENGTH = 200

RANK_SPLIT_FIELDS = 30
RANK_AUTHOR_LINE = 20
RANK_FEED = 10
RANK_POINTER = 0


class BadRecord(ValueError):
    """One record cannot be used; the message says why in plain words."""


def required_id(text: str) -> ArxivId:
    """Read the id without which a record is of no use."""
    found = parse_arxiv_id(clean(text[:200]))
    if found is None:
        raise BadRecord("its id is missing" if not text.strip() else f"its id {clean(text[:80])!r} is no arXiv id")
    return found


def required_title(text: str) -> str:
    """Read the title; one character is enough."""
    title = optional_text(text, field="title", limit=MAX_TITLE_LENGTH)
    if title is None:
        raise BadRecord("it has no title")
    return title


def optional_text(text: str, *, field: str, limit: int) -> str | None:
    """Read a text of at most `limit` characters; None when the source leaves it out."""
    if len(text) > 2 * limit:  # wrapped lines hold blanks that cleaning takes away; more than this is no text
        raise BadRecord(f"its {field} is {len(text):,} characters long; {limit:,} is the limit")
    cleaned = clean_tex(text)
    if len(cleaned) > limit:
        raise BadRecord(f"its {field} is {len(cleaned):,} characters long; {limit:,} is the limit")
    return cleaned or None


def optional_licence(text: str) -> str | None:
    """Read the licence's address; a text that is no short address says nothing."""
    licence = clean(text[: 2 * MAX_LICENCE_LENGTH])
    return licence if licence.startswith(("http://", "https://")) and len(licence) <= MAX_LICENCE_LENGTH else None


def author_line(text: str) -> str:
    """Give an author list in one string, when it is short enough to be one."""
    if len(text) > MAX_AUTHORS_LENGTH:
        raise BadRecord(f"its author list is {len(text):,} characters long; {MAX_AUTHORS_LENGTH:,} is the limit")
    return text


def moment(text: str, *, field: str) -> datetime | None:
    """Read an ISO date or time, or one as mails write it; in UTC. A day alone is its midnight. None when empty."""
    cleaned = clean(text[:100])
    if not cleaned:
        return None
    try:
        found = datetime.fromisoformat(cleaned) if cleaned[:4].isdigit() else parsedate_to_datetime(cleaned)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRecord(f"its {field} {cleaned!r} is no date") from error


def local_day(text: str, *, field: str) -> date | None:
    """Read the calendar day that a time names in its own zone: midnight in New York is that day, not the one before."""
    cleaned = clean(text[:100])
    if not cleaned:
        return None
    try:
        found = datetime.fromisoformat(cleaned) if cleaned[:4].isdigit() else parsedate_to_datetime(cleaned)
    except (ValueError, OverflowError) as error:
        raise BadRecord(f"its {field} {cleaned!r} is no date") from error
    return found.date()


def arxiv_identifiers(arxiv_id: ArxivId, dois: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    """Give a paper's names, the arXiv id first."""
    own = Identifier(scheme="arxiv", value=arxiv_id.value)
    return (own, *(doi for doi in dois if doi.scheme != "arxiv"))


def arxiv_links(arxiv_id: ArxivId) -> dict[str, str]:
    """Give the addresses that every arXiv paper has."""
    return {"abstract": f"https://arxiv.org/abs/{arxiv_id.value}", "pdf": f"https://arxiv.org/pdf/{arxiv_id.value}"}
