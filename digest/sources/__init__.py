"""One file, one paper source. Each public module defines SOURCE, a `Source`; nothing in here knows Django."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from digest.types import PaperRecord, RejectedRecord



class Source(Protocol):
    """A place that papers, or counts about papers, come from."""

    name: str
    """The word of `manage.py ingest` and of the beat schedule, e.g. "arxiv-oai"."""

    def due(self, *, now: datetime, last_success: datetime | None) -> bool:
        """Decide from the source's announcement clock whether there can be anything new.

        `now` and `last_success` are aware, in UTC; `last_success` is the last run that saw at least one record.
        """
        ...

    def fetch(self, *, since: datetime, until: datetime, http: "Http") -> Iterator[bytes]:
        """Talk to the source and yield each answer's bytes for the window [since, until), in UTC.

        Raises: TemporaryError when later may be better; AccessDenied when the source told us to stop.
        """
        ...

    def parse(self, payload: bytes) -> Iterator[PaperRecord | RejectedRecord]:
        """Read one answer. Pure: the same bytes give the same records, in the order of the payload.

        Raises: UnreadablePayload when the bytes are in no format that this source speaks.
        """
        ...


class Http(Protocol):
    """What a source may ask of the network; politeness (limits, back-off, caching) lives behind it."""

    def get(self, url: str, *, params: dict[str, str] | None = None, conditional: bool = False) -> bytes | None:
        """Answer the body, or None when `conditional` was asked for and the page has not changed.

        Raises: TemporaryError on time-outs, 429 and 5xx; AccessDenied on 403; PermanentError on other 4xx.
        """
        ...
