"""What is remembered of sources: whose turn it is to ask, what a page answered last, how each reading went."""

from django.db import models


class SourceGate(models.Model):
    """One turnstile per remote host, shared by every process: who may make the next request, and when."""

    host = models.CharField(max_length=100, primary_key=True)
    open_at = models.DateTimeField(help_text="No request before this moment.")
    holder = models.CharField(max_length=64, blank=True, help_text="Who is inside; empty when nobody is.")
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="After this moment the holder is taken for dead and the next may enter."
    )
    denied_at = models.DateTimeField(null=True, blank=True, help_text="The host answered 403: a person must lift it.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Refusals in a row; the back-off grows with it.")

    def __str__(self) -> str:
        return self.host


class FetchedPage(models.Model):
    """What a remote page answered last, for conditional GET."""

    url = models.CharField(max_length=1000, unique=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class IngestRun(models.Model):
    """One reading of one source: what came, and what went wrong."""

    source = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    seen = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    on_schedule = models.BooleanField(
        default=True, help_text="The next reading goes on from here; not so for files and for a window given by hand."
    )

    class Meta:
        indexes = [
            models.Index(fields=["source", "-started_at"], name="ingest_run_newest"),
            models.Index(fields=["started_at"], name="ingest_run_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"
