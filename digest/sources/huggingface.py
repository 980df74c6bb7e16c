"""Hugging Face's list of daily papers: what a community votes for, with its code and stars.

In: a window of days. Out: the bytes of one list a page, and records that point at arXiv papers with their counts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from digest.errors import ErrorAnswer, UnreadablePayload
from digest.sources import Http
from digest.sources._fields import (
    MAX_ABSTRACT_LENGTH,
    RANK_POINTER,
    BadRecord,
    arxiv_identifiers,
    arxiv_links,
    moment,
    optional_text,
    required_id,
    required_title,
)
from digest.sources._json import read_elements
from digest.sources._names import authors_from_fields
from digest.sources._text import clean
from digest.types import Author, PaperRecord, RejectedRecord, SignalRecord

POLL_EVERY = timedelta(minutes=55)
"""An hour, less the minutes that a reading may begin late."""
COUNTS_RISE_FOR = timedelta(days=7)
PAPERS_PER_PAGE = 100
MOST_PAGES = 10
MAX_LINK_LENGTH = 500
_LINK = re.compile(r"https?://[^\s<>\"'`\\{}|^]+")  # what no address may hold could end an attribute in a mail
MOST_COUNTED = 10**9
"""A count above this is no count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HuggingFace:
    """The daily papers with their upvotes, read hourly, and the week before once a day while counts still rise."""

    name: str = "huggingface"
    gate: str = "huggingface"
    pause_s: float = 1.0
    base_url: str = "https://huggingface.co"

    def due(self, *, now: datetime, last_success: datetime | None) -> bool:
        """Read every hour: papers are added and upvoted all day."""
        return last_success is None or now - last_success >= POLL_EVERY

    def fetch(self, *, since: datetime, until: datetime, http: Http) -> Iterator[bytes]:
        """Read the list of each day in the window; the first run of a day reads the week before again."""
        first, last = since.date(), until.date()
        if first < last:
            first = min(first, last - COUNTS_RISE_FOR)
        for back in range((last - first).days + 1):
            yield from self._pages(last - timedelta(days=back), http)

    def parse(self, payload: bytes) -> Iterator[PaperRecord | RejectedRecord]:
        """Read a list of daily papers, or the answer about one paper."""
        elements = read_elements(payload)
        if payload.lstrip()[:1] == b"{":
            _refuse_other_objects(elements[0])
        for position, element in enumerate(elements, start=1):
            yield element if isinstance(element, RejectedRecord) else self._read(element, position=position)

    def _pages(self, day: date, http: Http) -> Iterator[bytes]:
        for page in range(MOST_PAGES):
            params = {"date": day.isoformat(), "limit": str(PAPERS_PER_PAGE), "p": str(page)}
            payload = http.get(f"{self.base_url}/api/daily_papers", params=params) or b""
            yield payload
            if len(read_elements(payload)) < PAPERS_PER_PAGE:
                return

    def _read(self, element: object, *, position: int) -> PaperRecord | RejectedRecord:
        entry = _mapping(element)
        paper = _mapping(entry.get("paper")) or entry
        try:
            return self._read_paper(paper, entry)
        except BadRecord as error:
            named = clean(_string(paper.get("id"))[:100]) or f"item {position}"
            return RejectedRecord(identifier=named, reason=str(error))

    def _read_paper(self, paper: Mapping[str, Any], entry: Mapping[str, Any]) -> PaperRecord:
        arxiv_id = required_id(_string(paper.get("id")))
        featured_at = moment(_string(paper.get("submittedOnDailyAt")), field="featured day")
        published_at = moment(_string(paper.get("publishedAt")), field="publication day")
        abstract = _string(paper.get("summary")) or _string(entry.get("summary"))
        # The top-level publishedAt is hours off and names the wrong day; only the paper's own is read.
        return PaperRecord(
            source=self.name,
            rank=RANK_POINTER,
            identifiers=arxiv_identifiers(arxiv_id, ()),
            title=required_title(_string(paper.get("title")) or _string(entry.get("title"))),
            abstract=optional_text(abstract, field="abstract", limit=MAX_ABSTRACT_LENGTH),
            authors=_authors(paper.get("authors")),
            submitted_at=published_at,
            as_of=featured_at,
            links={**arxiv_links(arxiv_id), **_links(paper, arxiv_id.value)},
            signals=_signals(paper, featured_at.date()) if featured_at else (),
        )


def _refuse_other_objects(answer: Mapping[str, Any]) -> None:
    """Tell the answer about one paper from a complaint and from some other service's JSON."""
    if "error" in answer:
        message = clean(str(answer["error"])[:300])
        raise ErrorAnswer(f"Hugging Face answers with an error: {message}", code="error")
    if "id" not in answer and "paper" not in answer:
        raise UnreadablePayload("the payload is JSON, but neither a list of daily papers nor one paper")


def _authors(listed: object) -> tuple[Author, ...] | None:
    people = [_mapping(person) for person in listed] if isinstance(listed, list) else []
    shown = [_string(person.get("name")) for person in people if person.get("hidden") is not True]
    return authors_from_fields((name, ()) for name in shown)


def _links(paper: Mapping[str, Any], arxiv_id: str) -> dict[str, str]:
    addresses = {"code": paper.get("githubRepo"), "project": paper.get("projectPage")}
    links = {kind: clean(_string(address)[:MAX_LINK_LENGTH]) for kind, address in addresses.items()}
    links["huggingface"] = f"https://huggingface.co/papers/{arxiv_id}"
    return {kind: link for kind, link in links.items() if _LINK.fullmatch(link)}


def _signals(paper: Mapping[str, Any], day: date) -> tuple[SignalRecord, ...]:
    counts: dict[str, Any] = {"huggingface_upvotes": paper.get("upvotes"), "github_stars": paper.get("githubStars")}
    return tuple(
        SignalRecord(kind=kind, value=float(count), day=day) for kind, count in counts.items() if _is_count(count)
    )


def _is_count(value: Any) -> bool:
    # True is an int in Python; NaN is in no range, and a number of many digits is no float.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < MOST_COUNTED


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


SOURCE = HuggingFace()
