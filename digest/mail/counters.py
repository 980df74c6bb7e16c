"""Where the shared page of the throttle lies: in Redis for all workers, or in this process where there is no Redis."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from threading import Lock
from typing import Any, Protocol, TypeVar

from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from digest.mail.throttle import Page

T = TypeVar("T")

KEY = "postprint:sending"
KEPT_S = 3 * 24 * 3600
ROUND_S = 300  # who says nothing for so long is out of the round
TIMEOUT_S = 3  # a Redis that swallows packets must not hold a worker


class CountersGone(Exception):
    """The shared page cannot be reached, so nobody knows how much has been sent."""


class Counters(Protocol):
    """The page, changed by one worker at a time."""

    def change(self, decide: Callable[[Page], T]) -> T:
        """Let `decide` read and change the page, as one step for all workers, and answer what it answers.

        It may be called again when another worker was faster, on the page as that one left it.
        Raises: CountersGone when there is no telling what stands on the page; nothing was changed then, or all was.
        """
        ...

    def read(self) -> Page:
        """Answer a copy of the page, which changes nothing. Raises: CountersGone."""
        ...

    def begin(self, *, name: str) -> bool:
        """Tell whether one may begin a round of this name: nobody else is in one, or who was has died.

        Raises: CountersGone.
        """
        ...

    def go_on(self, *, name: str) -> None:
        """Say that one is still in the round.

        Raises: CountersGone.
        """
        ...

    def end(self, *, name: str) -> None:
        """Let the next begin.

        Raises: CountersGone.
        """
        ...


class LocalCounters:
    """The page of this process alone."""

    def __init__(self) -> None:
        self.page, self.lock = Page(), Lock()

    def change(self, decide: Callable[[Page], T]) -> T:
        """Let one thread at a time change the page."""
        with self.lock:
            return decide(self.page)

    def read(self) -> Page:
        """Copy the page."""
        with self.lock:
            return deepcopy(self.page)

    def begin(self, *, name: str) -> bool:  # noqa: ARG002 - the contract's name
        """Let everybody begin: what one process does, it does in turn."""
        return True

    def go_on(self, *, name: str) -> None:
        """Need no word."""

    def end(self, *, name: str) -> None:
        """Need no word."""


class RedisCounters:
    """The page under one key of Redis."""

    def __init__(self, *, url: str) -> None:
        self.client = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 1),  # a connection that was closed while nobody used it
        )

    def change(self, decide: Callable[[Page], T]) -> T:
        """Change the page if nobody else has since it was read; else read it again (WATCH, MULTI, EXEC)."""

        def attempt(pipe: Any) -> T:
            page = Page.from_bytes(pipe.get(KEY))
            answer = decide(page)
            pipe.multi()
            pipe.set(KEY, page.to_bytes(), ex=KEPT_S)
            return answer

        transaction: Any = self.client.transaction  # whose types know no answer of the callable
        try:
            answer: T = transaction(attempt, KEY, value_from_callable=True)
        except RedisError as error:
            raise CountersGone(type(error).__name__) from error
        return answer

    def read(self) -> Page:
        """Read the page as it stands."""
        try:
            raw: Any = self.client.get(KEY)
        except RedisError as error:
            raise CountersGone(type(error).__name__) from error
        return Page.from_bytes(raw)

    def begin(self, *, name: str) -> bool:
        """Set the round's key, unless it is set."""
        return bool(self._ask(lambda: self.client.set(f"{KEY}:{name}", 1, nx=True, ex=ROUND_S)))

    def go_on(self, *, name: str) -> None:
        """Let the round's key last on."""
        self._ask(lambda: self.client.set(f"{KEY}:{name}", 1, ex=ROUND_S))

    def end(self, *, name: str) -> None:
        """Take the round's key away."""
        self._ask(lambda: self.client.delete(f"{KEY}:{name}"))

    def _ask(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except RedisError as error:
            raise CountersGone(type(error).__name__) from error


def counters() -> Counters:
    """Answer the page that the settings ask for."""
    return _counters(settings.REDIS_URL)


def forget_counters() -> None:
    """Begin anew in this process; the page in Redis stays."""
    _counters.cache_clear()


@cache
def _counters(url: str) -> Counters:
    return RedisCounters(url=url) if url else LocalCounters()
