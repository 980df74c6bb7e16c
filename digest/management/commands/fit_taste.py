"""`manage.py fit_taste`: learn now which papers readers like together."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from digest.pipeline.taste import fit_taste
from subscriptions.management.arguments import moment


class Command(BaseCommand):
    """Fit a taste map and print what came of it; the last line is JSON."""

    help = "Learn from readers who agreed to it which papers are liked together. Beat does the same each night."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the moment."""
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")

    def handle(self, **options: Any) -> None:
        """Fit, and print the report."""
        report = fit_taste(now=options["now"])
        self.stdout.write(report.in_words)
        counts = {"readers": report.n_readers, "likes": report.n_likes, "map": report.number}
        self.stdout.write(json.dumps(counts | {"stopped": report.stopped}))
