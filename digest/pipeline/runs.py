"""The record of each reading of a source: one `IngestRun` row, whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digest.models import IngestRun
from digest.pipeline.clock import Clock
from digest.pipeline.ingest import IngestReport

MAX_ERROR_LENGTH = 500
KEPT_FOR = timedelta(days=90)


@dataclass(slots=True, kw_only=True)
class Run:
    """A reading on its way: what it has brought so far."""

    started_at: datetime
    report: IngestReport = field(default_factory=IngestReport)

    def add(self, *, report: IngestReport) -> None:
        """Add what one more answer brought."""
        self.report += report

    def stop(self, *, reason: str) -> None:
        """Say why the reading broke off."""
        self.report = replace(self.report, stopped=reason)


@contextmanager
def recorded_run(*, source_name: str, on_schedule: bool, now: datetime, clock: Clock) -> Iterator[Run]:
    """Keep a row of a reading. A row that never got its end tells of a process that died."""
    row = IngestRun.objects.create(source=source_name, started_at=now, on_schedule=on_schedule)
    run = Run(started_at=now)
    yield run
    report = run.report
    row.finished_at = clock.now()
    row.seen, row.new, row.updated = report.seen, report.new, report.updated
    row.unchanged, row.rejected = report.unchanged, len(report.rejected)
    row.error = (report.stopped or "; ".join(answer.reason for answer in report.unreadable))[:MAX_ERROR_LENGTH]
    row.save()


def tidy_runs(*, now: datetime) -> int:
    """Forget the readings that began more than KEPT_FOR ago, and tell how many those were."""
    n_forgotten, _ = IngestRun.objects.filter(started_at__lt=now - KEPT_FOR).delete()
    return n_forgotten
