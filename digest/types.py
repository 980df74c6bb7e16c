"""What travels between the stages: frozen dataclasses and array batches. No Django in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

FloatMatrix = npt.NDArray[np.float32]
BoolMatrix = npt.NDArray[np.bool_]
BoolVector = npt.NDArray[np.bool_]
IdArray = npt.NDArray[np.int64]


# --- fetch, parse -> ingest -------------------------------------------------------------


class Announcement(StrEnum):
    """How a paper came into a daily feed."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A name that the world gives a paper: ("arxiv", "2406.01234"), ("doi", "10.1000/xyz"); lower case, no version."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One author as printed; a collaboration is an author with `is_group`."""

    name: str
    affiliations: tuple[str, ...] = ()
    is_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version of a paper; `number` counts from 1."""

    number: int
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRecord:
    """A popularity count as it stood on a day, e.g. kind "huggingface_upvotes"."""

    kind: str
    value: float
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRecord:
    """What one source says of one paper. None means "this source does not say", never "empty".

    `identifiers` is not empty and its first is the source's own key. All times are aware and in UTC.
    `rank` says how clean this format's metadata is: 30 split fields (Atom API, OAI arXiv),
    20 one author string (arXivRaw, oai_dc), 10 a feed for people (RSS), 0 a list that only points at papers.
    `as_of` is the day or moment that the source gives for this state of the record.
    `withdrawn_certain` tells a flag of the source from words that only suggest it.
    `counted_on` is the day on which the source was asked, in UTC; None when only the days of `signals` are known.
    """

    source: str
    rank: int
    identifiers: tuple[Identifier, ...]
    title: str | None = None
    abstract: str | None = None
    authors: tuple[Author, ...] | None = None
    categories: tuple[str, ...] | None = None
    licence: str | None = None
    comments: str | None = None
    journal_ref: str | None = None
    submitted_at: datetime | None = None
    announced_on: date | None = None
    updated_at: datetime | None = None
    as_of: datetime | None = None
    versions: tuple[VersionRecord, ...] = ()
    withdrawn: bool | None = None
    withdrawn_certain: bool = False
    announcement: Announcement | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    signals: tuple[SignalRecord, ...] = ()
    counted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRecord:
    """A record that could not be used: its id as far as it could be read, and why in plain words."""

    identifier: str
    reason: str


# --- match ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDoc:
    """What matching may know of a paper: plain text, and what the text means as a stored vector, if it has one."""

    id: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    vector: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a reader's examples stand among vectors: the mean of each kind as a stored vector, and how much it counts.

    `terms` sums up which words stand in them, as digest/matching/_terms.py stores it.
    `liked_weight` and `disliked_weight` are sums of the examples' weights; 0 means that there is none.
    """

    liked: bytes = b""
    liked_weight: float = 0.0
    disliked: bytes = b""
    disliked_weight: float = 0.0
    terms: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDoc:
    """What matching may know of an interest profile. `liked` and `disliked` are example papers.

    `liked_weights` says how much each liked paper still counts (0..1), 1 where it says nothing. `wish` is what the
    reader typed (keywords, description) as one stored vector. `standing` sums vectors of examples up that need not be
    read again; where it is given, the examples are only named and may come without their text.
    """

    id: int
    name: str
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    description: str = ""
    liked: tuple[PaperDoc, ...] = ()
    disliked: tuple[PaperDoc, ...] = ()
    pickiness: str = "balanced"
    liked_weights: tuple[float, ...] = ()
    wish: bytes = b""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a paper is there.

    `kind` is "keyword", "author", "category", "description", "paper", "words" or "meaning": that of all the reader
    typed, named by it, in whatever words the paper says it. Of "paper" `term` is a liked paper's title, of "words"
    what the paper has in common with liked ones, as it stands there. Of the others `term` names what the paper has: a
    keyword or a word of the description as the reader spells it where the paper does too, else as the paper spells it,
    so it can be found there. `asked` is the reader's word where that is another one ("doped", of one with "doping").
    `share` is its part of the score (0..1; the shares of one match add up to 1).
    """

    kind: str
    term: str
    share: float
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One paper chosen for one profile; `score` is in standard deviations above that profile's background."""

    profile_id: int
    paper_id: int
    score: float
    reasons: tuple[Reason, ...]


# --- build -> mail ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPaper:
    """A paper as the mail shows it. `reasons` are ready sentences' parts, at most two are shown.

    `more_url` and `less_url` take the reader's word on it, `why_url` gives all reasons; empty where nobody is asked.
    """

    title: str
    url: str
    pdf_url: str
    authors: tuple[str, ...]
    abstract: str
    primary_category: str
    profile: str = ""
    also_in: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    signal: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    more_url: str = ""
    less_url: str = ""
    why_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDigest:
    """Everything one digest mail says, frozen when it was built. Dates are the reader's own.

    `one_click_url` is for the mail's header. `empty_reason` says in a sentence why there are no papers.
    """

    delivery_id: str
    email: str
    digest_date: date
    matched: tuple[MailPaper, ...]
    trending: tuple[MailPaper, ...]
    manage_url: str
    unsubscribe_url: str
    one_click_url: str
    browser_url: str
    empty_reason: str = ""
