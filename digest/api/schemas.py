"""What may be asked and what is answered. Every text is plain Unicode, every moment ISO 8601 in UTC."""

import re
from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from digest.search import Period, Sort
from digest.views.categories import find_category, nearest_categories
from subscriptions.taxonomy import NAMES

LARGEST_ID = 2**63 - 1
MOST_PAPERS = 100  # in one answer
PAGES = 1000


def known_category(code: str) -> str:
    """Give the code that a category goes by today.

    Raises: ValueError naming the nearest ones.
    """
    known = find_category(code=code)
    if known is None:
        near = ", ".join(f"{found} ({name})" for found, name in nearest_categories(code=code))
        raise ValueError(f"There is no such category{f'; the nearest are: {near}' if near else ''}.")
    return known


def iso_day(text: object) -> object:
    """Let nothing pass for a day but year, month and day: a number would be taken for a moment of 1970.

    Raises: ValueError.
    """
    if isinstance(text, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError("A day is written like 2026-05-31.")
    return text


PaperId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Text = Annotated[str, Field(pattern="^[^\\u0000]*$")]
"""Without a null character: PostgreSQL takes no such text."""
Day = Annotated[date | None, BeforeValidator(iso_day), WithJsonSchema({"type": "string", "format": "date"})]
Category = Annotated[str, AfterValidator(known_category), Field(json_schema_extra={"enum": sorted(NAMES)})]


class Identifier(Schema):
    """A name that the world gives a paper."""

    scheme: str = Field(description=gettext_noop("arxiv, doi, ..."))
    value: str = Field(description=gettext_noop("In lower case, without a version."))


class Paper(Schema):
    """One paper, whichever sources have seen it."""

    id: int = Field(description=gettext_noop("The paper's number here; it never changes."))
    title: str = Field(description=gettext_noop("With TeX written as Unicode."))
    abstract: str = Field(description=gettext_noop("On one line, with TeX written as Unicode."))
    authors: list[str] = Field(description=gettext_noop("In the order of the paper."))
    categories: list[str] = Field(description=gettext_noop("Codes of arXiv, the primary one first."))
    identifiers: list[Identifier] = Field(description=gettext_noop("What it is called elsewhere."))
    url: str = Field(description=gettext_noop("Its page at the source; empty when it has none."))
    page_url: str = Field(description=gettext_noop("Its page here."))
    links: dict[str, str] = Field(description=gettext_noop("More addresses: its PDF, code, project page."))
    licence: str = Field(description=gettext_noop("As the source names it; empty when it does not."))
    comments: str = Field(description=gettext_noop("The authors' remark, such as the number of pages."))
    journal_ref: str = Field(description=gettext_noop("Where it has been published."))
    submitted_at: datetime | None = Field(description=gettext_noop("When the first version was submitted."))
    updated_at: datetime | None = Field(description=gettext_noop("When the latest version was submitted."))
    announced_on: date | None = Field(description=gettext_noop("The day on which a source announced it."))
    first_seen_at: datetime = Field(description=gettext_noop("When it was first read here."))
    version: int | None = Field(description=gettext_noop("The number of the latest version."))
    withdrawn: bool = Field(description=gettext_noop("Whether its authors have withdrawn it."))
    trending: str = Field(description=gettext_noop("What it is trending for, in words; empty when it is not."))


class Papers(Schema):
    """Papers that were asked for by name."""

    papers: list[Paper] = Field(description=gettext_noop("Those that are known, without repetition."))
    missing: list[str] = Field(
        description=gettext_noop("Ids and references that no paper is known by, or that cannot be read.")
    )


class Trending(Schema):
    """What is talked about."""

    period: Period = Field(description=gettext_noop("Over which time popularity was counted."))
    papers: list[Paper] = Field(description=gettext_noop("The most popular first."))


class SearchResult(Schema):
    """One page of a search."""

    papers: list[Paper] = Field(description=gettext_noop("In the order that was asked for."))
    total: int = Field(description=gettext_noop("How many papers were found; counted up to 1,000."))
    has_more_than_total: bool = Field(description=gettext_noop("Whether there are more than were counted."))
    page: int = Field(description=gettext_noop("The number of this page."))
    has_next: bool = Field(description=gettext_noop("Whether there is a next page."))
    notes: list[str] = Field(description=gettext_noop("Sentences about what was not understood or not used."))


class WantedPaper(Schema):
    """Which paper."""

    paper_id: PaperId = Field(description=gettext_noop("The paper's number here."))


class WantedPapers(Schema):
    """Which papers."""

    ids: list[PaperId] = Field(
        default=[], max_length=MOST_PAPERS, description=gettext_noop("Numbers of papers here; may be repeated.")
    )
    reference: list[Text] = Field(
        default=[],
        max_length=MOST_PAPERS,
        description=gettext_noop("An arXiv id, a DOI, or a link to a paper; may be repeated."),
    )


class WantedTrending(Schema):
    """Which trending papers."""

    period: Period = Field(default=Period.WEEK, description=gettext_noop("Over which time popularity is counted."))
    limit: int = Field(default=50, ge=1, le=MOST_PAPERS, description=gettext_noop("How many papers at most."))


class WantedSearch(Schema):
    """Which papers, in which order, and which page of them."""

    q: Text = Field(
        default="",
        json_schema_extra={"example": '"sparse attention" author:example -survey'},
        description=gettext_noop(
            "Words and quoted phrases; a minus leaves papers out; title:, abstract:, author:, cat:, source:, date:, "
            "since:, until: and id: say where to look."
        ),
    )
    sort: Sort = Field(default=Sort.RELEVANCE, description=gettext_noop("The order of what is found."))
    category: list[Category] = Field(
        default=[], max_length=20, description=gettext_noop("A code of arXiv; of several, one is enough.")
    )
    author: list[Text] = Field(
        default=[], max_length=20, description=gettext_noop("A name; of several, each must be among the authors.")
    )
    source: list[Text] = Field(
        default=[], max_length=20, description=gettext_noop("Who brought the paper, such as arxiv or huggingface.")
    )
    since: Day = Field(default=None, description=gettext_noop("Submitted on this day in UTC or later."))
    until: Day = Field(default=None, description=gettext_noop("Submitted on this day in UTC or earlier."))
    page: int = Field(default=1, ge=1, le=PAGES, description=gettext_noop("Which page, from 1."))
    per_page: int = Field(default=20, ge=1, le=MOST_PAPERS, description=gettext_noop("How many papers on a page."))


class WrongParameter(Schema):
    """One parameter that cannot be used."""

    parameter: str
    detail: str


class Problem(Schema):
    """Why there is no answer: problem details as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongParameter] = Field(default=[])
