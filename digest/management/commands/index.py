"""`manage.py index`: encode now the papers that wait for their vectors."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.pipeline.encoding import NOT_CHOSEN
from digest.pipeline.index import CHUNK, index_waiting
from digest.pipeline.place import place_waiting
from digest.pipeline.serving import matching_space, meaning
from subscriptions.management.arguments import moment


class Command(BaseCommand):
    """Encode chunk by chunk until no paper waits; the last line is JSON."""

    help = "Encode the papers that wait, with the encoder that ENCODER names. A second call has nothing to do."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the moment, and how many papers at most."""
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")
        parser.add_argument("--limit", type=int, help="encode no more than so many papers; all unless given")

    def handle(self, **options: Any) -> None:
        """Encode, place by taste, and print what is left and which vectors serve."""
        now, limit = options["now"], options["limit"]
        n_encoded, more = 0, True
        while more and (limit is None or n_encoded < limit):
            report = index_waiting(now=now, limit=CHUNK if limit is None else min(CHUNK, limit - n_encoded))
            if report.stopped == NOT_CHOSEN:
                self.stdout.write(report.stopped)
            elif report.stopped:
                raise CommandError(report.stopped)
            n_encoded += report.encoded
            more = report.more
        while place_waiting(now=now).more:
            pass
        state = {"encoded": n_encoded, "waiting": meaning(now=now).waiting, "serving": matching_space()}
        self.stdout.write(json.dumps(state))
