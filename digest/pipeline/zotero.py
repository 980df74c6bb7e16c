"""A reader's Zotero library, by its web API: only what changed since it was read last, a hundred items a page."""

from dataclasses import dataclass

from django.conf import settings

from digest.errors import UnreadablePayload
from digest.library import MOST_ENTRIES, Piece, read_library
from digest.pipeline.accounts import AccountRefused, AccountState, Problem
from digest.pipeline.http import Answer, PoliteHttp

PAGE = 100  # items; the most that Zotero gives
NOT_MODIFIED, FORBIDDEN, NOT_FOUND = 304, 403, 404


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoteroAccount:
    """A library, "users/12345" or "groups/12345", and the key that opens it."""

    library: str
    key: str

    def read(self, *, since: int, http: PoliteHttp) -> AccountState | None:
        """Read what changed since a version; None when nothing did.

        Raises: AccountRefused when the key or the library is wrong; TemporaryError when later may be better.
        """
        first = self._page(0, since, http)
        if first.status == NOT_MODIFIED:
            return None
        # The first page's version: what changes while we turn the pages is read again next time.
        version, total = _number(first, "Last-Modified-Version"), _number(first, "Total-Results")
        pieces = list(_pieces(first))
        start = PAGE
        while start < min(total, MOST_ENTRIES):
            pieces += _pieces(self._page(start, since, http))
            start += PAGE
        return AccountState(pieces=tuple(pieces), version=max(version, since), left=max(total - MOST_ENTRIES, 0))

    def _page(self, start: int, since: int, http: PoliteHttp) -> Answer:
        params = {"format": "json", "limit": str(PAGE), "start": str(start), "since": str(since)}
        headers = {"Zotero-API-Version": "3", "Zotero-API-Key": self.key}
        if start == 0 and since:
            headers["If-Modified-Since-Version"] = str(since)
        answer = http.ask(
            f"{settings.ZOTERO_URL}/{self.library}/items/top",
            params=params,
            headers=headers,
            expected=frozenset({NOT_MODIFIED, FORBIDDEN, NOT_FOUND}),
        )
        if answer.status == FORBIDDEN:
            raise AccountRefused(Problem.KEY_REFUSED)
        if answer.status == NOT_FOUND:
            raise AccountRefused(Problem.NO_LIBRARY)
        return answer


def _pieces(page: Answer) -> tuple[Piece, ...]:
    """Read one page; an empty one holds nothing."""
    if page.body.strip() in (b"", b"[]"):
        return ()
    reading = read_library(payload=page.body)
    if reading.format != "zotero":
        raise UnreadablePayload("What Zotero answers is no list of items.")
    return reading.pieces


def _number(answer: Answer, header: str) -> int:
    value = answer.headers.get(header, "").strip()
    return int(value[:15]) if value.isdecimal() else 0
