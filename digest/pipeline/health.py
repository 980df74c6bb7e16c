"""Is the day's work getting done? What was read, who waits, and what is stuck; for people and for alarms.

Reads only, each through an index, so it may be asked every few seconds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from digest.models import Delivery, Digest, IngestRun, SendingStop
from digest.pipeline.configured import find_source
from digest.sources import Source, sources
from subscriptions.models import SoftBounce, Subscriber

LATE_AFTER = timedelta(hours=1)  # a backlog clears and a back-off ends sooner
TRIED_AGAIN_WITHIN = timedelta(minutes=10)  # of its moment, by a sweep
SILENT_AFTER = timedelta(days=7)  # longer than any weekend with holidays around it
WAITING_TOO_LONG = {
    "reader_due_since": "A reader's digest has been due since {}: nobody plans. Look at beat and the workers.",
    "digest_planned_since": "A digest has been waiting to be built since {}. Look at the workers.",
    "delivery_queued_since": "A mail has been waiting to go out since {}. Look at the workers and the mail provider.",
    "delivery_unknown_since": "Nobody knows whether a mail of {} went out. Settle it in the admin, under deliveries.",
}
BRAKE_IS_ON = "No digest is sent, the emergency brake is on: {} Lift it in the admin, under sending stops."
ON_ITS_WAY = (Delivery.Status.QUEUED, Delivery.Status.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """When a source was last read without an error, and whether the next reading is overdue.

    `is_silent`: it answers, and has brought nothing for SILENT_AFTER.
    """

    name: str
    last_read_at: datetime | None
    is_late: bool
    is_silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHealth:
    """Since when the oldest of each kind of work has been waiting; None when nothing waits. All times in UTC.

    `brakes`: why sending is stopped until a person lifts the brake; empty when it is not.
    """

    at: datetime
    sources: tuple[SourceHealth, ...]
    reader_due_since: datetime | None
    digest_planned_since: datetime | None
    delivery_queued_since: datetime | None
    delivery_unknown_since: datetime | None
    brakes: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Say what did not happen, a sentence each, with what to look at. Empty when all is well."""
        unread = [words for source in self.sources if (words := _what_is_wrong(source))]
        waits = [(getattr(self, name), words) for name, words in WAITING_TOO_LONG.items()]
        return (
            *(BRAKE_IS_ON.format(reason) for reason in self.brakes),
            *unread,
            *(words.format(_utc(since)) for since, words in waits if since and since < self.at - LATE_AFTER),
        )


def day_health(*, now: datetime) -> DayHealth:
    """Look at everything that a day needs. This function will read the same few rows however many readers there are."""
    due = Subscriber.objects.due(now=now).order_by("next_digest_at")
    planned = Digest.objects.filter(status=Digest.Status.PLANNED).order_by("planned_at")
    on_its_way = Delivery.objects.filter(~_put_off(now), status__in=ON_ITS_WAY).order_by("created_at")
    unknown = Delivery.objects.filter(status=Delivery.Status.UNKNOWN).order_by("created_at")
    stops = SendingStop.objects.filter(lifted_at__isnull=True).order_by("pulled_at")
    # The demo ships its papers and asks no source.
    names = () if settings.DEMO else sorted(sources())
    return DayHealth(
        at=now,
        sources=tuple(_source_health(find_source(name=name), now) for name in names),
        reader_due_since=_first(due, "next_digest_at"),
        digest_planned_since=_first(planned, "planned_at"),
        delivery_queued_since=_first(on_its_way, "created_at"),
        delivery_unknown_since=_first(unknown, "created_at"),
        brakes=tuple(stops.values_list("reason", flat=True)),
    )


def _put_off(now: datetime) -> Q:
    """Find mails that wait because of their own mailbox: it refused them for now, or mails to it came back.

    One full mailbox is no alarm. A provider that is down costs a mail no attempt, so its mails are not among these.
    """
    lately = now - TRIED_AGAIN_WITHIN
    key = OuterRef("digest__subscriber__address_key")
    waits = SoftBounce.objects.waiting(now=lately).filter(address_key=key)
    return Q(retry_at__isnull=False, retry_at__gt=lately) & (Q(attempts__gt=0) | Q(Exists(waits)))


def _first(rows: Any, column: str) -> datetime | None:
    first: datetime | None = rows.values_list(column, flat=True).first()
    return first


def _source_health(source: Source, now: datetime) -> SourceHealth:
    runs = IngestRun.objects.filter(source=source.name, on_schedule=True, finished_at__isnull=False)
    good = runs.filter(error="").order_by("-started_at")
    last = _first(good, "started_at")
    return SourceHealth(
        name=source.name,
        last_read_at=last,
        # Late is what could have been read an hour ago by the source's own clock, and has not been since.
        is_late=source.due(now=now - LATE_AFTER, last_success=last),
        is_silent=not good.filter(seen__gt=0, started_at__gt=now - SILENT_AFTER).exists(),
    )


def _what_is_wrong(source: SourceHealth) -> str:
    if source.last_read_at is None:
        return f"{source.name} has never been read without an error. Look at beat, the workers and the ingest runs."
    if source.is_late:
        return f"{source.name} was last read without an error on {_utc(source.last_read_at)}. Look at the ingest runs."
    if source.is_silent:
        return f"{source.name} answers, but has brought nothing for {SILENT_AFTER.days} days. Look at its address."
    return ""


def _utc(moment: datetime) -> str:
    return f"{moment:%d %B %Y %H:%M} UTC"
