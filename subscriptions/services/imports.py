"""Readers from a file, in chunks: rows in, outcomes out, with a fixed number of queries for each chunk.

The file is the truth for what it names: a reader's profiles are matched by name, and those not named are removed.
It never brings back a reader who unsubscribed, was suppressed or asked to be forgotten.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from subscriptions.errors import RejectedReader
from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber
from subscriptions.selectors import suppressed_keys
from subscriptions.services.import_profiles import replace_profiles
from subscriptions.services.import_rows import ReaderRow, read_row
from subscriptions.services.preferences import FIELDS, apply_preferences
from subscriptions.services.reader import next_digest_at
from subscriptions.services.taste import import_answers
from subscriptions.types import Preferences

Status = Subscriber.Status
WRITTEN = ["email", *FIELDS, "status", "confirmed_at", "next_digest_at"]
WORDING = "Imported from a file by staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What became of one row: "created", "updated" or "rejected", and then why."""

    outcome: str
    reason: str = ""


def import_reader(*, row: Mapping[str, Any], now: datetime) -> str:
    """Import one reader and tell whether they were "created" or "updated".

    Raises: RejectedReader with the reason.
    """
    (result,) = import_readers(rows=[row], now=now)
    if result.outcome == "rejected":
        raise RejectedReader(result.reason)
    return result.outcome


def import_readers(*, rows: Sequence[object], now: datetime) -> list[ImportOutcome]:
    """Import a chunk of rows (500 is a good size), each checked by itself. Returns: outcomes in the order of `rows`.

    Of rows with the same address each updates what the one before it wrote. The same rows again change nothing.
    """
    outcomes: dict[int, ImportOutcome] = {}
    readable: deque[tuple[int, ReaderRow]] = deque()
    for index, row in enumerate(rows):
        try:
            readable.append((index, read_row(row=row)))
        except RejectedReader as error:
            outcomes[index] = ImportOutcome(outcome="rejected", reason=str(error))
    while readable:
        outcomes |= _import_batch(_one_row_per_address(readable), now)
    return [outcomes[index] for index in range(len(rows))]


def _one_row_per_address(queue: deque[tuple[int, ReaderRow]]) -> dict[int, ReaderRow]:
    """Take the first row of every address off the queue."""
    batch: dict[int, ReaderRow] = {}
    seen: set[str] = set()
    for _ in range(len(queue)):
        index, row = queue.popleft()
        if row.address.key in seen:
            queue.append((index, row))
        else:
            seen.add(row.address.key)
            batch[index] = row
    return batch


def _import_batch(batch: Mapping[int, ReaderRow], now: datetime) -> dict[int, ImportOutcome]:
    try:
        return _write_batch(batch, now)
    except IntegrityError:
        # Somebody signed up with one of these addresses a moment ago; now their row is there to be found.
        return _write_batch(batch, now)


@transaction.atomic
def _write_batch(batch: Mapping[int, ReaderRow], now: datetime) -> dict[int, ImportOutcome]:
    held = _held_readers(batch.values())
    refusals = _refusals(batch.values(), held)
    accepted = {index: row for index, row in batch.items() if row.address.key not in refusals}
    readers = {row.address.key: held.get(row.address.key) or _new_reader(row, now) for row in accepted.values()}
    was_pending = {key for key, reader in readers.items() if reader.status == Status.PENDING}
    changed = [readers[row.address.key] for row in accepted.values() if _fill(readers[row.address.key], row, now)]
    new = [reader for reader in changed if not reader.pk]
    Subscriber.objects.bulk_update([reader for reader in changed if reader.pk], WRITTEN)
    Subscriber.objects.bulk_create(new)
    _record_imported([readers[key] for key in was_pending if readers[key].status == Status.ACTIVE], now)
    _ask_to_confirm([reader for reader in new if reader.status == Status.PENDING], now)
    said = {readers[row.address.key]: row.shares_taste for row in accepted.values() if row.shares_taste is not None}
    import_answers(said=said, wording=WORDING, now=now)
    named = {readers[row.address.key]: row.profiles for row in accepted.values() if row.profiles is not None}
    replace_profiles(wanted=named, now=now)
    return {index: _outcome(row, refusals, held) for index, row in batch.items()}


def _held_readers(rows: Iterable[ReaderRow]) -> dict[str, Subscriber]:
    addresses = [row.address.normalised for row in rows]
    # In one order for everybody, so that two imports cannot wait for each other.
    held = Subscriber.objects.filter(email_normalised__in=addresses).select_for_update().order_by("pk")
    return {reader.address_key: reader for reader in held}


def _refusals(rows: Iterable[ReaderRow], held: Mapping[str, Subscriber]) -> dict[str, str]:
    keys = {row.address.key for row in rows}
    erased = ConsentEvent.objects.filter(address_key__in=keys - held.keys(), kind=ConsentEvent.Kind.ERASED)
    refusals = dict.fromkeys(erased.values_list("address_key", flat=True), "This reader asked to be forgotten.")
    for key, reader in held.items():
        if reader.status == Status.UNSUBSCRIBED:
            refusals[key] = "This reader has unsubscribed."
    return refusals | dict.fromkeys(suppressed_keys(address_keys=keys), "This address is suppressed.")


def _new_reader(row: ReaderRow, now: datetime) -> Subscriber:
    address = row.address
    return Subscriber(email_normalised=address.normalised, address_key=address.key, created_at=now)


def _fill(reader: Subscriber, row: ReaderRow, now: datetime) -> bool:
    """Put a row on a reader without saving, and tell whether anything changed."""
    before = [getattr(reader, name) for name in WRITTEN]
    reader.email = row.address.email
    present = Preferences(**{name: getattr(reader, name) for name in FIELDS})
    wanted = Preferences(**{name: getattr(present, name) for name in FIELDS} | dict(row.preferences))
    apply_preferences(reader=reader, preferences=wanted, now=now)
    if row.confirmed and reader.status == Status.PENDING:
        reader.status, reader.confirmed_at = Status.ACTIVE, now
        reader.next_digest_at = next_digest_at(subscriber=reader, now=now)
    return before != [getattr(reader, name) for name in WRITTEN]


def _record_imported(readers: Iterable[Subscriber], now: datetime) -> None:
    kind = ConsentEvent.Kind.IMPORTED
    ConsentEvent.objects.bulk_create(
        ConsentEvent(subscriber=reader, address_key=reader.address_key, kind=kind, wording=WORDING, at=now)
        for reader in readers
    )


def _ask_to_confirm(readers: Iterable[Subscriber], now: datetime) -> None:
    kind = OutgoingMail.Kind.CONFIRM
    OutgoingMail.objects.bulk_create(
        OutgoingMail(subscriber=reader, kind=kind, not_before=now, created_at=now) for reader in readers
    )


def _outcome(row: ReaderRow, refusals: Mapping[str, str], held: Mapping[str, Subscriber]) -> ImportOutcome:
    key = row.address.key
    if key in refusals:
        return ImportOutcome(outcome="rejected", reason=refusals[key])
    return ImportOutcome(outcome="updated" if key in held else "created")
