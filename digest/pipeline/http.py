"""Polite requests: through the host's gate, with our name on, not asking twice for what has not changed.

In: addresses. Out: bodies of a bearable size, or an error that knows whether trying again can help.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from django.conf import settings

from digest import __version__
from digest.errors import AccessDenied, BadRequest, DigestError, PermanentError, TemporaryError
from digest.models import FetchedPage
from digest.pipeline.gate import Gate

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
"""Seconds of silence; arXiv sometimes hangs for longer before it refuses."""
WHOLE_ANSWER_S = 120.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 3
MAX_URL_LENGTH = 1000
_SHOWN = 120


def polite_client(*, timeout: httpx.Timeout = TIMEOUT) -> httpx.Client:
    """Make a client of one connection that says who we are and how to reach us."""
    contact = f"; mailto:{settings.CONTACT_EMAIL}" if settings.CONTACT_EMAIL else ""
    return httpx.Client(
        headers={"User-Agent": f"Postprint/{__version__} (+{settings.SITE_URL}{contact})"},
        timeout=timeout,
        limits=httpx.Limits(max_connections=1),
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service said, with its status and its headers."""

    status: int
    body: bytes
    headers: httpx.Headers


@dataclass(slots=True, kw_only=True)
class PoliteHttp:
    """The `Http` that sources talk through; from `until` on it asks nothing more."""

    gate: Gate
    client: httpx.Client
    until: datetime | None = None
    _changed: list[FetchedPage] = field(default_factory=list)

    def get(self, url: str, *, params: dict[str, str] | None = None, conditional: bool = False) -> bytes | None:
        """Answer the body, or None when `conditional` was asked for and the page has not changed.

        Raises: TemporaryError on time-outs, 429, 5xx and from `until` on; AccessDenied on 403; BadRequest on 400;
        PermanentError on other 4xx.
        """
        request = self._request(url, params=params)
        if conditional:
            request.headers.update(_validators(request.url))
        response, body = self._through_the_gate(request)
        self._judge(response, body)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return None
        if conditional:
            self._remember(request.url, response)
        return body

    def ask(self, url: str, *, params: dict[str, str], headers: dict[str, str], expected: frozenset[int]) -> Answer:
        """Ask in one reader's name, with headers of their own; a status of `expected` concerns that reader alone.

        The host's wish for a pause (Backoff) is heeded, whatever else it answers. No error repeats a header.
        Raises: as `get`, for every other status.
        """
        request = self._request(url, params=params)
        request.headers.update(headers)
        # A redirect is not followed: it could lead to another host, and the headers would go there too.
        response, body = self._through_the_gate(request, follow_redirects=False)
        if response.status_code in expected or response.status_code == httpx.codes.OK:
            wish = response.headers.get("Backoff", "").strip()
            self.gate.leave(asked_to_wait=timedelta(seconds=int(wish[:6]) if wish.isdecimal() else 0))
        else:
            self._judge(response, body)
        return Answer(status=response.status_code, body=body, headers=response.headers)

    def keep(self) -> None:
        """Remember which state of the conditional pages was read.

        Call it when all of it has been stored: a page that was read but not stored must come again.
        """
        FetchedPage.objects.bulk_create(
            self._changed,
            update_conflicts=True,
            unique_fields=["url"],
            update_fields=["etag", "last_modified", "fetched_at"],
        )
        self._changed.clear()

    def _request(self, url: str, *, params: dict[str, str] | None) -> httpx.Request:
        if self.until is not None and self.gate.clock.now() >= self.until:
            raise TemporaryError("It took too long and was ended; what came is stored.")
        try:
            return self.client.build_request("GET", url, params=params)
        except httpx.InvalidURL as error:
            raise PermanentError(f"{url!r} is no address ({error}); look at the settings that end in _URL.") from error

    def _through_the_gate(
        self, request: httpx.Request, *, follow_redirects: bool = True
    ) -> tuple[httpx.Response, bytes]:
        """Wait for a turn and ask; whoever calls tells the gate how it went."""
        self.gate.enter()
        try:
            return self._send(request, follow_redirects=follow_redirects)
        except (httpx.HTTPError, DigestError) as error:
            raise self._trouble(request, error) from error
        except BaseException:
            self.gate.leave()
            raise

    def _send(self, request: httpx.Request, *, follow_redirects: bool) -> tuple[httpx.Response, bytes]:
        """Read an answer piece by piece, so that neither its size nor its slowness can hold us."""
        started, body = time.monotonic(), bytearray()
        response = self.client.send(request, stream=True, follow_redirects=follow_redirects)
        try:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_ANSWER_BYTES:
                    raise PermanentError(
                        f"{request.url} answers more than {MAX_ANSWER_BYTES >> 20} MB; it was not read."
                    )
                if time.monotonic() - started > WHOLE_ANSWER_S:
                    raise TemporaryError(f"{request.url} took longer than {WHOLE_ANSWER_S:.0f} s to answer.")
        finally:
            response.close()
        return response, bytes(body)

    def _judge(self, response: httpx.Response, body: bytes) -> None:
        """Tell the gate how it went, and raise what the status means."""
        status, url = response.status_code, response.url
        if status == httpx.codes.FORBIDDEN:
            self.gate.deny()
            raise AccessDenied(
                f"{url} answers 403{_said(body)}. Nothing more is asked of {self.gate.host} until a person lifts it."
            )
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            wait = self.gate.back_off(retry_after=retry_after(response=response, now=self.gate.clock.now()))
            raise TemporaryError(f"{url} answers {status}{_said(body)}; asking again in {_minutes(wait)}.")
        self.gate.leave()
        if status not in (httpx.codes.OK, httpx.codes.NOT_MODIFIED):
            refusal = BadRequest if status == httpx.codes.BAD_REQUEST else PermanentError
            raise refusal(f"{url} answers {status}{_said(body)}.")

    def _trouble(self, request: httpx.Request, error: Exception) -> DigestError:
        """Turn what went wrong on the way into an error that knows whether trying again can help."""
        if isinstance(error, PermanentError):
            self.gate.leave()
            return error
        wait = self.gate.back_off(retry_after=None)
        what = str(error) or type(error).__name__
        return TemporaryError(f"{request.url} could not be read ({what}); asking again in {_minutes(wait)}.")

    def _remember(self, url: httpx.URL, response: httpx.Response) -> None:
        etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
        if (etag or modified) and len(str(url)) <= MAX_URL_LENGTH and len(etag) <= 300 and len(modified) <= 100:
            page = FetchedPage(url=str(url), etag=etag, last_modified=modified, fetched_at=self.gate.clock.now())
            self._changed.append(page)


def retry_after(*, response: httpx.Response, now: datetime) -> timedelta | None:
    """Read how long a server asks to be left alone: seconds, or a date. None when it does not say."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, timedelta())


def _validators(url: httpx.URL) -> dict[str, str]:
    page = FetchedPage.objects.filter(url=str(url)).first()
    if page is None:
        return {}
    found = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in found.items() if value}


def _said(body: bytes) -> str:
    """Repeat the beginning of an error's body, in one line."""
    words = " ".join(body[:1000].decode(errors="replace").split())[:_SHOWN]
    return f" ({words!r})" if words else ""


def _minutes(wait: timedelta) -> str:
    minutes = -(-wait // timedelta(minutes=1))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
