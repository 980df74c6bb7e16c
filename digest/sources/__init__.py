"""One file, one paper source. Each public module defines SOURCE, a `Source`; nothing in here knows Django."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Protocol, runtime_checkable

from digest.plugins import discover
from digest.sources._ids import canonical
from digest.types import PaperRecord, RejectedRecord

__all__ = ["Http", "LooksUp", "ReadsThePast", "Source", "canonical", "sources"]


class Source(Protocol):
    """A place that papers, or counts about papers, come from.

    A source is a frozen dataclass: its addresses and choices are fields with working defaults, so that the
    pipeline can put the operator's own in their place.
    """

    @property
    def name(self) -> str:
        """The word of `manage.py ingest` and of SOURCES in the settings, e.g. "arxiv-oai"."""

    @property
    def gate(self) -> str:
        """The turnstile that its requests share with other sources of the same host, e.g. "arxiv"."""

    @property
    def pause_s(self) -> float:
        """Seconds between the end of one request through that gate and the start of the next."""

    def due(self, *, now: datetime, last_success: datetime | None) -> bool:
        """Decide from the source's announcement clock whether there can be anything new. Asked every ten minutes.

        `now` and `last_success` are aware, in UTC; `last_success` is the last run that saw at least one record.
        """

    def fetch(self, *, since: datetime, until: datetime, http: "Http") -> Iterator[bytes]:
        """Talk to the source and yield each answer's bytes for the window [since, until), in UTC.

        Raises: TemporaryError when later may be better; AccessDenied when the source told us to stop.
        """

    def parse(self, payload: bytes) -> Iterator[PaperRecord | RejectedRecord]:
        """Read one answer. Pure: the same bytes give the same records, in the order of the payload.

        Raises: UnreadablePayload when the bytes are in no format that this source speaks.
        """


@runtime_checkable
class LooksUp(Protocol):
    """What a source offers besides, when it can be asked about single papers."""

    @property
    def scheme(self) -> str:
        """The scheme of the ids that it knows, e.g. "arxiv"."""

    def look_up(self, *, ids: Sequence[str], http: "Http") -> Iterator[bytes]:
        """Ask for the clean metadata of papers by id, a bearable number a request; yields each answer's bytes.

        An id that the source does not know is missing from its answer. Raises: BadRequest when it takes one of
        the ids for none at all, and therefore answers nothing.
        """

    def settle(self, *, ids: Sequence[str], http: "Http") -> Iterator[bytes]:
        """Ask whether papers whose words say so were truly withdrawn; yields each answer's bytes."""


@runtime_checkable
class ReadsThePast(Protocol):
    """What a source offers besides, when its `fetch` can only bring what is new today."""

    def fetch_past(self, *, since: datetime, until: datetime, http: "Http") -> Iterator[bytes]:
        """Talk to the source as `fetch` does, for a window that somebody chose, however long ago."""


class Http(Protocol):
    """What a source may ask of the network; politeness (limits, back-off, caching) lives behind it."""

    def get(self, url: str, *, params: dict[str, str] | None = None, conditional: bool = False) -> bytes | None:
        """Answer the body, or None when `conditional` was asked for and the page has not changed.

        Raises: TemporaryError on time-outs, 429 and 5xx; AccessDenied on 403; BadRequest on 400; PermanentError
        on other 4xx.
        """


@cache
def sources() -> dict[str, Source]:
    """Collect every source of this folder by its name."""
    found = discover(package=sys.modules[__name__], attribute="SOURCE").values()
    return {source.name: source for source in found}
