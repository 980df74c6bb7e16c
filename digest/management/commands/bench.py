"""`manage.py bench match`, `search` and `send`: how fast a morning is matched, papers are found, and mails leave."""

import asyncio
import json
import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.bench.measure import Size, measure
from digest.bench.search_measure import ROUNDS, measure_search
from digest.bench.sending import floors
from digest.bench.sending import measure as sending
from digest.bench.sending.sink import serve
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

        _add_sending(kinds)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure, or take a part in it, and print the numbers."""
        try:
            getattr(self, options["kind"])(options)
        except PermanentError as error:
            raise CommandError(str(error)) from error

    def match(self, options: dict[str, Any]) -> None:
        """Measure a match."""
        self._say(measure(Size(**{name: options[name] for name in ("profiles", "papers", "workers", "chunk")})))

    def search(self, options: dict[str, Any]) -> None:
        """Measure pages of search."""
        self._say(measure_search(papers=options["papers"], rounds=options["rounds"], show=rendered))

    def work(self, options: dict[str, Any]) -> None:
        """Be a worker of a match."""
        self._say(work(chunk=options["chunk"], sample_every=options["sample_every"]))

    def send(self, options: dict[str, Any]) -> None:
        """Measure sending."""
        names = ("readers", "workers", "rounds", "lanes", "beside")
        self._say(sending.measure(sending.Size(**{name: options[name] for name in names})))

    def sink(self, _: dict[str, Any]) -> None:
        """Take every mail."""
        asyncio.run(serve(tell=lambda port: (self.stdout.write(str(port)), self.stdout.flush())))

    def floor(self, options: dict[str, Any]) -> None:
        """Send the mails that are named on the first line in another way."""
        ids = [UUID(text) for text in json.loads(sys.stdin.readline())]
        if options["kind_of_floor"] != "post_office":
            self._say(floors.floor(kind=options["kind_of_floor"], delivery_ids=ids))
            return
        from digest.bench.sending.postoffice import send_from_queue  # noqa: PLC0415 - only where it is installed

        self._say(send_from_queue(delivery_ids=ids, processes=options["processes"]))

    def _say(self, what: object) -> None:
        self.stdout.write(json.dumps(what))
        self.stdout.flush()


def _add_sending(kinds: Any) -> None:
    send = kinds.add_parser("send", help="mails from the queue to an SMTP server, by real workers")
    send.add_argument("--readers", type=int, default=6_000)
    send.add_argument("--workers", type=int, default=2)
    send.add_argument("--rounds", type=int, default=3, help="between which the other ways are measured")
    send.add_argument("--beside", type=int, default=1_000, help="mails that each other way sends in a round")
    send.add_argument("--lanes", type=int, default=0, help="threads of a worker; 0 is what the settings say")
    kinds.add_parser("sink", help="be its SMTP server: started by the above")
    floor = kinds.add_parser("floor", help="be another way of sending: started by the above")
    floor.add_argument("--kind", dest="kind_of_floor", choices=[*floors.KINDS, "post_office"], required=True)
    floor.add_argument("--processes", type=int, default=2)
