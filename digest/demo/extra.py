"""Papers from files of the visitor's own: DEMO_FEEDS names recorded answers of any source, in any of its formats."""

import glob
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from digest.pipeline.ingest import IngestReport, ingest

SOURCES = ("arxiv", "huggingface")  # the first that can read a file is its source


def feed_files(*, named: str) -> list[str]:
    """List the files that paths, folders or globs, with commas or colons between them, stand for; each once.

    A name without a file behind it is kept, so that reading it says so.
    """
    names = [name.strip() for name in re.split(r"[,:]", named) if name.strip()]
    found = [path for name in names for path in (sorted(glob.glob(name, recursive=True)) or [name])]  # noqa: PTH207 - absolute patterns too
    return list(dict.fromkeys(file for path in found for file in _files_at(path)))


def _files_at(path: str) -> list[str]:
    """List all that a folder holds, also further down; a file is itself."""
    if not Path(path).is_dir():
        return [path]
    return sorted(str(file) for file in Path(path).rglob("*") if file.is_file())


def ingest_files(*, named: str, now: datetime, complain: Callable[[str], None]) -> IngestReport:
    """Ingest every file that `named` names. One that cannot be read costs itself and one line to `complain`."""
    report = IngestReport()
    for file in feed_files(named=named):
        try:
            payload = Path(file).read_bytes()
        except OSError as error:
            complain(f"{file} was left out: {error.strerror or error}.")
            continue
        read, reason = _ingest_file(payload, now)
        if reason:
            complain(f"{file} was left out: {reason}")
        for rejected in read.rejected:
            complain(f"{file}: {rejected.identifier} was left out: {rejected.reason}")
        report += read
    return report


def _ingest_file(payload: bytes, now: datetime) -> tuple[IngestReport, str]:
    """Try the sources in turn. Returns: what was read, and why nothing was, in the words of each source."""
    reasons = []
    for source in SOURCES:
        report = ingest(source_name=source, payloads=[payload], now=now)
        if not report.nothing_readable:
            return report, ""
        reasons += [f"as {source}: {answer.reason}" for answer in report.unreadable]
    return IngestReport(), "; ".join(reasons)
