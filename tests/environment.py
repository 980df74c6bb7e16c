"""Loaded by pytest before Django reads its settings (see addopts): chooses the database, sets the variables."""

import os
from collections.abc import Generator

import pytest

TEST_ENVIRONMENT = {
    "DEMO": "1",
    "ENV_FILE": os.devnull,  # a person's own .env must not change what the tests see
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "",
    "SITE_URL": "http://localhost:8000",
    "EMAIL_PROVIDER": "file",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose its database."""
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="Which database to test on.")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Set the variables before pytest-django imports the settings."""
    os.environ.update(TEST_ENVIRONMENT)
    yield
