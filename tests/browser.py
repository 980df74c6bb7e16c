"""A real Chromium that talks to nobody but the machine it runs on."""

import os
from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Playwright

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@contextmanager
def launched(*, playwright: Playwright, path: str) -> Generator[Browser]:
    """Start Chromium with an empty profile, and end it."""
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)  # its sandbox refuses root
    chromium = playwright.chromium.launch(executable_path=path, args=flags)
    try:
        yield chromium
    finally:
        chromium.close()


def listen(page: Page) -> list[str]:
    """Collect what the page complains of: script errors, refused styles or frames, answers of 400 and above."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    return complaints
