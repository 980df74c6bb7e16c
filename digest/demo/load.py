"""The demo's day: sample papers come in, sample readers sign up, and everybody who is due gets their digest.

Safe to repeat: papers keep the dates of the first start, readers who have been here are left as they are now, and
nobody is mailed twice for one day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from digest.day import run_day
from digest.demo.edition import Edition, find_edition
from digest.demo.extra import ingest_files
from digest.demo.feeds import arxiv_answers, arxiv_daily_feeds, huggingface_lists
from digest.demo.papers import load_papers
from digest.demo.readers import SampleReader, sample_readers
from digest.pipeline.clock import SYSTEM_CLOCK
from digest.pipeline.ingest import IngestReport, ingest
from digest.pipeline.runs import recorded_run
from subscriptions import outbox, schedule, services
from subscriptions.addresses import parse_address
from subscriptions.models import ConsentEvent, Subscriber

ADMIN_EMAIL = "admin@example.org"  # where a staff copy of a digest goes
ADMIN_NAME = ADMIN_PASSWORD = "admin"  # noqa: S105 - the demo's, and printed; create_demo refuses to run elsewhere
SIGNED_UP_BEFORE = timedelta(days=8)  # so that also a weekly reader is due on the first day
NETWORK = "the demo"
WORDING = "An invented reader of the demo."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What happened on this start, `at`; `new_readers` signed up just now, `day` is what `run_day` counted."""

    at: datetime
    edition: Edition
    papers: IngestReport
    new_readers: int
    day: dict[str, int]


def load_demo(*, now: datetime, feeds: str, complain: Callable[[str], None]) -> LoadReport:
    """Load what is new since the last start and run the day at `now`; `feeds` names files for `ingest_files`."""
    edition = find_edition(now=now)
    papers = ingest_sample_papers(edition=edition, now=now)
    papers += ingest_files(named=feeds, now=now, complain=complain)
    joined = [reader for reader in sample_readers(edition=edition) if join(reader=reader, edition=edition)]
    outbox.send_outgoing(now=now)
    make_admin()
    return LoadReport(at=now, edition=edition, papers=papers, new_readers=len(joined), day=run_day(now=now))


def ingest_sample_papers(*, edition: Edition, now: datetime) -> IngestReport:
    """Ingest the sample papers whose day has come, in the bytes of their sources.

    The API's answers come first: with the first record the edition is kept, should this end halfway.
    """
    released = [paper for paper in load_papers() if edition.submitted_at(paper) <= now]
    answers = arxiv_answers(papers=released, edition=edition) + arxiv_daily_feeds(papers=released, edition=edition)
    lists = huggingface_lists(papers=released, edition=edition)
    return _ingest("arxiv", answers, now) + _ingest("huggingface", lists, now)


def _ingest(source_name: str, payloads: list[bytes], now: datetime) -> IngestReport:
    """Ingest with a record in the admin panel, which the sources' own timetable passes over."""
    with recorded_run(source_name=source_name, on_schedule=False, now=now, clock=SYSTEM_CLOCK) as run:
        run.add(report=ingest(source_name=source_name, payloads=payloads, now=now))
    return run.report


def join(*, reader: SampleReader, edition: Edition) -> bool:
    """Sign a sample reader up as of a week before the first day, and tell whether they were new.

    Whoever was here once stays as they are, also when the visitor has unsubscribed or erased them.
    """
    address = parse_address(reader.form.email)
    if ConsentEvent.objects.filter(address_key=address.key).exists():
        return False
    signed_up_at = edition.first_moment - (SIGNED_UP_BEFORE if reader.confirms else timedelta())
    with transaction.atomic():
        services.sign_up(form=reader.form, network=NETWORK, wording=WORDING, now=signed_up_at)
        if reader.confirms:
            _confirm(reader, edition, signed_up_at)
    return True


def _confirm(reader: SampleReader, edition: Edition, now: datetime) -> None:
    subscriber = Subscriber.objects.get(address_key=parse_address(reader.form.email).key)
    services.confirm(subscriber=subscriber, now=now)
    for profile in reader.more_profiles:
        services.save_profile(subscriber=subscriber, profile=profile, profile_id=None, now=now)
    if reader.paused_days:
        first_day = schedule.local_day(at=edition.first_moment, timezone=reader.form.timezone)
        services.pause(subscriber=subscriber, until=first_day + timedelta(days=reader.paused_days), now=now)


def make_admin() -> None:
    """Make the staff user, unless there is one of that name already, whatever its password is now."""
    users = get_user_model().objects
    if not users.filter(username=ADMIN_NAME).exists():
        users.create_superuser(username=ADMIN_NAME, email=ADMIN_EMAIL, password=ADMIN_PASSWORD)
