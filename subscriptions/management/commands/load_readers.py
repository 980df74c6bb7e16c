"""`manage.py load_readers FILE.jsonl`: one reader a line; what cannot be used is named and the rest is kept."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from subscriptions import services
from subscriptions.management.arguments import moment
from subscriptions.services.imports import ImportOutcome

CHUNK = 500  # readers in one transaction
LONGEST_LINE = 4 * 1024 * 1024  # characters; a line that is longer is no reader
Line = tuple[int, str]


class Command(BaseCommand):
    """Import readers; the last line is JSON."""

    help = "Import readers from a file of JSON lines. The same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the moment."""
        parser.add_argument("file", type=Path, help="UTF-8, one JSON object a line")
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")

    def handle(self, *_args: Any, file: Path, now: datetime, **_options: Any) -> None:
        """Import chunk by chunk, name what was rejected, print the counts."""
        total = _count_lines(file)
        counts = Counter(created=0, updated=0, rejected=0)
        with file.open(encoding="utf-8-sig") as lines, self._progress(total) as progress:
            numbered = enumerate(lines, start=1)
            while chunk := list(islice(numbered, CHUNK)):
                for number, result in _import_chunk(chunk, now):
                    counts[result.outcome] += 1
                    if result.reason:
                        self._complain(f"line {number}: {result.reason}")
                progress.update(len(chunk))
        self.stdout.write(json.dumps(counts))

    def _progress(self, total: int) -> "tqdm[Any]":
        return tqdm(total=total, unit="reader", disable=not self.stderr.isatty())

    def _complain(self, message: str) -> None:
        with tqdm.external_write_mode():
            self.stderr.write(message)


def _import_chunk(chunk: list[Line], now: datetime) -> Iterator[tuple[int, ImportOutcome]]:
    """Import the lines of a chunk that are JSON; give an outcome for each line that is not blank, in their order."""
    read = {number: _read(line) for number, line in chunk if line.strip()}
    rows = {number: row for number, row in read.items() if not isinstance(row, ImportOutcome)}
    outcomes = services.import_readers(rows=list(rows.values()), now=now)
    done = dict(zip(rows, outcomes, strict=True))
    for number, row in read.items():
        yield number, row if isinstance(row, ImportOutcome) else done[number]


def _read(line: str) -> Any:
    if len(line) > LONGEST_LINE:
        return _rejected("The line is too long to be a reader.")
    try:
        return json.loads(line)
    except (ValueError, RecursionError):  # also numbers too long to be read, and brackets nested a million deep
        return _rejected("The line is not JSON.")


def _rejected(reason: str) -> ImportOutcome:
    return ImportOutcome(outcome="rejected", reason=reason)


def _count_lines(file: Path) -> int:
    """Read the file once, so that one that is no text is refused before anything is written.

    Raises: CommandError with one clear line.
    """
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise CommandError(f"{file} can be read only once; save it as a file first. Nothing was imported.")
    try:
        with file.open(encoding="utf-8") as lines:
            return sum(1 for _ in lines)
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8 text; nothing was imported.") from error
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({error.strerror}); nothing was imported.") from error
