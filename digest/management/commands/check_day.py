"""`manage.py check_day`: the alarm for cron and monitors. Silent work is good work; late work is said and exits 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from digest.pipeline.health import day_health
from subscriptions.management.arguments import moment


class Command(BaseCommand):
    """Say what of the day's run did not happen."""

    help = "Exit 1, and say what is late, when the day's run did not happen; exit 0 when all is well."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the moment."""
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, and say it."""
        problems = day_health(now=options["now"]).problems
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            sys.exit(1)
        self.stdout.write("All is well: every source was read in time, and nobody waits.")
