"""How long a day takes on this machine: invented papers and readers, a private PostgreSQL, mails into files.

Each stage stands beside its floor, the least that the same rows and bytes cost here, measured in the same run: the
ratio is what to compare between machines. BENCH_READERS and BENCH_PAPERS say how many.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.core.management import call_command

from tests import servers
from tests.environment import TEST_ENVIRONMENT
from tools.invented import Inventor

READERS = int(os.environ.get("BENCH_READERS", "1000"))
PAPERS = int(os.environ.get("BENCH_PAPERS", "2000"))
CHUNK = 500
NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
BEFORE = NOW - timedelta(hours=6)


@dataclass(slots=True, kw_only=True)
class Watch:
    """The time that one stage took."""

    seconds: float = 0.0


def main() -> None:
    """Prepare a database, run the stages of a day, print what each took beside its floor."""
    outbox = servers.temporary_folder(name="bench-outbox")
    os.environ.update(TEST_ENVIRONMENT)
    os.environ.update({"DATABASE_URL": servers.start_postgres(), "EMAIL_FILE_DIR": str(outbox), "LOG_LEVEL": "WARNING"})
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    inventor = Inventor()
    bring_papers(list(inventor.answers(papers=PAPERS)), upvotes=inventor.list_of_upvotes(papers=PAPERS))
    bring_readers(inventor.readers(number=READERS))
    planned = plan()
    match()
    build(planned)
    deliver(outbox)
    print(f"peak memory {peak_memory_mb():.0f} MB")


def bring_papers(answers: Sequence[bytes], *, upvotes: bytes) -> None:
    """Ingest the papers, then their upvotes, and rank what is trending."""
    from digest.models import Paper, PaperIdentifier, PaperVersion
    from digest.pipeline.ingest import ingest
    from digest.pipeline.trending import rank_trending
    from tools import floors

    with measured() as watch:
        ingest(source_name="arxiv", payloads=answers, now=BEFORE)
    floor = floors.reading_xml(answers) + floors.inserting([Paper, PaperIdentifier, PaperVersion])
    tell("ingest", PAPERS, watch, floor=floor, floor_is="parse the XML, insert the rows")
    with measured() as watch:
        ingest(source_name="arxiv", payloads=answers, now=BEFORE)
    tell("ingest again", PAPERS, watch, floor=floors.reading_xml(answers), floor_is="parse the XML")
    ingest(source_name="huggingface", payloads=[upvotes], now=BEFORE)
    with measured() as watch:
        trending = rank_trending(now=NOW)
    floor = floors.updating(Paper.objects.filter(trending_score__gt=0), trending_score=1.0)
    tell("rank trending", trending, watch, floor=floor, floor_is="update the rows")


def bring_readers(lines: Sequence[str]) -> None:
    """Import the readers, chunk by chunk, as load_readers does."""
    from subscriptions.models import ConsentEvent, InterestProfile, Subscriber
    from subscriptions.services import import_readers
    from tools import floors

    with measured() as watch:
        for start in range(0, len(lines), CHUNK):
            import_readers(rows=[json.loads(line) for line in lines[start : start + CHUNK]], now=YESTERDAY)
    floor = floors.reading_json(lines) + floors.inserting([Subscriber, InterestProfile, ConsentEvent])
    tell("load readers", READERS, watch, floor=floor, floor_is="parse the JSON, insert the rows")


def plan() -> list[tuple[int, ...]]:
    """Plan, chunk by chunk, as the task does."""
    from digest.models import Digest
    from digest.pipeline.plan import plan_due
    from subscriptions.models import Subscriber
    from tools import floors

    planned: list[tuple[int, ...]] = []
    with measured() as watch:
        while (report := plan_due(now=NOW)).readers:
            planned.append(report.digest_ids)
    floor = floors.inserting([Digest]) + floors.updating(Subscriber.objects.all(), next_digest_at=NOW)
    tell("plan", sum(map(len, planned)), watch, floor=floor, floor_is="insert the digests, update the readers")
    return planned


def match() -> None:
    """Score all profiles against all papers; nothing is written."""
    from digest import matching
    from digest.models import Digest
    from digest.pipeline.match import load_window
    from digest.pipeline.papers import load_background
    from digest.pipeline.profiles import load_profiles
    from subscriptions.models import Subscriber
    from tools import floors

    moments = dict.fromkeys(Subscriber.objects.values_list("pk", flat=True), NOW)
    _, profiles = load_profiles(moments=moments, space=None)
    papers = load_window(digests=list(Digest.objects.select_related("subscriber"))).docs
    background = load_background(space=None)
    with measured() as watch:
        matching.match(profiles=profiles, papers=papers, background=background, eligible=None, top_k=30)
    floor = floors.multiplying(profiles=profiles, papers=papers)
    tell("match", len(profiles), watch, floor=floor, floor_is="count the words, one sparse product")


def build(planned: Sequence[Sequence[int]]) -> None:
    """Read, match and write, chunk by chunk, as the task does."""
    from digest.models import Delivery, DigestItem
    from digest.pipeline.build import build
    from tools import floors

    with measured() as watch:
        for digest_ids in planned:
            build(digest_ids=digest_ids, now=NOW)
    floor = floors.inserting([DigestItem, Delivery])
    tell("match and build", READERS, watch, floor=floor, floor_is="insert the rows")


def deliver(outbox: Path) -> None:
    """Write the mails and hand them over."""
    from digest.mail.delivery import deliver
    from tools import floors

    with measured() as watch:
        while deliver(delivery_ids=None, now=NOW).total:
            pass
    bodies = [file.read_bytes() for file in outbox.glob("*.eml")]
    floor = floors.writing(bodies=bodies, folder=servers.temporary_folder(name="bench-floor"))
    tell("render and deliver", len(bodies), watch, floor=floor, floor_is="write the same bytes")


@contextmanager
def measured() -> Iterator[Watch]:
    """Measure how long the block takes."""
    watch = Watch()
    began = time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - began


def tell(what: str, count: int, watch: Watch, *, floor: float, floor_is: str) -> None:
    """Print how long a stage took, how many a second that is, and how many times its floor."""
    rate = count / max(watch.seconds, 1e-9)
    ratio = watch.seconds / max(floor, 1e-9)
    timing = f"{what:<18} {count:>7} in {watch.seconds:7.2f} s {rate:>8.0f} a second"
    print(f"{timing} {ratio:>7.1f} x the {floor:.3f} s that it takes to {floor_is}", flush=True)


def peak_memory_mb() -> float:
    """Answer the most memory that this process has held; the database server's is its own."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    main()
