"""All that runs in a house of readers: PostgreSQL, Redis, workers, beat. Each can be struck, and is started again."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import redis

from digest.chaos.acts import Act, Deed
from digest.chaos.clock import MachineClock, MovedClock
from digest.chaos.programs import Program
from digest.chaos.servers import KEEPS_COMMITS, Postgres, Redis

WORKERS = 2
Clock = MovedClock | MachineClock


class House:
    """The programs of one run."""

    def __init__(self, *, folder: Path, clock: Clock, postgres_port: int, redis_port: int) -> None:
        """Start the servers; programs of our own wait for `open`."""
        self.folder, self.clock = folder, clock
        self.postgres = Postgres(port=postgres_port, settings=KEEPS_COMMITS)
        self.redis = Redis(port=redis_port)
        self.programs: dict[str, Program] = {}
        self.done: Counter[Deed] = Counter()
        self.died: Counter[str] = Counter()  # of themselves

    def open(self) -> None:
        """Start workers and beat, and wait for the workers."""
        for name in self._workers():
            self._start(name)
        self._start("beat")
        for name in self._workers():
            self.programs[name].wait_for_line(" ready.")

    def close(self) -> None:
        """End workers and beat; the servers end with this process."""
        for program in self.programs.values():
            program.kill()
            program.stop()

    def pass_time(self, by: timedelta) -> None:
        """Let time pass for all: the clock is moved on, and the keys of Redis, which has its own, are as much older."""
        self.clock.step(by)
        memory, by_ms = redis.Redis.from_url(self.redis.url), int(by.total_seconds() * 1000)
        with suppress(redis.RedisError):  # it is coming back, and has no keys
            for key in memory.scan_iter():
                if (left_ms := int(memory.pttl(key))) > 0:
                    memory.pexpire(key, max(left_ms - by_ms, 1))

    def keep_running(self) -> None:
        """Start again what ended by itself, as a supervisor does."""
        for name, program in self.programs.items():
            if not program.runs:
                self.died[name] += 1
                self._again(name)

    def strike(self, act: Act) -> None:
        """Do what an act says; what was ended is started again."""
        self.done[act.deed] += 1
        names = self._workers()
        worker = names[int(act.choice * len(names))]
        deeds: dict[Deed, Callable[[], None]] = {
            Deed.KILL_WORKER: lambda: self._again(worker),
            Deed.KILL_CHILD: lambda: self._kill_child(worker),
            Deed.KILL_BEAT: lambda: self._again("beat"),
            Deed.FLUSH_REDIS: self._flush,
            Deed.KILL_REDIS: self.redis.restart,
            Deed.RESTART_POSTGRES: lambda: self.postgres.restart(crash=False),
            Deed.CRASH_POSTGRES: lambda: self.postgres.restart(crash=True),
        }
        deeds[act.deed]()

    def _workers(self) -> list[str]:
        return [f"worker{number}" for number in range(1, WORKERS + 1)]

    def _again(self, name: str) -> None:
        self.programs[name].kill()
        self.programs[name].stop()
        self._start(name)

    def _kill_child(self, name: str) -> None:
        pid = self.programs[name].process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")  # proc(5)
        with suppress(OSError, IndexError):  # none yet, or gone
            os.kill(int(children.read_text("ascii").split()[0]), signal.SIGKILL)

    def _flush(self) -> None:
        redis.Redis.from_url(self.redis.url).flushall()

    def _start(self, name: str) -> None:
        self.programs[name] = Program(
            command=[sys.executable, "-m", "celery", *self._words(name), "--loglevel", "INFO"],
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | self.clock.variables(),
            log=self.folder / f"{name}.log",
        )

    def _words(self, name: str) -> list[str]:
        if name == "beat":
            return ["-A", "digest.chaos.beat", "beat", "--schedule", str(self.folder / "schedule"), "--pidfile", ""]
        return ["-A", "digest", "worker", "--hostname", f"{name}@%h", "--concurrency", "1"]
