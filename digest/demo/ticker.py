"""The worker's and beat's work in the demo's own process: what is rung is done at once, what is due when it is due."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from celery import current_app
from celery.schedules import BaseSchedule, maybe_schedule
from django.conf import settings
from django.db import close_old_connections, connections

from subscriptions import doorbell
from subscriptions.models import Subscriber

log = logging.getLogger(__name__)

ANSWER_EVERY_S = 0.25
LOOK_AT_SCHEDULE_EVERY_S = 1.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
INGEST = "digest.tasks.ingest_source"
LOOK_UP = "digest.tasks.look_up_library"
PLAN = "digest.tasks.plan_due"


def welcome(*, now: datetime) -> int:
    """Make active readers who never had a digest due at once; in a demo nobody waits for tomorrow morning.

    Whoever paused is left alone. Returns: how many readers are due now.
    """
    newcomers = Subscriber.objects.active().filter(
        digests=None, digested_until=None, paused_until=None, next_digest_at__gt=now
    )
    ids = list(newcomers.values_list("pk", flat=True))
    if not ids:
        return 0
    welcomed = Subscriber.objects.filter(pk__in=ids).update(next_digest_at=now)
    doorbell.ring(PLAN)
    return welcomed


def answer_the_door() -> None:
    """Welcome newcomers and do what was rung."""
    welcome(now=datetime.now(UTC))
    doorbell.answer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the beat schedule, and when it was last run (aware, UTC)."""

    name: str
    task: str
    args: tuple[Any, ...]
    schedule: BaseSchedule
    last_run_at: datetime

    def is_due(self) -> bool:
        """Ask the schedule, which reads the clock itself."""
        due, _ = self.schedule.is_due(self.last_run_at)
        return due


def schedule_entries(*, network: bool) -> list[Entry]:
    """Read the beat schedule, all of it due at once; without `network` no source is asked."""
    current_app.autodiscover_tasks(force=True)
    entries = [
        Entry(
            name=name,
            task=line["task"],
            args=tuple(line.get("args", ())),
            schedule=cast(BaseSchedule, maybe_schedule(line["schedule"], app=current_app)),
            last_run_at=LONG_AGO,
        )
        for name, line in current_app.conf.beat_schedule.items()
    ]
    return [entry for entry in entries if network or entry.task not in (INGEST, LOOK_UP)]


def run_due(*, entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """Run the entries that are due, one after the other. Returns: the entries with the time of their last run."""
    return [_run(entry, now) if entry.is_due() else entry for entry in entries]


class Ticker:
    """Two threads: one answers the doorbell, one follows the schedule, so that a slow source delays no mail."""

    def __init__(self) -> None:
        """Read the schedule; nothing runs yet."""
        self._stop = threading.Event()
        self._entries = schedule_entries(network=settings.DEMO_NETWORK)
        steps: list[tuple[Callable[[], None], float]] = [
            (answer_the_door, ANSWER_EVERY_S),
            (self._follow_schedule, LOOK_AT_SCHEDULE_EVERY_S),
        ]
        self._threads = [threading.Thread(target=self._repeat, args=step, daemon=True) for step in steps]

    def start(self) -> None:
        """Start both threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, patience_s: float) -> None:
        """Let both finish what they are at. One that needs longer is left behind: the next start finds its rows."""
        self._stop.set()
        for thread in self._threads:
            thread.join(patience_s)

    def _follow_schedule(self) -> None:
        self._entries = run_due(entries=self._entries, now=datetime.now(UTC))

    def _repeat(self, step: Callable[[], None], every_s: float) -> None:
        while not self._stop.wait(every_s):
            try:
                step()
            except Exception:
                log.exception("A step of the demo failed; it is tried again in a moment")
            close_old_connections()
        connections.close_all()


def _run(entry: Entry, now: datetime) -> Entry:
    try:
        current_app.tasks[entry.task](*entry.args)
    except Exception:
        log.exception("%s failed; it runs again when it is next due", entry.name)
    return replace(entry, last_run_at=now)
