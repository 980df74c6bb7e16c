"""`manage.py bench match`: how fast profiles are matched with papers, from the database to stored digests."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.bench import Size, measure
from digest.bench.work import work
from digest.errors import PermanentError
from digest.pipeline.plan import CHUNK


class Command(BaseCommand):
    """Measure in an empty database; the last line is JSON."""

    help = "Fill an empty PostgreSQL with invented papers and readers, match them, and print what it took as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much is measured."""
        kinds = parser.add_subparsers(dest="kind", required=True)
        match = kinds.add_parser("match", help="one match from the database to stored digests")
        match.add_argument("--profiles", type=int, default=10_000)
        match.add_argument("--papers", type=int, default=1_000)
        match.add_argument("--workers", type=int, default=2)
        match.add_argument("--chunk", type=int, default=CHUNK, help="readers that a worker takes at once")
        worker = kinds.add_parser("work", help="be one of its workers: started by the above")
        worker.add_argument("--chunk", type=int, default=CHUNK)
        worker.add_argument("--sample-every", type=int, default=1, help="chunks between two measured floors")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure, or work, and print the numbers."""
        if options["kind"] == "work":
            self.stdout.write(json.dumps(work(chunk=options["chunk"], sample_every=options["sample_every"])))
            return
        wanted = {name: options[name] for name in ("profiles", "papers", "workers", "chunk")}
        try:
            self.stdout.write(json.dumps(measure(Size(**wanted))))
        except PermanentError as error:
            raise CommandError(str(error)) from error
