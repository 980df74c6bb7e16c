"""arXiv by its daily feed, which says what was announced, and its API, which says it cleanly.

In: categories and a window, or ids. Out: the bytes of RSS and Atom answers, and records from any arXiv format.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.arxiv import canonical_category
from digest.errors import TemporaryError
from digest.sources import Http
from digest.sources._arxiv_payload import open_arxiv, parse_arxiv
from digest.sources._calendar import latest_feed_change, quiet_reason
from digest.sources._xml import child_text
from digest.types import PaperRecord, RejectedRecord

CATEGORIES_PER_FEED = 3
"""A feed holds at most 2000 items; the three busiest categories together stay below."""
IDS_PER_REQUEST = 100
RESULTS_PER_PAGE = 500
MOST_PAGES = 60
"""The API answers at most 30,000 results to one query."""
FEED_REACHES_BACK = timedelta(days=4)
"""A feed holds one day, and over a weekend it is the last one; a longer window is asked of the API."""
SECOND_LOOK = (timedelta(hours=3), timedelta(hours=4))
"""A category may come late: one more look this long after the feed changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arxiv:
    """The daily feed as the trigger, the API for what it leaves out."""

    name: str = "arxiv"
    gate: str = "arxiv"
    pause_s: float = 3.0
    scheme: str = "arxiv"
    categories: tuple[str, ...] = ("cs.AI",)
    rss_url: str = "https://rss.arxiv.org"
    api_url: str = "https://export.arxiv.org/api/query"
    oai_url: str = "https://oaipmh.arxiv.org/oai"

    def due(self, *, now: datetime, last_success: datetime | None) -> bool:
        """Poll from midnight US Eastern after an announcement until something came, and once more a little later."""
        if last_success is None:
            return True
        changed = latest_feed_change(now=now)
        opens, closes = (changed + wait for wait in SECOND_LOOK)
        return last_success < changed or (opens <= now < closes and last_success < opens)

    def fetch(self, *, since: datetime, until: datetime, http: Http) -> Iterator[bytes]:
        """Read today's feed; for a window longer than a feed reaches back, ask the API by submission date instead."""
        if until - since > FEED_REACHES_BACK:
            yield from self.fetch_past(since=since, until=until, http=http)
            return
        for categories in _chunks(self._categories(), CATEGORIES_PER_FEED):
            payload = http.get(f"{self.rss_url}/rss/{'+'.join(categories)}", conditional=True)
            if payload is not None:
                yield payload

    def fetch_past(self, *, since: datetime, until: datetime, http: Http) -> Iterator[bytes]:
        """Ask the API for what was submitted in the window; the feed knows nothing but today."""
        wanted = " OR ".join(f"cat:{category}" for category in self._categories())
        query = f"({wanted}) AND submittedDate:[{since:%Y%m%d%H%M} TO {until:%Y%m%d%H%M}]"
        yield from self.search(query=query, http=http)

    def look_up(self, *, ids: Sequence[str], http: Http) -> Iterator[bytes]:
        """Ask the API for the metadata of papers by id; the answer leaves unknown ids out."""
        for chunk in _chunks(ids, IDS_PER_REQUEST):
            yield self._ask(http, {"id_list": ",".join(chunk), "max_results": str(IDS_PER_REQUEST)})

    def settle(self, *, ids: Sequence[str], http: Http) -> Iterator[bytes]:
        """Ask OAI-PMH for the format that flags withdrawn versions, one paper a request."""
        for paper in ids:
            params = {"verb": "GetRecord", "metadataPrefix": "arXivRaw", "identifier": f"oai:arXiv.org:{paper}"}
            payload = http.get(self.oai_url, params=params)
            if payload is not None:
                yield payload

    def search(self, *, query: str, http: Http) -> Iterator[bytes]:
        """Ask the API a question in its own query language and yield every page of the answer.

        Raises: TemporaryError when a page in the middle comes empty, which the server does when it is busy.
        """
        start = 0
        for _ in range(MOST_PAGES):
            payload = self._ask(
                http,
                {
                    "search_query": query,
                    "start": str(start),
                    "max_results": str(RESULTS_PER_PAGE),
                    "sortBy": "submittedDate",
                    "sortOrder": "descending",
                },
            )
            page = open_arxiv(payload)
            total = int(child_text(page.root, "totalResults") or 0)
            if not page.records and start < total:
                raise TemporaryError(f"arXiv's API gave an empty page at {start} of {total} results; try again later.")
            yield payload
            start += len(page.records)
            if start >= total:
                return

    def parse(self, payload: bytes) -> Iterator[PaperRecord | RejectedRecord]:
        """Read an answer in any of arXiv's formats."""
        return parse_arxiv(payload, source=self.name)

    def _categories(self) -> list[str]:
        return list(dict.fromkeys(map(canonical_category, self.categories)))

    def _ask(self, http: Http, params: dict[str, str]) -> bytes:
        return http.get(self.api_url, params=params) or b""


def quiet_day(day: date) -> str:
    """Say in words why arXiv's feed of `day` holds nothing new; "" on a day when it should hold something."""
    return quiet_reason(day=day)


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


SOURCE = Arxiv()
