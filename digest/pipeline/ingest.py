"""Records become rows: each record makes a paper, changes one, or changes nothing.

In: a source's answers as bytes. Out: rows of papers, and a report whose sums add up. A bad record costs itself,
an unreadable answer costs that answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from digest.errors import TemporaryError, UnreadablePayload
from digest.models import Paper
from digest.pipeline.configured import find_source
from digest.pipeline.drafts import load_drafts, save_drafts
from digest.pipeline.join import Shelf
from digest.pipeline.merge import merge
from digest.sources import Source, canonical
from digest.types import PaperRecord, RejectedRecord

AnyRecord = PaperRecord | RejectedRecord

BATCH = 200
"""Records a transaction."""
TRIES = 3
"""A record that lost a race against another worker is merged into what the winner wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableAnswer:
    """An answer in which nothing could be read."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of the records: seen = new + updated + unchanged + rejected.

    `stopped` says why a reading broke off before its end; what it had brought by then is stored.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[RejectedRecord, ...] = ()
    answers: int = 0
    unreadable: tuple[UnreadableAnswer, ...] = ()
    stopped: str = ""

    @property
    def seen(self) -> int:
        """All records that were told apart."""
        return self.new + self.updated + self.unchanged + len(self.rejected)

    @property
    def nothing_readable(self) -> bool:
        """There were answers, and every one of them was unreadable."""
        return bool(self.unreadable) and len(self.unreadable) == self.answers

    def counts(self) -> dict[str, int]:
        """Give the sums for a person or a program to read."""
        sums = {name: int(getattr(self, name)) for name in ("seen", "new", "updated", "unchanged")}
        return sums | {"rejected": len(self.rejected)}

    def __add__(self, other: "IngestReport") -> "IngestReport":
        return IngestReport(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            rejected=self.rejected + other.rejected,
            answers=self.answers + other.answers,
            unreadable=self.unreadable + other.unreadable,
            stopped=self.stopped or other.stopped,
        )


class _Outcome(StrEnum):
    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def ingest(
    *, source_name: str, payloads: Iterable[bytes], now: datetime, counted_on: date | None = None
) -> IngestReport:
    """Read a source's answers and store what they say. Reading the same bytes again changes nothing.

    `counted_on` is the day (UTC) on which the source gave these answers, so that counts which still rise are kept
    day by day; None for recordings, whose counts are of the day that they name.
    Raises: UnknownSource; TemporaryError when the database is busy or away; whatever `payloads` raises, after
    the answers before it were stored.
    """
    source = find_source(name=source_name)
    report = IngestReport()
    for number, payload in enumerate(payloads, start=1):
        records = _parsed(source, payload, counted_on)
        report += _ingest_answer(records, name=f"answer {number}", now=now)
    return report


def store(*, records: Iterable[AnyRecord], now: datetime) -> IngestReport:
    """Store records in batches, and take those that were rejected before into the report."""
    report = IngestReport()
    for batch in _batches(records):
        rejected = tuple(record for record in batch if isinstance(record, RejectedRecord))
        report += IngestReport(rejected=rejected)
        report += _store_batch([record for record in batch if isinstance(record, PaperRecord)], now)
    return report


def _parsed(source: Source, payload: bytes, counted_on: date | None) -> Iterator[AnyRecord]:
    for record in source.parse(payload):
        yield replace(record, counted_on=counted_on) if isinstance(record, PaperRecord) else record


def _ingest_answer(records: Iterator[AnyRecord], *, name: str, now: datetime) -> IngestReport:
    try:
        return IngestReport(answers=1) + store(records=records, now=now)
    except UnreadablePayload as error:
        return IngestReport(answers=1, unreadable=(UnreadableAnswer(name=name, reason=str(error)),))


def _batches(records: Iterable[AnyRecord]) -> Iterator[list[AnyRecord]]:
    batch: list[AnyRecord] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _store_batch(records: list[PaperRecord], now: datetime) -> IngestReport:
    """Store a batch in one transaction; when the database refuses it, each record by itself."""
    try:
        return _counted(_store_together(records, now))
    except (DatabaseError, ValueError, OverflowError):
        report = IngestReport()
        for record in records:
            report += _store_alone(record, now)
        return report


def _store_alone(record: PaperRecord, now: datetime) -> IngestReport:
    """Store one record, again when another worker was quicker; what the database will not take is rejected."""
    for attempt in range(1, TRIES + 1):
        try:
            return _counted(_store_together([record], now))
        except OperationalError as error:
            if attempt == TRIES:
                raise TemporaryError("The database is busy or away; run it again, nothing is lost.") from error
        except (DatabaseError, ValueError, OverflowError) as error:
            # The names may be somebody's by now: then the next try finds that paper and updates it.
            if attempt == TRIES or not isinstance(error, IntegrityError):
                reason = f"the database did not take it: {error}".splitlines()[0]
                break
    return IngestReport(rejected=(RejectedRecord(identifier=record.identifiers[0].value, reason=reason),))


@transaction.atomic
def _store_together(records: list[PaperRecord], now: datetime) -> list[_Outcome]:
    names = {canonical(name) for record in records for name in record.identifiers}
    shelf = Shelf(load_drafts(identifiers=names))
    outcomes = [_place(shelf, record, now) for record in records]
    save_drafts(drafts=shelf.drafts)
    return outcomes


def _place(shelf: Shelf, record: PaperRecord, now: datetime) -> _Outcome:
    known = shelf.find(record=record)
    draft = known or shelf.open(record=record, now=now)
    before, was_dated = draft.content(), _is_dated(draft.paper)
    shelf.name(draft=draft, record=record)
    merge(draft=draft, record=record)
    if not was_dated and _is_dated(draft.paper):
        draft.paper.first_seen_at = now  # no digest could take it for news before: none planned meanwhile has missed it
    if known is None:
        return _Outcome.NEW
    return _Outcome.UNCHANGED if draft.content() == before else _Outcome.UPDATED


def _is_dated(paper: Paper) -> bool:
    return paper.submitted_at is not None or paper.announced_on is not None


def _counted(outcomes: list[_Outcome]) -> IngestReport:
    return IngestReport(
        new=outcomes.count(_Outcome.NEW),
        updated=outcomes.count(_Outcome.UPDATED),
        unchanged=outcomes.count(_Outcome.UNCHANGED),
    )
