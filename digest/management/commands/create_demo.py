"""`manage.py create_demo`: invented papers and readers, and their day."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from digest.demo.load import load_demo
from digest.demo.report import describe
from subscriptions.management.arguments import moment


class Command(BaseCommand):
    """Load the demo and say what happened; a second run starts from where the first one ended."""

    help = "Load sample papers, sign up sample readers, run the day. Only with DEMO=1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the moment of the day."""
        parser.add_argument("--now", type=moment, default="now", help="ISO 8601; the present moment unless given")

    def handle(self, **options: Any) -> None:
        """Load, run, print."""
        if not settings.DEMO:
            raise CommandError(
                "This makes invented readers and a staff user whose password everybody knows. Set DEMO=1 to want that."
            )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not up to date: run `python manage.py migrate` first.")
        report = load_demo(now=options["now"], feeds=settings.DEMO_FEEDS, complain=self.stderr.write)
        self.stdout.write(describe(report=report))
        self.stdout.flush()
