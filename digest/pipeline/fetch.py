"""One reading of one source, when its clock says so: the network in, rows and an `IngestRun` out.

A reading that breaks off keeps what it stored; the row says why, and the next one goes on from there.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import F, Q, QuerySet

from digest.errors import DigestError
from digest.models import IngestRun, Paper, PaperIdentifier
from digest.pipeline.clock import SYSTEM_CLOCK, Clock
from digest.pipeline.configured import find_source
from digest.pipeline.gate import Gate
from digest.pipeline.http import PoliteHttp, polite_client
from digest.pipeline.ingest import IngestReport, UnreadableAnswer, ingest
from digest.pipeline.runs import Run, recorded_run
from digest.sources import LooksUp, ReadsThePast, Source

FIRST_WINDOW = timedelta(days=7)
"""How far back the first reading of a source goes."""
STILL_RUNNING = timedelta(minutes=10)
"""A reading that began this recently may not have ended; longer than a task may run."""
LONGEST_RUN = timedelta(minutes=6)
"""A scheduled reading asks nothing more then, and says so. The last request may take three minutes, and the worker is
ended soon after without a word."""
POOR_RANK = 10
"""Text from a feed for people, or from a list that only points at papers, is looked up in a clean format."""
WORTH_LOOKING_UP = timedelta(days=4)
MOST_LOOK_UPS = 600
MOST_DOUBTS = 20

log = logging.getLogger(__name__)


def run_source(*, source_name: str, now: datetime, clock: Clock = SYSTEM_CLOCK) -> IngestReport | None:
    """Read a source if its announcement clock says that there can be something new.

    Returns: what was read, with `stopped` saying why it broke off; None when it was not due.
    Raises: UnknownSource.
    """
    source = find_source(name=source_name)
    if _is_running(source_name, now) or not source.due(now=now, last_success=_last_success(source_name)):
        return None
    report = read_source(source_name=source_name, now=now, clock=clock, longest=LONGEST_RUN)
    if report.stopped:
        log.warning("%s stopped: %s", source_name, report.stopped)
    return report


def read_source(
    *,
    source_name: str,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    clock: Clock = SYSTEM_CLOCK,
    longest: timedelta | None = None,
) -> IngestReport:
    """Read a source now; without a window, from the last reading on, with one, whatever was new then.

    After `longest` nothing more is asked.
    Returns: what was read, with `stopped` saying why it broke off.
    Raises: UnknownSource.
    """
    source = find_source(name=source_name)
    window = (since or _last_success(source_name) or now - FIRST_WINDOW, until or now)
    gate = Gate(host=source.gate, pause=timedelta(seconds=source.pause_s), clock=clock)
    goes_on = since is None and until is None
    with (
        recorded_run(source_name=source_name, on_schedule=goes_on, now=now, clock=clock) as run,
        polite_client() as client,
    ):
        http = PoliteHttp(gate=gate, client=client, until=clock.now() + longest if longest else None)
        try:
            fetch = source.fetch_past if isinstance(source, ReadsThePast) and not goes_on else source.fetch
            _read(source, fetch(since=window[0], until=window[1], http=http), run, http)
        except DigestError as error:
            run.stop(reason=str(error))
        if not run.report.stopped and not run.report.unreadable:
            http.keep()
    return run.report


def read_files(*, source_name: str, paths: Sequence[Path], now: datetime, clock: Clock = SYSTEM_CLOCK) -> IngestReport:
    """Read recorded answers of a source from files; one that cannot be opened or read does not stop the others.

    Raises: UnknownSource.
    """
    find_source(name=source_name)
    with recorded_run(source_name=source_name, on_schedule=False, now=now, clock=clock) as run:
        for path in paths:
            run.add(report=_read_file(source_name, path, now))
    return run.report


def _read_file(source_name: str, path: Path, now: datetime) -> IngestReport:
    try:
        report = ingest(source_name=source_name, payloads=[path.read_bytes()], now=now)
    except OSError as error:
        unopened = UnreadableAnswer(name=str(path), reason=f"it cannot be opened: {error.strerror}")
        return IngestReport(answers=1, unreadable=(unopened,))
    return replace(report, unreadable=tuple(replace(answer, name=str(path)) for answer in report.unreadable))


def _read(source: Source, fetched: Iterator[bytes], run: Run, http: PoliteHttp) -> None:
    """Store each answer as it comes, then look up what the source gave only poorly.

    An answer's papers are first seen when they are stored, not when the reading began: a digest that was planned
    in between would miss them otherwise.
    """
    for payload in _answers(source, fetched, run, http):
        now = http.gate.clock.now()
        run.add(report=ingest(source_name=source.name, payloads=[payload], now=now, counted_on=now.date()))


def _answers(source: Source, fetched: Iterator[bytes], run: Run, http: PoliteHttp) -> Iterator[bytes]:
    yield from fetched
    if isinstance(source, LooksUp):
        since = run.started_at - WORTH_LOOKING_UP
        yield from source.look_up(ids=_names(source, poor(since=since))[:MOST_LOOK_UPS], http=http)
        yield from source.settle(ids=_names(source, doubtful(since=since))[:MOST_DOUBTS], http=http)


def poor(*, since: datetime) -> QuerySet[Paper]:
    """Find papers whose text is only that of a feed for people, read since then."""
    return Paper.objects.filter(metadata_rank__lte=POOR_RANK, metadata_as_of__gte=since).order_by("-metadata_as_of")


def doubtful(*, since: datetime) -> QuerySet[Paper]:
    """Find papers that words call withdrawn while no flag has settled it for their latest version."""
    unsettled = Q(withdrawn_settled_version__isnull=True) | Q(withdrawn_settled_version__lt=F("latest_version"))
    return Paper.objects.filter(unsettled, withdrawn=True, metadata_as_of__gte=since).order_by("-metadata_as_of")


def _names(source: LooksUp, papers: QuerySet[Paper]) -> list[str]:
    """Give the papers' ids in the source's own scheme, the latest first."""
    ids = list(papers.values_list("pk", flat=True)[:MOST_LOOK_UPS])
    names = dict(
        PaperIdentifier.objects.filter(paper_id__in=ids, scheme=source.scheme).values_list("paper_id", "value")
    )
    return [names[pk] for pk in ids if pk in names]


def _last_success(source_name: str) -> datetime | None:
    runs = IngestRun.objects.filter(
        source=source_name, error="", finished_at__isnull=False, on_schedule=True, seen__gt=0
    )
    return runs.order_by("-started_at").values_list("started_at", flat=True).first()


def _is_running(source_name: str, now: datetime) -> bool:
    runs = IngestRun.objects.filter(source=source_name, finished_at__isnull=True)
    return runs.filter(started_at__gt=now - STILL_RUNNING).exists()
