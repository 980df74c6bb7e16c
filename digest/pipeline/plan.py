"""Readers whose hour has come -> a Digest PLANNED each, and their next date moved on, in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from digest.models import Digest
from digest.pipeline.memory import uncollected
from subscriptions import schedule
from subscriptions.models import Subscriber

HORIZON_DAYS = 7
CHUNK = 2_000  # readers per transaction; the unit of work of one task, some five seconds: see docs/scaling.md
WINDOW_OVERLAP = timedelta(minutes=10)  # longer than any ingest transaction: what it commits late is still looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """The digests that were promised, and how many due readers were looked at to do so."""

    digest_ids: tuple[int, ...]
    readers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The reader's own day that is due, and when their next one comes (UTC)."""

    day: date
    next_at: datetime
    silent: bool


def plan_due(*, now: datetime, horizon_days: int = HORIZON_DAYS, limit: int = CHUNK) -> PlanReport:
    """Promise a digest to at most `limit` readers who are due at `now`.

    The readers are locked, so two planners never take the same one; a reader who already has a digest of
    that local day, or who is paused, only has their next date moved on.
    Call again until it has looked at no reader.
    """
    with uncollected(), transaction.atomic():
        due = Subscriber.objects.due(now=now).order_by("next_digest_at")
        readers = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
        slots = {reader.pk: due_slot(reader=reader, now=now) for reader in readers}
        taken = _taken_days(readers, slots)
        chosen = [r for r in readers if not slots[r.pk].silent and (r.pk, slots[r.pk].day) not in taken]
        digests = [draft(reader=r, day=slots[r.pk].day, now=now, horizon_days=horizon_days) for r in chosen]
        _move_on(readers, slots, promised={reader.pk for reader in chosen}, now=now)
        created = Digest.objects.bulk_create(digests)
    return PlanReport(digest_ids=tuple(digest.pk for digest in created), readers=len(readers))


def due_slot(*, reader: Subscriber, now: datetime) -> Slot:
    """Decide which local day a due reader's digest is for: the latest of their slots that is not after `now`.

    After days of standstill that is one digest, not one for each day missed.
    """
    days = schedule.delivery_days(cadence=reader.cadence, weekdays=reader.weekdays)
    latest = schedule.previous_slot(until=now, timezone=reader.timezone, hour=reader.hour, days=days)
    following = schedule.next_slot(after=now, timezone=reader.timezone, hour=reader.hour, days=days)
    day = schedule.local_day(at=latest, timezone=reader.timezone)
    return Slot(day=day, next_at=following, silent=reader.is_paused(on=day))


def _move_on(readers: Sequence[Subscriber], slots: dict[int, Slot], *, promised: set[int], now: datetime) -> None:
    """Store when each reader is due next. One UPDATE for all who share the moment: an hour's readers have few."""
    groups: dict[tuple[datetime, bool], list[int]] = defaultdict(list)
    for reader in readers:
        groups[slots[reader.pk].next_at, reader.pk in promised].append(reader.pk)
    for (next_at, is_promised), ids in groups.items():
        until = {"digested_until": now} if is_promised else {}
        Subscriber.objects.filter(pk__in=ids).update(next_digest_at=next_at, **until)


def _taken_days(readers: Sequence[Subscriber], slots: dict[int, Slot]) -> set[tuple[int, date]]:
    same_days = Digest.objects.filter(
        subscriber__in=readers, digest_date__in={slot.day for slot in slots.values()}
    ).values_list("subscriber_id", "digest_date")
    return set(same_days)


def draft(*, reader: Subscriber, day: date, now: datetime, horizon_days: int = HORIZON_DAYS) -> Digest:
    """Make the row of a reader's digest without saving it."""
    return Digest(
        subscriber=reader,
        digest_date=day,
        window_start=window_start(reader=reader, now=now, horizon_days=horizon_days),
        window_end=now,
        horizon_days=horizon_days,
        planned_at=now,
    )


def window_start(*, reader: Subscriber, now: datetime, horizon_days: int) -> datetime:
    """Decide from when on papers are new to a reader: their last digest, and the horizon at most.

    The window reaches a little into the last one, for papers whose ingest had not committed by then;
    that none comes twice is the database's promise (paper_once_per_reader). What was seen before the horizon
    is no news: a reader who comes back after months must not have months of papers read for their whole chunk.
    """
    horizon = now - timedelta(days=horizon_days)
    return horizon if reader.digested_until is None else max(reader.digested_until - WINDOW_OVERLAP, horizon)
