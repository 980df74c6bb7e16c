"""`manage.py brake`: whether sending is stopped, and why; a person's word to lift the brake, or to pull it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.mail import brake
from digest.models import SendingStop
from subscriptions.management.arguments import moment


class Command(BaseCommand):
    """Look at the emergency brake of sending, pull it or lift it."""

    help = "Say whether the emergency brake is on. --lift sends digests again; --pull stops them. Mails wait meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, and who answers for it."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--lift", action="store_true", help="send digests again")
        group.add_argument("--pull", metavar="REASON", help="stop all digests until somebody lifts the brake")
        parser.add_argument("--by", default="", help="who answers for lifting it; needed with --lift")
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, and say how it stands now."""
        if options["lift"]:
            if not options["by"]:
                raise CommandError("Say who answers for it: --by NAME.")
            brake.lift(stop_ids=None, by=options["by"], now=options["now"])
        if options["pull"]:
            brake.pull(kind=SendingStop.Kind.BY_HAND, reason=options["pull"], now=options["now"])
        stop = brake.standing()
        self.stdout.write(f"The brake is on: {stop.reason}" if stop else "The brake is off: digests are sent.")
