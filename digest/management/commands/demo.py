"""`manage.py demo`: the whole of Postprint in one process, to try it out."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.demo.serving import CannotServe, interruptible, move_site, open_server, serve, site_url

READY = """
  Serving on {url}. Sign up there with any address: the confirmation is in the inbox at once, and
  your first digest a few seconds after you confirm (outside the demo it comes at your hour).
  Ctrl-C ends everything; what happened is kept for the next start."""


class Command(BaseCommand):
    """Bring the database up to date, load the demo, serve it and do the work behind it."""

    help = "A whole day with sample papers and readers, served until Ctrl-C. Only with DEMO=1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address to serve on."""
        parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1 unless given: this machine alone")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, **options: Any) -> None:
        """Serve until somebody ends it."""
        if not settings.DEMO:
            raise CommandError("The demo has a staff user whose password everybody knows. Set DEMO=1 to want that.")
        try:
            server = open_server(host=options["host"], port=options["port"])
        except CannotServe as error:
            raise CommandError(str(error)) from error
        if "SITE_URL" not in os.environ:
            move_site(url=site_url(host=options["host"], port=options["port"]))
        with server, interruptible():
            call_command("migrate", verbosity=0, interactive=False)
            if settings.STATIC_HASHED:
                call_command("collectstatic", verbosity=0, interactive=False)
            call_command("create_demo", stdout=self.stdout, stderr=self.stderr)
            serve(server=server, on_ready=self._say_ready)

    def _say_ready(self) -> None:
        self.stdout.write(READY.format(url=settings.SITE_URL))
        self.stdout.flush()
