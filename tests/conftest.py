"""What tests ask for by name: a moment, a mailbox, builders, recordings, a real worker, a real browser."""

import os
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from playwright.sync_api import Page, sync_playwright

from digest import encoders
from digest.mail.counters import forget_counters
from digest.mail.providers import backend_for
from digest.pipeline import encoding
from digest.pipeline.examples import forget_examples
from digest.pipeline.open_preview import forget_week
from digest.pipeline.papers import forget_papers
from digest.search.meaning import forget_recent
from tests import browser, builders, processes, servers
from tests.encoders import MODEL, FakeLoader
from tests.mailbox import Mailbox

PROJECT = Path(__file__).resolve().parent.parent

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def cannot_run(reason: str) -> NoReturn:
    """Skip the test and say why; where everything must run (CI=true), fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning, aware and in UTC."""
    return builders.NOW


@pytest.fixture
def mailbox(settings: LazySettings, tmp_path: Path) -> Mailbox:
    """The mails that this test sends: the provider is `file`, its folder is new."""
    folder = tmp_path / "outbox"
    settings.EMAIL_PROVIDER = "file"
    settings.EMAIL_BACKEND = backend_for("file")
    settings.EMAIL_FILE_DIR = str(folder)
    return Mailbox(folder)


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of real recorded payloads."""
    return existing(variable="RECORDINGS_DIR", default="../shared/feeds")


@pytest.fixture(scope="session")
def checks_dir() -> Path:
    """The folder of outside checks of mails."""
    return existing(variable="CHECKS_DIR", default="../shared/checks")


def existing(*, variable: str, default: str) -> Path:
    """Answer the folder that a variable names, relative to the project."""
    folder = (PROJECT / os.environ.get(variable, default)).resolve()
    if not folder.is_dir():
        cannot_run(f"{variable} names no folder: {folder}")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The address of a PostgreSQL server, private unless TEST_DATABASE_URL names one."""
    return available(servers.postgres_url)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a Redis server, private unless TEST_REDIS_URL names one."""
    return available(servers.redis_url)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The program that a browser test drives."""
    return available(servers.chromium_path)


def available(find: Callable[[], str]) -> str:
    """Answer what was found, or say why it cannot be had."""
    try:
        return find()
    except servers.Unavailable as error:
        cannot_run(str(error))


@pytest.fixture
def production_env(transactional_db: None, redis_url: str, settings: LazySettings, mailbox: Mailbox) -> dict[str, str]:
    """The variables of a real process beside this test: the same database, mailbox and secrets, a Redis, no demo."""
    return processes.production_env(redis_url=redis_url, settings=settings)


@pytest.fixture
def start_program(production_env: dict[str, str]) -> Iterator[processes.Start]:
    """Start one of Postprint's own programs (`worker`, `beat`, `web`) for real; it ends with the test."""
    running: list[servers.Program] = []

    def start(command: list[str], *, ready: str, **variables: str) -> servers.Program:
        program = servers.Program(command=command, ready=ready, env=production_env | variables)
        running.append(program)
        return program

    yield start
    for program in running:
        program.stop()
        print("\n".join(["", " ".join(program.command[:6]), *program.lines]))  # shown when the test has failed


@pytest.fixture
def celery_worker_process(start_program: processes.Start) -> Callable[..., servers.Program]:
    """Start a real Celery worker, as often as the test likes."""
    return processes.worker(start_program)


@pytest.fixture
def celery_beat_process(start_program: processes.Start) -> Callable[..., servers.Program]:
    """Start a real beat with the real schedule, its times shortened to seconds."""
    return processes.beat(start_program)


@pytest.fixture
def gunicorn_process(start_program: processes.Start) -> Callable[[], processes.Site]:
    """Start the site under gunicorn, with production settings."""
    return processes.web(start_program)


@pytest.fixture
def browser_page(chromium_path: str, monkeypatch: pytest.MonkeyPatch) -> Generator[Page]:
    """A page in a real, new Chromium. The test fails when the page complains on its console."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs a loop in this thread, Django would object
    with sync_playwright() as playwright, browser.launched(playwright=playwright, path=chromium_path) as chromium:
        page = chromium.new_page()
        complaints = browser.listen(page)
        yield page
        assert complaints == []


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget papers and pages that a process remembers, and mails that it counts: the next test has others."""
    cache.clear()
    forget_counters()
    forget_papers()
    forget_examples()
    forget_week()
    forget_recent()


@pytest.fixture
def make_paper(db: None) -> Callable[..., Any]:
    """Build papers: see tests/builders.py."""
    return builders.make_paper


@pytest.fixture
def make_reader(db: None) -> Callable[..., Any]:
    """Build readers: see tests/builders.py."""
    return builders.make_reader


@pytest.fixture
def loader(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLoader]:
    """A loader of invented vectors in the place of the real ones, chosen by the settings: see tests/encoders.py."""
    found = FakeLoader()
    monkeypatch.setattr(encoders, "loaders", lambda: {"fake": found})
    settings.ENCODER, settings.ENCODER_PATH, settings.ENCODER_THREADS = MODEL, "", 0
    encoding.forget_encoder()
    yield found
    encoding.forget_encoder()
