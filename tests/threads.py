"""Several workers at the same moment, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(*, workers: int, do: Callable[[], T]) -> list[T]:
    """Start `do` in all workers at the same moment. Returns: what each of them got."""
    start = Barrier(workers)

    def work(_: int) -> T:
        try:
            start.wait(timeout=10)
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, range(workers)))
