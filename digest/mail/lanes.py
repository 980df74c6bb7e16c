"""Threads that send side by side in one process: while one waits for a disk or a server, another writes its mails.

Each keeps its database connection and its connections to the providers from one task to the next. They end with the
process and hold it up by nothing: what they had in hand stands in the ledger.
"""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import cache
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import close_old_connections, connection

from digest.mail.wire import Wires

T = TypeVar("T")
SWITCH_S = 0.0005  # a lane that has its answer goes on soon, although another one is writing its mails
LAST_MAIL_S = 60.0  # what a mail may take that is on its way when all is to end: twice EMAIL_TIMEOUT


class Lanes(Generic[T]):
    """A fixed number of threads that wait for work."""

    def __init__(self, *, number: int) -> None:
        self.number = number
        sys.setswitchinterval(SWITCH_S)
        self._jobs: SimpleQueue[tuple[Callable[[Wires], T], Future[T]] | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"lane-{n}", daemon=True) for n in range(number)]
        for thread in self._threads:
            thread.start()

    def run(self, jobs: Sequence[Callable[[Wires], T]], *, stop: threading.Event) -> list[T]:
        """Do all jobs side by side, and answer what they answer; `stop` tells them when this call is cut short.

        Raises: what the first of them raised, when all have ended.
        """
        futures: list[Future[T]] = [Future() for _ in jobs]
        for job, future in zip(jobs, futures, strict=True):
            self._jobs.put((job, future))
        try:
            wait(futures)
        finally:
            stop.set()
            wait(futures, timeout=LAST_MAIL_S)
        return [future.result() for future in futures]

    def close(self) -> None:
        """End the threads and close their connections. A worker need not: they end with it."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(LAST_MAIL_S)

    def _work(self) -> None:
        wires = Wires()
        while (work := self._jobs.get()) is not None:
            job, future = work
            close_old_connections()
            try:
                future.set_result(job(wires))
            except BaseException as error:  # noqa: BLE001 - whoever waits for it hears of it
                future.set_exception(error)
            del work, job, future
        wires.close()
        connection.close()


def lanes_of_this_process() -> "Lanes[Any] | None":
    """Answer the threads of a worker, the same each time; None where there are no workers, or one writer at a time."""
    if not settings.REDIS_URL or connection.vendor != "postgresql":
        return None
    return _lanes(os.getpid(), settings.EMAIL_LANES)


@cache
def _lanes(_: int, number: int) -> "Lanes[Any]":
    """Begin them anew in a process that was forked: threads stay behind in the one that it came from."""
    return Lanes(number=number)
