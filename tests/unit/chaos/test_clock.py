"""A clock that is moved while a program runs: the program sees it, and its time-outs do not."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.chaos import clock
from digest.chaos.programs import Program
from tests.conftest import cannot_run

SHOWN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SAYS_WHEN = """
import datetime, time
while True:
    began = time.monotonic()
    time.sleep(0.05)
    slept_well = 0.04 < time.monotonic() - began < 5
    print(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H} {slept_well}", flush=True)
"""


@pytest.fixture
def moved(tmp_path: Path) -> clock.MovedClock:
    """A clock that shows the middle of a night in October."""
    if clock.library() is None:
        cannot_run(clock.MISSING)
    return clock.MovedClock(folder=tmp_path, shows=SHOWN)


def test_a_program_sees_the_moved_clock_and_each_further_step(moved: clock.MovedClock) -> None:
    program = Program(command=[sys.executable, "-c", SAYS_WHEN], env=os.environ | moved.variables())

    program.wait_for_line("2026-10-25 00 True")
    moved.step(timedelta(hours=2))
    program.wait_for_line("2026-10-25 02 True")
    program.stop()

    assert not [line for line in program.lines if line.endswith("False")]


def test_who_moves_the_clock_reads_the_same_time(moved: clock.MovedClock) -> None:
    moved.step(timedelta(hours=2))

    assert timedelta(hours=2) <= moved.now() - SHOWN < timedelta(hours=2, minutes=1)


def test_a_machine_without_the_library_has_a_clock_that_nobody_moves() -> None:
    clock_here = clock.MachineClock()

    clock_here.step(timedelta(hours=2))

    assert clock.library(places=["/nowhere/libfaketime.so.1"]) is None
    assert abs(clock_here.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert clock_here.variables() == {}
