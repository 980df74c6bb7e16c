"""Programs that somebody starts for a while: watched, killed as a power cut would, and gone when their parent is.

Out: running processes. `Unavailable` says in one sentence which part cannot run here, and why.
"""

import atexit
import contextlib
import ctypes
import os
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
from pathlib import Path

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 10
KEPT_LINES = 2000
PR_SET_PDEATHSIG = 1  # prctl(2)


class Unavailable(Exception):
    """A part that is needed cannot run on this machine."""


class Program:
    """A program that was started for a while and ends with its parent, whatever ends that."""

    def __init__(
        self,
        *,
        command: Sequence[str | Path],
        ready: str = "",
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        log: Path | None = None,
    ) -> None:
        """Start `command`, as `user` where one is named.

        `ready` is a part of the line that it prints when it is; without one nobody waits. Its lines go to `log`, too.
        """
        self.command = [str(part) for part in command]
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.log = log
        self._news = threading.Condition()
        self._over = False
        self.process = subprocess.Popen(  # noqa: S603 - the caller's own words, no shell
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
        if ready:
            self.wait_for_line(ready)

    @property
    def runs(self) -> bool:
        """Tell whether it has not ended."""
        return self.process.poll() is None

    def _read(self) -> None:
        output = self.process.stdout
        copy = self.log.open("a", encoding="utf-8") if self.log else contextlib.nullcontext()
        with output if output else contextlib.nullcontext(), copy as file:
            for line in output or ():
                if file:
                    file.write(line)
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
        if self.runs:
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
    """Ask Linux to end this process with its parent, so that even a killed run leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port() -> int:
    """Ask the machine for a port of the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def temporary_folder(*, name: str) -> Path:
    """Make a folder that is removed when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"postprint-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def run_as(command: Sequence[str | Path], *, user: str | None) -> None:
    """Run a short command to its end as another user.

    Raises: Unavailable with what it printed, when it fails or cannot be started.
    """
    group = None if user is None else pwd.getpwnam(user).pw_gid
    try:
        done = subprocess.run(  # noqa: S603 - the caller's own words, no shell
            command,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
    except OSError as error:
        raise Unavailable(f"{Path(command[0]).name} cannot be started: {error.strerror}") from error
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
