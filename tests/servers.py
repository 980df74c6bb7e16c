"""Throw-away servers for the tests: found on the machine or in a pip package, started on a free port, gone at the end.

Out: addresses. `Unavailable` says in one sentence which part cannot run here, and why.
"""

import os
import shutil
from collections.abc import Sequence
from functools import cache

from digest.chaos.programs import Program, Unavailable, die_with_parent, free_port, temporary_folder
from digest.chaos.servers import FORGETFUL, Postgres, Redis, redis_binary

__all__ = [
    "Program",
    "Unavailable",
    "chromium_path",
    "die_with_parent",
    "free_port",
    "postgres_url",
    "redis_binary",
    "redis_url",
    "start_postgres",
    "temporary_folder",
]


@cache
def postgres_url() -> str:
    """Answer TEST_DATABASE_URL, or start a private PostgreSQL.

    Raises: Unavailable when there is none to start.
    """
    return os.environ.get("TEST_DATABASE_URL") or start_postgres()


@cache
def redis_url() -> str:
    """Answer TEST_REDIS_URL, or start a private Redis.

    Raises: Unavailable when there is none to start.
    """
    return os.environ.get("TEST_REDIS_URL") or Redis().url


def start_postgres(*, settings: Sequence[str] = FORGETFUL) -> str:
    """Start a PostgreSQL whose data live in a temporary folder; it is fast because it may forget everything."""
    return Postgres(settings=tuple(settings)).url


@cache
def chromium_path() -> str:
    """Find a Chromium: the one named by CHROMIUM, or one of this machine's.

    Raises: Unavailable when there is none.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise Unavailable("No Chromium here: install the package chromium, or name one in the variable CHROMIUM.")
    return found
