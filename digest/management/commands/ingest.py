"""`manage.py ingest SOURCE`: read a source now, or recorded answers of it from files."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digest.errors import DigestError
from digest.pipeline.fetch import read_files, read_source
from digest.pipeline.ingest import IngestReport
from digest.sources import sources
from subscriptions.management.arguments import moment


class Command(BaseCommand):
    """Parse the words, call the service, print what became of the records."""

    help = "Read papers from a source, or from files that hold recorded answers of it. The last line is JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the words of the command."""
        parser.add_argument("source", help=f"one of {', '.join(sorted(sources()))}")
        parser.add_argument(
            "--file", action="extend", nargs="+", default=[], metavar="PATH", help="recorded answers, in any format"
        )
        parser.add_argument("--since", metavar="ISO", help="begin of the window, a day or a time in UTC")
        parser.add_argument("--until", metavar="ISO", help="end of the window, not included")
        parser.add_argument("--now", metavar="ISO", help="the moment at which new papers count as first seen")

    def handle(self, *, source: str, file: list[str], **options: Any) -> None:
        """Read, name each rejected record on stderr, and end with the sums on stdout."""
        since, until, given = (_moment(name, options[name]) for name in ("since", "until", "now"))
        if since and until and since >= until:
            raise CommandError("--since must be before --until.")
        if file and (since or until):
            self.stderr.write("--since and --until are for the network; files are read whole.")
        now = given or datetime.now(UTC)
        try:
            if file:
                report = read_files(source_name=source, paths=[Path(name) for name in file], now=now)
            else:
                report = read_source(source_name=source, since=since, until=until, now=now)
        except DigestError as error:
            raise CommandError(str(error)) from error
        self._print(report)

    def _print(self, report: IngestReport) -> None:
        if report.nothing_readable and len(report.unreadable) == 1:
            raise CommandError(f"Nothing could be read from {_unreadable(report)[0]}.")
        for line in _unreadable(report):
            self.stderr.write(f"unreadable {line}")
        for record in report.rejected:
            self.stderr.write(f"rejected {record.identifier or 'a record without an id'}: {record.reason}")
        if report.nothing_readable:
            raise CommandError(f"Nothing could be read: all {report.answers} answers are unreadable.")
        if report.stopped and not report.seen:
            raise CommandError(report.stopped)
        self.stdout.write(json.dumps(report.counts()))
        if report.stopped:
            raise CommandError(f"It broke off, and what came before is stored: {report.stopped}")


def _unreadable(report: IngestReport) -> list[str]:
    return [f"{answer.name}: {answer.reason}" for answer in report.unreadable]


def _moment(name: str, text: str | None) -> datetime | None:
    """Read a day or a time; without a zone it is UTC."""
    if text is None:
        return None
    try:
        return moment(text)
    except ArgumentTypeError as error:
        raise CommandError(f"--{name} {error}.") from error
