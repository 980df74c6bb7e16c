"""Throw-away servers for the tests: found on the machine or in a pip package, started on a free port, gone at the end.

Out: addresses. `Unavailable` says in one sentence which part cannot run here, and why.
"""

import os
import shutil
from functools import cache

from digest.chaos.programs import Program, Unavailable, free_port, temporary_folder
from digest.chaos.servers import Postgres, Redis

__all__ = ["Program", "Unavailable", "chromium_path", "free_port", "postgres_url", "redis_url", "temporary_folder"]


@cache
def postgres_url() -> str:
    """Answer TEST_DATABASE_URL, or start a private PostgreSQL, fast because it may forget everything.

    Raises: Unavailable when there is none to start.
    """
    return os.environ.get("TEST_DATABASE_URL") or Postgres().url


@cache
def redis_url() -> str:
    """Answer TEST_REDIS_URL, or start a private Redis.

    Raises: Unavailable when there is none to start.
    """
    return os.environ.get("TEST_REDIS_URL") or Redis().url


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
