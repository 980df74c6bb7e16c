"""Thin Celery tasks. A task is a doorbell: what is to be done stands in the rows, and a sweep finds it again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from celery import shared_task

from digest.errors import TemporaryError
from digest.mail import alarm, brake, delivery, handing, pickup
from digest.mail.lanes import lanes_of_this_process
from digest.pipeline import (
    bring,
    build,
    fetch,
    index,
    library,
    linked,
    place,
    plan,
    runs,
    serving,
    standing,
    taste,
    titlekeys,
    trending,
)
from digest.search import index as index_of_words
from subscriptions.doorbell import ring

T = TypeVar("T")

STRANDED_AFTER = timedelta(minutes=10)  # longer than a task may run: then its worker is dead
SWEEP_CHUNKS = 20  # chunks that are handed out at once
MAILS = 200  # shared out among the lanes of a worker: done within a task's time even when each takes seconds


@shared_task(soft_time_limit=560, time_limit=580)  # seconds; above fetch.LONGEST_RUN and its last request
def ingest_source(source: str) -> None:
    """Read a source if its announcement clock says that there can be something new."""
    fetch.run_source(source_name=source, now=datetime.now(UTC))


@shared_task
def name_library() -> None:
    """Give the papers that readers named their titles, as far as we have them."""
    library.name_library()
    titlekeys.key_titles()


@shared_task
def look_up_library() -> None:
    """Ask for one chunk of the papers that readers named and we do not have, and ring for the next chunk."""
    report = library.look_up_library(now=datetime.now(UTC))
    if report.asked == library.IDS and not report.stopped:
        ring(look_up_library)


@shared_task
def bring_lists() -> None:
    """Read one chunk of the lists of papers that readers gave us, and ring for the next chunk."""
    if bring.bring_lists(now=datetime.now(UTC)) == bring.LISTS_AT_ONCE:
        ring(bring_lists)


@shared_task(soft_time_limit=560, time_limit=580)  # seconds; above the turns of linked.ACCOUNTS_AT_ONCE
def refresh_libraries() -> None:
    """Read one chunk of the accounts that readers let us follow, and ring for the next chunk."""
    if linked.refresh_libraries(now=datetime.now(UTC)) == linked.ACCOUNTS_AT_ONCE:
        ring(refresh_libraries)


@shared_task(soft_time_limit=560, time_limit=580)  # seconds; above index.LONGEST_TURN and the download of a model
def index_papers() -> None:
    """Encode one chunk of the papers that wait for a vector, place one by taste, and ring for the next chunks."""
    indexed, placed = index.index_in_turn(now=datetime.now(UTC)), place.place_waiting(now=datetime.now(UTC))
    if indexed.more or placed.more:
        ring(index_papers)


@shared_task(soft_time_limit=560, time_limit=580)  # seconds; the bounds of pipeline/taste.py keep a fit below
def fit_taste() -> None:
    """Learn from what readers like, and ring for the papers to be placed by it."""
    if taste.fit_taste(now=datetime.now(UTC)).number:
        ring(index_papers)


@shared_task
def tidy_vectors() -> None:
    """Delete one chunk of the vectors that nobody reads any more, and ring for the next chunk."""
    if serving.tidy_vectors(now=datetime.now(UTC)) == serving.TIDIED_AT_ONCE:
        ring(tidy_vectors)


@shared_task
def file_papers() -> None:
    """File one chunk of the papers that search does not know yet, and ring for the next chunk."""
    if index_of_words.file_waiting() == index_of_words.CHUNK:
        ring(file_papers)


@shared_task
def rank_trending() -> None:
    """Score every paper by its signals as they stand now."""
    trending.rank_trending(now=datetime.now(UTC))


@shared_task
def tidy_runs() -> None:
    """Forget the readings of sources that nobody will ask about any more."""
    runs.tidy_runs(now=datetime.now(UTC))


@shared_task
def plan_due() -> None:
    """Promise one chunk of due readers their digest, and ring for the building and for the next chunk."""
    report = plan.plan_due(now=datetime.now(UTC))
    if report.digest_ids:
        ring(build_digests, list(report.digest_ids))
    if report.readers == plan.CHUNK:
        ring(plan_due)


@shared_task(autoretry_for=(TemporaryError,), retry_backoff=10, retry_jitter=True, max_retries=3)
def build_digests(digest_ids: list[int]) -> None:
    """Build one chunk of digests and ring for their delivery."""
    _ring_deliveries(build.build(digest_ids=digest_ids, now=datetime.now(UTC)).deliveries)


@shared_task
def deliver(delivery_ids: list[str]) -> None:
    """Hand one chunk of mails to the provider."""
    ids = [UUID(text) for text in delivery_ids]
    delivery.deliver(delivery_ids=ids, now=datetime.now(UTC), lanes=lanes_of_this_process())


@shared_task(autoretry_for=(TemporaryError,), retry_backoff=30, retry_jitter=True, max_retries=2)
def pick_up_bounces() -> None:
    """Read what came back to the mailbox of bounces, if there is one."""
    pickup.pick_up(now=datetime.now(UTC))


@shared_task
def watch_sending() -> None:
    """Pull the emergency brake when too many mails come back or annoy, and tell staff when it was pulled."""
    brake.watch(now=datetime.now(UTC))
    alarm.tell_staff(now=datetime.now(UTC))


@shared_task
def stand_profiles() -> None:
    """Store where one chunk of changed interests stands among papers, and ring for the next chunk."""
    if standing.stand_waiting(now=datetime.now(UTC)) == standing.CHUNK:
        ring(stand_profiles)


@shared_task
def sweep() -> None:
    """Find what a dead worker or a lost message left behind, and set it going again."""
    now = datetime.now(UTC)
    delivery.sweep_stuck(now=now)
    delivery.expire(now=now)
    stranded = build.stranded(planned_before=now - STRANDED_AFTER, limit=SWEEP_CHUNKS * plan.CHUNK)
    for digest_ids in _chunks(stranded, size=plan.CHUNK):
        ring(build_digests, list(digest_ids))
    if handing.begin():
        hand_out()


@shared_task
def hand_out(created_at: str = "", delivery_id: str = "") -> None:
    """Ring for one page of the mails that wait, behind the one that is named, and for the next page."""
    last = (datetime.fromisoformat(created_at), UUID(delivery_id)) if delivery_id else None
    page = handing.next_page(last=last, now=datetime.now(UTC), limit=SWEEP_CHUNKS * MAILS)
    _ring_deliveries([pk for _, pk in page.mails])
    if page.more:
        ring(hand_out, page.mails[-1][0].isoformat(), str(page.mails[-1][1]))


def _ring_deliveries(delivery_ids: Sequence[UUID]) -> None:
    for chunk in _chunks(delivery_ids, size=MAILS):
        ring(deliver, [str(delivery_id) for delivery_id in chunk])


def _chunks(items: Sequence[T], *, size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
