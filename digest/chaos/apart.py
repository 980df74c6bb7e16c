"""Starts a run of chaos in a process of its own: the settings of this one, and its database, stay out of it."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from digest.chaos.programs import die_with_parent, free_port
from digest.errors import PermanentError

NOBODY_LISTENS = "http://127.0.0.1:9"  # the discard port: no real source is reached
SOURCES = ("ARXIV_RSS_URL", "ARXIV_API_URL", "ARXIV_OAI_URL", "HUGGINGFACE_URL")
MAILS_A_READER = "10"  # a day: turns that a killed worker held stay counted, and a small house has few to spare
OPEN_TO_SERVERS = 0o711  # PostgreSQL runs as another user and must find its folder in ours


def run_apart(*, readers: int, seed: int, logs: Path | None = None) -> dict[str, Any]:
    """Run chaos on private servers, and answer its report. The logs of workers and beat stay in `logs`, if given.

    Raises: PermanentError when it cannot run here, with what is missing.
    """
    with tempfile.TemporaryDirectory(prefix="postprint-chaos-") as folder:
        Path(folder).chmod(OPEN_TO_SERVERS)
        said = _run(folder=Path(folder), logs=logs, readers=readers, seed=seed)
    if "unavailable" in said:
        raise PermanentError(said["unavailable"])
    return said


def _run(*, folder: Path, logs: Path | None, readers: int, seed: int) -> dict[str, Any]:
    ports = {name: free_port() for name in ("postgres", "redis", "smtp")}
    kept = logs or folder
    kept.mkdir(parents=True, exist_ok=True)
    options = ["--folder", str(kept), "--readers", str(readers), "--seed", str(seed)]
    options += [word for name, port in ports.items() for word in (f"--{name}-port", str(port))]
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        [sys.executable, "-m", "digest.chaos", *options],
        env=_environment(folder=folder, **ports),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=die_with_parent,  # one system call, no lock is taken
    )
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise PermanentError("The run broke off; its own words stand above.")
    said: dict[str, Any] = json.loads(lines[-1])
    return said


def _environment(*, folder: Path, postgres: int, redis: int, smtp: int) -> dict[str, str]:
    """Name all that the house's processes may know: production's settings, on private servers."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "TMPDIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "digest.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"postgres://postprint@127.0.0.1:{postgres}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "SITE_URL": "https://postprint.example",
        "EMAIL_PROVIDER": "smtp",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp}",
        "EMAIL_BRAKE_PER_READER": MAILS_A_READER,
        "DEFAULT_FROM_EMAIL": "Postprint <digest@postprint.example>",
        "CONTACT_EMAIL": "staff@postprint.example",
        "POSTAL_ADDRESS": "Postprint, 1 Library Lane, 12345 Bookham",
        **dict.fromkeys(SOURCES, NOBODY_LISTENS),
    }
