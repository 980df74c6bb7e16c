"""Loaded by pytest before Django reads its settings (see addopts): chooses the database, sets the variables."""

import os
import signal
from collections.abc import Generator

import pytest

from tests import servers

TEST_ENVIRONMENT = {
    "DEMO": "1",
    "STATIC_HASHED": "0",
    "ENV_FILE": os.devnull,  # a person's own .env must not change what the tests see
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "",
    "SITE_URL": "http://localhost:8000",
    "EMAIL_PROVIDER": "file",
    "ENCODER": "",
}
NO_POSTGRES = pytest.StashKey[str]()
"""Why there is no PostgreSQL, where a run asked for it and may go on without."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose its database."""
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="Which database to test on.")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Set the variables before pytest-django imports the settings."""
    os.environ.update(TEST_ENVIRONMENT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # like Ctrl-C, so that servers and folders go, too
    if early_config.known_args_namespace.database == "postgres":
        try:
            os.environ["DATABASE_URL"] = servers.postgres_url()
        except servers.Unavailable as error:
            if os.environ.get("CI"):
                raise pytest.UsageError(str(error)) from error
            early_config.stash[NO_POSTGRES] = str(error)
    yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that say something on this run's database; see `make test`, which runs both."""
    postgres = config.getoption("--database") == "postgres"
    kept = [item for item in items if belongs(item=item, postgres=postgres)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
    if reason := config.stash.get(NO_POSTGRES, ""):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=reason))


def belongs(*, item: pytest.Item, postgres: bool) -> bool:
    """Decide whether a test is for this database: on PostgreSQL, those that use a database at all."""
    if not postgres:
        return item.get_closest_marker("postgres") is None
    uses_database = item.get_closest_marker("django_db") is not None or any(
        name in getattr(item, "fixturenames", ()) for name in ("db", "transactional_db", "live_server")
    )
    wanted = uses_database or item.get_closest_marker("postgres") is not None
    return wanted and item.get_closest_marker("sqlite") is None


def pytest_report_header(config: pytest.Config) -> str:
    """Say which database this run is on, and where the rest of the tests are."""
    if reason := config.stash.get(NO_POSTGRES, ""):
        return f"postprint: every test is skipped: {reason}"
    if config.getoption("--database") == "postgres":
        return "postprint: on PostgreSQL, the tests that use a database"
    return "postprint: on SQLite; tests marked postgres run with --database=postgres"
