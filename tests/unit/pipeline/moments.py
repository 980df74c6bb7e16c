"""A clock that moves only when somebody sleeps."""

from datetime import datetime, timedelta

from digest.pipeline.clock import Clock


class FakeTime:
    """The time as the test says; `slept` holds the seconds of every sleep."""

    def __init__(self, start: datetime) -> None:
        self.at = start
        self.slept: list[float] = []
        self.clock = Clock(now=lambda: self.at, sleep=self._sleep)

    def passes(self, **duration: float) -> None:
        self.at += timedelta(**duration)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
