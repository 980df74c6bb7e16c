"""`manage.py run_day`: everything that is due at one moment, in this process."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.day import run_day
from digest.errors import TemporaryError
from digest.pipeline.plan import HORIZON_DAYS
from subscriptions.management.arguments import days, moment


class Command(BaseCommand):
    """Plan, match, build and deliver what is due; the last line is JSON."""

    help = "Plan, match, build and deliver all that is due. A second call with the same --now sends nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the moment and the horizon."""
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")
        parser.add_argument("--horizon-days", type=days, default=HORIZON_DAYS, help="oldest first version that is news")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the day and print its counts."""
        try:
            counts = run_day(now=options["now"], horizon_days=options["horizon_days"])
        except TemporaryError as error:
            raise CommandError(f"{error} Run it again: what is done stays done.") from error
        self.stdout.write(json.dumps(counts))
