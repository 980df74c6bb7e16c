"""`manage.py chaos`: proves that no digest is lost and none is sent twice, whatever dies and whoever refuses."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.chaos.apart import run_apart
from digest.errors import PermanentError


class Command(BaseCommand):
    """Run on private servers alone; print the report as JSON; end with 1 when a mail was lost, or came twice."""

    help = "Mail two days to invented readers while workers and servers are killed; print what became of each mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed and where to keep logs."""
        parser.add_argument("--readers", type=int, default=2_000)
        parser.add_argument("--seed", type=int, default=1, help="decides every fault and every kill")
        parser.add_argument("--logs", type=Path, help="a folder in which the logs of workers and beat are kept")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run, print, and judge by the exit code."""
        try:
            report = run_apart(readers=options["readers"], seed=options["seed"], logs=options["logs"])
        except PermanentError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(json.dumps(report))
        if report["lost"] or report["twice"] or report["unasked"]:
            raise CommandError("A mail was lost, came twice, or came unasked.", returncode=1)
