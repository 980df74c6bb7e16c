"""Postprint's own programs, started as production starts them: web, worker, beat."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.db import connection

from tests.servers import Program, free_port, temporary_folder

Starter = Callable[..., Program]

SOURCES = ("ARXIV_RSS_URL", "ARXIV_API_URL", "ARXIV_OAI_URL", "HUGGINGFACE_URL")
NOBODY_LISTENS = "http://127.0.0.1:9"  # the discard port: a test's worker must not reach the real sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running web server and where it answers."""

    program: Program
    address: str


class Start(Protocol):
    """Start a command with the environment of the test, some variables changed."""

    def __call__(self, command: list[str], *, ready: str, **variables: str) -> Program:
        """Answer the running program once it printed `ready`."""
        ...


def production_env(*, redis_url: str, settings: LazySettings) -> dict[str, str]:
    """Give a real process the database, mailbox and secrets of this test, and no demo."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": settings.SECRET_KEY,
        "ADDRESS_HASH_KEY": settings.ADDRESS_HASH_KEY,
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "SITE_URL": "https://postprint.example",
        "SECURE_SSL_REDIRECT": "0",
        "EMAIL_PROVIDER": "file",
        "EMAIL_FILE_DIR": settings.EMAIL_FILE_DIR,
        "DEFAULT_FROM_EMAIL": "Postprint <digest@postprint.example>",
        "CONTACT_EMAIL": "staff@postprint.example",
        "POSTAL_ADDRESS": "Postprint, 1 Library Lane, 12345 Bookham",
        **dict.fromkeys(SOURCES, NOBODY_LISTENS),
    }


def database_url() -> str:
    """Name the test's own database, so that another process sees the same rows."""
    own = connection.settings_dict
    if connection.vendor != "postgresql":
        pytest.fail("A test that starts programs must be marked postgres: nobody else can see a database in memory.")
    password = f":{quote(own['PASSWORD'])}" if own["PASSWORD"] else ""
    return f"postgres://{quote(own['USER'])}{password}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"


def worker(start: Start) -> Starter:
    """Make the starter of Celery workers."""

    def start_worker(*, name: str = "worker", concurrency: int = 1, **variables: str) -> Program:
        options = ["--hostname", f"{name}@%h", "--concurrency", str(concurrency), "--loglevel", "INFO"]
        command = [sys.executable, "-m", "celery", "-A", "digest", "worker", *options]
        return start(command, ready=" ready.", **variables)

    return start_worker


def beat(start: Start) -> Starter:
    """Make the starter of beat."""

    def start_beat(**variables: str) -> Program:
        schedule = temporary_folder(name="beat") / "schedule"
        command = [sys.executable, "-m", "celery", "-A", "tests.fast_beat", "beat", "-s", str(schedule), "-l", "INFO"]
        return start(command, ready="beat: Starting...", **variables)

    return start_beat


def web(start: Start) -> Callable[[], Site]:
    """Make the starter of gunicorn, with its static files laid out as the image has them."""

    def start_web() -> Site:
        start([sys.executable, "manage.py", "collectstatic", "--noinput"], ready="static files").process.wait()
        address = f"127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "gunicorn", "digest.wsgi", "--bind", address, "--workers", "1"]
        return Site(program=start(command, ready="Booting worker"), address=f"http://{address}")

    return start_web
