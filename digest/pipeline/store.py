"""What was chosen for a chunk of digests -> rows: items and deliveries, and what became of the digests.

One door for both kinds of database: COPY on PostgreSQL, INSERT elsewhere; the rows are the same. The transaction, and
the lock on the digests, are the caller's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import orjson
from django.conf import settings

from digest.models import Delivery, Digest, DigestItem
from digest.pipeline.copying import can_copy, copy_rows
from digest.types import Reason

ITEM_FIELDS = (
    "digest",
    "subscriber",
    "paper",
    "section",
    "position",
    "profile",
    "profile_name",
    "also_in",
    "score",
    "reasons",
    "note",
)
SPREAD_STEPS = 4096
ALSO_IN = ITEM_FIELDS.index("also_in")


class ItemRow(NamedTuple):
    """One paper of a digest, in the order of ITEM_FIELDS: a plain tuple, since an hour has millions of them."""

    digest_id: int
    subscriber_id: int
    paper_id: int
    section: str
    position: int
    profile_id: int | None = None
    profile_name: str = ""
    also_in: tuple[str, ...] = ()
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one digest will hold: its items in order, or why there are none."""

    items: tuple[ItemRow, ...]
    empty_reason: str = ""


def write_items(rows: Sequence[ItemRow]) -> None:
    """Insert the papers of digests."""
    if not rows:
        return
    if can_copy():
        copy_rows(model=DigestItem, fields=ITEM_FIELDS, rows=map(_copied, rows))
    else:
        DigestItem.objects.bulk_create([to_item(row) for row in rows])


def write_deliveries(*, digest_ids: Sequence[int], now: datetime) -> tuple[UUID, ...]:
    """Insert a QUEUED delivery for each digest, each at its own moment of the spread. Returns: their ids, in order."""
    ids = tuple(uuid4() for _ in digest_ids)
    rows = [(pk, digest_id, now, _not_before(pk, now)) for pk, digest_id in zip(ids, digest_ids, strict=True)]
    if ids and can_copy():
        copy_rows(model=Delivery, fields=("id", "digest", "created_at", "retry_at"), rows=rows)
    else:
        fields = ("pk", "digest_id", "created_at", "retry_at")
        Delivery.objects.bulk_create([Delivery(**dict(zip(fields, row, strict=True))) for row in rows])
    return ids


def _not_before(delivery_id: UUID, now: datetime) -> datetime | None:
    """Spread an hour's mails by chance, which is what an id is made of; None when all may leave at once."""
    spread = timedelta(minutes=settings.EMAIL_SPREAD_MINUTES)
    return now + spread * (delivery_id.int % SPREAD_STEPS) / SPREAD_STEPS if spread else None


def settle_digests(*, contents: Mapping[int, Content], now: datetime) -> None:
    """Move digests on to READY or EMPTY: one UPDATE for all that are ready, and one for each reason to be empty."""
    ready = [pk for pk, content in contents.items() if content.items]
    Digest.objects.filter(pk__in=ready).update(status=Digest.Status.READY, empty_reason="", built_at=now)
    of_reason: dict[str, list[int]] = defaultdict(list)
    for pk, content in contents.items():
        if not content.items:
            of_reason[content.empty_reason].append(pk)
    for reason, ids in of_reason.items():
        Digest.objects.filter(pk__in=ids).update(status=Digest.Status.EMPTY, empty_reason=reason, built_at=now)


def to_item(row: ItemRow) -> DigestItem:
    """Turn a row into a model that is not saved."""
    as_json = {"also_in": list(row.also_in), "reasons": [asdict(why) for why in row.reasons]}
    return DigestItem(**row._asdict() | as_json)


def _copied(row: ItemRow) -> tuple[object, ...]:
    """Give a row as COPY takes it: in the order of ITEM_FIELDS, JSON as text."""
    return (*row[:ALSO_IN], _text(row.also_in), row.score, _text(row.reasons), row.note)


def _text(value: Sequence[object]) -> str:
    return orjson.dumps(value).decode() if value else "[]"
