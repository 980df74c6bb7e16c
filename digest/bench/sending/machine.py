"""Processes of the bench: started, watched, ended. Linux's /proc says what they hold and what they took."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
STOPS_WITHIN_S = 20


def start(words: Sequence[str], *, env: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start a Python program that is talked to by lines."""
    command = [sys.executable, "-m", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env={**os.environ, **env}, stdin=pipe, stdout=pipe, text=True)  # noqa: S603 - ours


def line_of(process: "subprocess.Popen[str]") -> str:
    """Wait for the next line that a program prints."""
    assert process.stdout is not None  # noqa: S101 - for the types
    return process.stdout.readline().strip()


def tell(process: "subprocess.Popen[str]", line: str) -> None:
    """Write a program a line."""
    assert process.stdin is not None  # noqa: S101 - for the types
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def stop(process: "subprocess.Popen[str]") -> None:
    """End a program, by asking first."""
    process.terminate()
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def children(*, of: int) -> list[int]:
    """List the processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{of}/task/{of}/children").read_text("ascii").split()]


def held_mb(*, pid: int) -> float:
    """Answer how much memory a process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_s(*, pids: Sequence[int]) -> float:
    """Add up what processes have kept the processors busy."""
    fields = [Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def wait(*, seconds: float) -> None:
    """Let some time pass."""
    time.sleep(seconds)
