"""The clock that workers and beat see: another one than the machine's, and moved while they run, by libfaketime.

Nothing of ours knows of it: the library stands between the programs and the system. Time-outs run on the machine's
monotonic clock, which is left alone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

PLACES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib*/faketime/libfaketime.so.1")
SLEEPING = Path(__file__).resolve().parent / "sleeping"  # on the way of their interpreters: see there
SEEN_WITHIN_S = 1.0  # after so long every program has read that the clock was moved
MISSING = "libfaketime is not installed (Debian: apt install faketime), so the clock is not stepped"


def library(*, places: Iterable[str] = PLACES) -> Path | None:
    """Find libfaketime; None where it is not installed."""
    found = (path for place in places for path in Path("/").glob(place.lstrip("/")))
    return next(found, None)


class MovedClock:
    """A clock that shows another time than the machine's, for us and for all who are started with its variables."""

    def __init__(self, *, folder: Path, shows: datetime) -> None:
        """Show a moment now; raises FileNotFoundError where there is no libfaketime."""
        self.library, self.file = library(), folder / "clock"
        if self.library is None:
            raise FileNotFoundError(MISSING)
        self._ahead = timedelta()
        self.step(shows - datetime.now(UTC))

    def now(self) -> datetime:
        """Read it, in UTC."""
        return datetime.now(UTC) + self._ahead

    def step(self, by: timedelta) -> None:
        """Move it on at once; others see it within SEEN_WITHIN_S."""
        self._ahead += by
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text(f"{self._ahead.total_seconds():+.3f}\n", "ascii")
        unfinished.rename(self.file)

    def variables(self) -> dict[str, str]:
        """Name the variables under which a program sees this clock."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": str(SLEEPING),
        }


class MachineClock:
    """The machine's own clock, which nobody moves."""

    def now(self) -> datetime:
        """Read it, in UTC."""
        return datetime.now(UTC)

    def step(self, by: timedelta) -> None:
        """Let time pass by itself."""

    def variables(self) -> dict[str, str]:
        """Name no variables: programs see it anyway."""
        return {}
