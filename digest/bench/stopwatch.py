"""Listens to the service's own functions: how long each stage took, and the most memory that was held in it.

Nothing in the service knows of it. A stage inside another is counted once, as itself.
"""

import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

STATM = Path("/proc/self/statm")  # of Linux; elsewhere the peak stands for what is held
STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FORGET_PEAK = "5"  # proc(5): sets VmHWM, the peak of what is resident, back to what is resident now


class Stopwatch:
    """Adds up the seconds of each stage; the stage that is running stands on top."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.peak_mb: dict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._since = 0.0

    def listen(self, *, owner: Any, name: str, stage: str, tell: Callable[[Any], None] | None = None) -> None:
        """Count each call of `owner.name` to a stage; `tell` is given what it returns."""
        heard = getattr(owner, name)

        @wraps(heard)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self.enter(stage)
            try:
                result = heard(*args, **kwargs)
            finally:
                self.leave()
            if tell is not None:
                tell(result)
            return result

        setattr(owner, name, timed)

    def enter(self, stage: str) -> None:
        """Begin a stage; the one around it stands still meanwhile."""
        self._book()
        self._running.append(stage)

    def leave(self) -> None:
        """End the stage that is running."""
        self._book()
        self._running.pop()

    def _book(self) -> None:
        now = time.perf_counter()
        peak = peak_since_mb()
        if self._running:
            stage = self._running[-1]
            self.seconds[stage] += now - self._since
            self.peak_mb[stage] = max(self.peak_mb[stage], peak)
        self._since = time.perf_counter()


def held_mb() -> float:
    """Answer how much memory this process holds now."""
    if not STATM.exists():
        return peak_mb()
    return int(STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_since_mb() -> float:
    """Answer the most memory that this process has held since it was last asked; elsewhere than on Linux, ever."""
    if not CLEAR_REFS.exists():
        return peak_mb()
    line = next(line for line in STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
    CLEAR_REFS.write_text(FORGET_PEAK, "ascii")
    return int(line.split()[1]) / 2**10


def peak_mb() -> float:
    """Answer the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
