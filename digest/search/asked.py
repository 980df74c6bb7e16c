"""What is asked of the papers, and what was found: all that pages, feeds and the API share."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from digest.models import Paper
from digest.search.query import Term

PER_PAGE = 20
MOST_PER_PAGE = 200
COUNTED = 1000
"""Hits that are counted, ranked and can be leafed through; of more it is said that there are more."""


class Sort(StrEnum):
    """In which order papers are shown."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TRENDING = "trending"


class Period(StrEnum):
    """Over which time popularity is counted."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search: `text` in the language of digest/search/query.py, and what the form says beside it.

    Of `categories` one is enough, and so of `sources`; every one of `authors` must be among a paper's. `since` and
    `until` are days of UTC, both within. `page` counts from 1. With nothing asked, every paper is found.
    """

    text: str = ""
    sort: Sort = Sort.RELEVANCE
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    page: int = 1
    per_page: int = PER_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The papers of one page, in order, with their identifiers prefetched.

    `total` counts hits up to COUNTED; `has_more_than_total`: there are more. `marks` are the words to highlight (see
    digest/search/highlight.py), `notes` whole sentences about what was not understood or not used.
    """

    papers: tuple[Paper, ...]
    total: int
    has_more_than_total: bool
    page: int
    has_next: bool
    marks: tuple[Term, ...] = ()
    notes: tuple[str, ...] = ()
