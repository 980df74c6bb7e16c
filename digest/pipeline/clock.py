"""The one clock of the parts that wait for other machines, so that a test can let an hour pass at once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What time it is (aware, UTC), and how to let some seconds pass."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]


def system_now() -> datetime:
    """Read the machine's clock."""
    return datetime.now(UTC)


SYSTEM_CLOCK = Clock(now=system_now, sleep=time.sleep)


def running_from(start: datetime) -> Clock:
    """Make a clock that shows `start` now and runs on from there."""
    began = time.monotonic()
    return Clock(now=lambda: start + timedelta(seconds=time.monotonic() - began), sleep=time.sleep)
