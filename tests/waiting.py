"""Waiting for what another process does: on a condition, with an end, never for a fixed time."""

import threading
import time
from collections.abc import Callable

import pytest

LOOK_EVERY_S = 0.05


def until(condition: Callable[[], object], *, what: str, timeout_s: float = 60) -> None:
    """Return once `condition` holds; fail the test naming `what` was waited for when the time is over."""
    nobody = threading.Event()
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {timeout_s:g} s for {what}")
        nobody.wait(LOOK_EVERY_S)
