"""arXiv by OAI-PMH: whole sets by the day they last changed, for catching up and for filling in the past.

In: categories and a window. Out: the bytes of ListRecords pages, and records from any arXiv format.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.arxiv import canonical_category
from digest.errors import ErrorAnswer, TemporaryError
from digest.sources import Http
from digest.sources._arxiv_oai import resumption_token
from digest.sources._arxiv_payload import open_arxiv, parse_arxiv
from digest.sources._calendar import latest_oai_change
from digest.types import PaperRecord, RejectedRecord

OVERLAP = timedelta(days=1)
"""Datestamps are whole days, and a record may be filed late: each harvest reads the day before again."""
STALE_AFTER = timedelta(hours=26)
MOST_PAGES = 2_000
STARTS = 2
"""How often a window is begun when the server forgets its place in it."""

_OWN_GROUP = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})
"""Archives that are groups of their own; all others belong to the group `physics`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivOai:
    """The way to keep a copy: every record of a category that changed since a day."""

    name: str = "arxiv-oai"
    gate: str = "arxiv"
    pause_s: float = 3.0
    categories: tuple[str, ...] = ("cs.AI",)
    oai_url: str = "https://oaipmh.arxiv.org/oai"

    def due(self, *, now: datetime, last_success: datetime | None) -> bool:
        """Harvest once after each announcement, when the sets are fresh, and whenever the last harvest is old."""
        if last_success is None:
            return True
        return last_success < latest_oai_change(now=now) or now - last_success > STALE_AFTER

    def fetch(self, *, since: datetime, until: datetime, http: Http) -> Iterator[bytes]:
        """Harvest each category's set in `arXivRaw`, which alone names all versions and flags the withdrawn ones."""
        for category in dict.fromkeys(map(canonical_category, self.categories)):
            window = {
                "verb": "ListRecords",
                "metadataPrefix": "arXivRaw",
                "set": set_of(category=category),
                "from": f"{since - OVERLAP:%Y-%m-%d}",
                "until": f"{until:%Y-%m-%d}",
            }
            yield from self._harvest(window, http)

    def parse(self, payload: bytes) -> Iterator[PaperRecord | RejectedRecord]:
        """Read an answer in any of arXiv's formats."""
        return parse_arxiv(payload, source=self.name)

    def _harvest(self, window: dict[str, str], http: Http) -> Iterator[bytes]:
        """Read a window to its last page; begin again when the server no longer knows the token it gave."""
        for _ in range(STARTS):
            try:
                yield from self._pages(window, http)
            except ErrorAnswer as error:
                if error.code != "badResumptionToken":
                    raise
            else:
                return
        raise TemporaryError("arXiv's OAI server forgot its place in the list twice; the next run begins again.")

    def _pages(self, window: dict[str, str], http: Http) -> Iterator[bytes]:
        params, met = window, set[str]()
        while len(met) < MOST_PAGES:
            payload = http.get(self.oai_url, params=params) or b""
            token = resumption_token(open_arxiv(payload).root)
            yield payload
            if not token:
                return
            if token in met:
                raise TemporaryError("arXiv's OAI server gives the same page over and over; try again later.")
            met.add(token)
            params = {"verb": "ListRecords", "resumptionToken": token}


def set_of(*, category: str) -> str:
    """Give the OAI set of a category: `cs:cs:AI`, `physics:hep-th`, `physics:astro-ph:GA`."""
    archive, _, subject = category.partition(".")
    group = archive if archive in _OWN_GROUP else "physics"
    if subject:
        return f"{group}:{archive}:{subject}"
    return group if group == archive else f"{group}:{archive}"


SOURCE = ArxivOai()
