"""`manage.py why EMAIL [--date D]`: why did this reader get no mail? The story of their day, in words."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.mail.story import tell_by_address
from digest.mail.story.sentence import utc
from subscriptions.errors import InvalidAddress
from subscriptions.management.arguments import day, moment


class Command(BaseCommand):
    """Tell one reader's day, from planning to the provider's last event."""

    help = "Tell what became of a reader's mail of one day, a dated sentence a line. Nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, the day and the moment."""
        parser.add_argument("email", help="the reader's address")
        parser.add_argument("--date", type=day, default=None, help="their local day, as 2026-06-09; today unless given")
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read the rows and print the story."""
        chosen: date | None = options["date"]
        try:
            story = tell_by_address(address=options["email"], day=chosen, now=options["now"])
        except InvalidAddress as error:
            raise CommandError(str(error)) from error
        for sentence in story:
            self.stdout.write(f"{utc(sentence.at)}  {sentence.words}")
