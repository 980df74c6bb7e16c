"""Is the day's work getting done? What was read, who waits, and what is stuck; for people and for alarms.

Reads only, each through an index, so it may be asked every few seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from digest import sources
from digest.models import Delivery, Digest, IngestRun
from digest.plugins import discover
from digest.sources import Source
from subscriptions.models import Subscriber

LATE_AFTER = timedelta(hours=1)  # a backlog clears and a back-off ends sooner
ON_ITS_WAY = (Delivery.Status.QUEUED, Delivery.Status.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """When a source was last read without an error, and whether its next reading is overdue."""

    name: str
    last_read_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHealth:
    """Since when the oldest of each kind of work has been waiting; None when nothing waits. All times in UTC."""

    at: datetime
    sources: tuple[SourceHealth, ...]
    reader_due_since: datetime | None
    digest_planned_since: datetime | None
    delivery_queued_since: datetime | None

    @property
    def problems(self) -> tuple[str, ...]:
        """Say what did not happen, a sentence each, with what to look at. Empty when all is well."""
        unread = [_unread(source) for source in self.sources if source.is_late]
        waiting = {
            "A reader's digest has been due since {}: no process is planning. Look at beat and the workers.": (
                self.reader_due_since
            ),
            "A digest has been waiting to be built since {}. Look at the workers.": self.digest_planned_since,
            "A mail has been waiting to go out since {}. Look at the workers and at the mail provider.": (
                self.delivery_queued_since
            ),
        }
        late = self.at - LATE_AFTER
        return (*unread, *(words.format(_utc(since)) for words, since in waiting.items() if since and since < late))


def day_health(*, now: datetime) -> DayHealth:
    """Look at everything that a day needs. This function will read the same few rows however many readers there are."""
    due = Subscriber.objects.due(now=now).order_by("next_digest_at")
    planned = Digest.objects.filter(status=Digest.Status.PLANNED).order_by("planned_at")
    on_its_way = Delivery.objects.filter(status__in=ON_ITS_WAY).order_by("created_at")
    plugins: Mapping[str, Source] = discover(package=sources, attribute="SOURCE")
    return DayHealth(
        at=now,
        sources=tuple(_source_health(source, now) for source in plugins.values()),
        reader_due_since=_first(due, "next_digest_at"),
        digest_planned_since=_first(planned, "planned_at"),
        delivery_queued_since=_first(on_its_way, "created_at"),
    )


def _first(rows: Any, column: str) -> datetime | None:
    first: datetime | None = rows.values_list(column, flat=True).first()
    return first


def _source_health(source: Source, now: datetime) -> SourceHealth:
    good = IngestRun.objects.filter(source=source.name, error="", finished_at__isnull=False)
    last = _first(good.order_by("-started_at"), "started_at")
    # Late is what could have been read an hour ago by the source's own clock, and has not been since.
    is_late = source.due(now=now - LATE_AFTER, last_success=last)
    return SourceHealth(name=source.name, last_read_at=last, is_late=is_late)


def _unread(source: SourceHealth) -> str:
    if source.last_read_at is None:
        return f"{source.name} has never been read without an error. Look at beat, the workers and the ingest runs."
    return f"{source.name} was last read without an error on {_utc(source.last_read_at)}. Look at the ingest runs."


def _utc(moment: datetime) -> str:
    return f"{moment:%d %B %Y %H:%M} UTC"
