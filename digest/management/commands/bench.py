"""`manage.py bench match` and `manage.py bench search`: how fast profiles are matched, and papers found."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.bench import Size, measure
from digest.bench.search_measure import ROUNDS, measure_search
from digest.bench.work import work
from digest.errors import PermanentError
from digest.pipeline.plan import CHUNK
from digest.views.search import rendered


class Command(BaseCommand):
    """Measure in an empty database; the last line is JSON."""

    help = "Fill an empty database with invented papers, match them or find them, and print what it took as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much is measured."""
        kinds = parser.add_subparsers(dest="kind", required=True)
        match = kinds.add_parser("match", help="one match from the database to stored digests")
        match.add_argument("--profiles", type=int, default=10_000)
        match.add_argument("--papers", type=int, default=1_000)
        match.add_argument("--workers", type=int, default=2)
        match.add_argument("--chunk", type=int, default=CHUNK, help="readers that a worker takes at once")
        search = kinds.add_parser("search", help="pages of search, by kind of query")
        search.add_argument("--papers", type=int, default=100_000)
        search.add_argument("--rounds", type=int, default=ROUNDS, help="queries of each kind")
        worker = kinds.add_parser("work", help="be one of its workers: started by the above")
        worker.add_argument("--chunk", type=int, default=CHUNK)
        worker.add_argument("--sample-every", type=int, default=1, help="chunks between two measured floors")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure, or work, and print the numbers."""
        if options["kind"] == "work":
            self.stdout.write(json.dumps(work(chunk=options["chunk"], sample_every=options["sample_every"])))
            return
        try:
            self.stdout.write(json.dumps(self._measure(options)))
        except PermanentError as error:
            raise CommandError(str(error)) from error

    def _measure(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["kind"] == "search":
            return measure_search(papers=options["papers"], rounds=options["rounds"], show=rendered)
        wanted = {name: options[name] for name in ("profiles", "papers", "workers", "chunk")}
        return measure(Size(**wanted))
