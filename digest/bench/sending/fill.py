"""Invented papers and readers -> ready digests of ten papers whose mails wait for a far day, by COPY."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from digest.bench.invent import InventedPaper, World
from digest.models import Delivery, Digest, DigestItem, Paper, PaperIdentifier
from digest.pipeline.copying import copy_rows
from subscriptions.models import InterestProfile, Subscriber

PAPERS = 1_000  # a day's
ITEMS, TRENDING = 10, 2  # of a digest, the last of them trending
BATCH = 5_000  # readers
FAR = timedelta(days=365)


def fill(*, readers: int, now: datetime) -> None:
    """Write papers, readers, their digests of ten papers, and a queued delivery each that waits until called up."""
    world = World()
    papers, _, subjects = world.papers(number=PAPERS)
    _write_papers(papers, now)
    by_subject: dict[int, list[int]] = {}
    for number, subject in enumerate(subjects.tolist(), start=1):
        by_subject.setdefault(subject % 20, []).append(number)
    for start in range(0, readers, BATCH):
        numbers = range(start + 1, min(start + BATCH, readers) + 1)
        _write_readers(numbers, now)
        _write_digests(numbers, now)
        rows = (row for number in numbers for row in _items(number, papers, by_subject[number % 20]))
        copy_rows(model=DigestItem, fields=ITEM_FIELDS, rows=rows)
    with connection.cursor() as cursor:
        for statement in ("ANALYZE", "CHECKPOINT"):
            cursor.execute(statement)


def call_up(*, most: int) -> list[UUID]:
    """Let the next mails go as soon as a sweep finds them. Returns: their ids."""
    waiting = Delivery.objects.filter(status=Delivery.Status.QUEUED, retry_at__isnull=False)
    ids = list(waiting.order_by("digest_id").values_list("pk", flat=True)[:most])
    Delivery.objects.filter(pk__in=ids).update(retry_at=None, created_at=datetime.now(UTC))
    return ids


ITEM_FIELDS = ["digest", "subscriber", "paper", "section", "position", "profile_name", "reasons", "note"]


def _items(reader: int, papers: Sequence[InventedPaper], own: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Choose from a reader's subjects a run of papers, and the day's most popular ones."""
    matched = [own[(reader // 20 + step) % len(own)] for step in range(ITEMS - TRENDING)]
    for position, number in enumerate(matched):
        words = papers[number - 1].abstract.split()
        term = " ".join(words[reader % 90 : reader % 90 + 2])  # each reader has other reasons
        reasons = [
            {"kind": "keyword", "term": term, "share": 0.6},
            {"kind": "category", "term": papers[number - 1].categories[0], "share": 0.4},
        ]
        yield (reader, reader, number, "matched", position, "", json.dumps(reasons), "")
    for position, number in enumerate([each for each in range(1, 7) if each not in matched][:TRENDING]):
        yield (reader, reader, number, "trending", position, "", "[]", f"{300 - number} upvotes on Hugging Face")


def _write_papers(papers: Sequence[InventedPaper], now: datetime) -> None:
    copy_rows(
        model=Paper,
        fields=["id", "title", "abstract", "authors", "categories", "primary_category", "source", "first_seen_at"],
        rows=[
            (
                number,
                paper.title,
                paper.abstract,
                json.dumps([{"name": name, "affiliations": [], "is_group": False} for name in paper.authors]),
                json.dumps(paper.categories),
                paper.categories[0],
                "bench",
                now,
            )
            for number, paper in enumerate(papers, start=1)
        ],
    )
    rows = [(number, "arxiv", f"2606.{number:05d}") for number in range(1, len(papers) + 1)]
    copy_rows(model=PaperIdentifier, fields=["paper", "scheme", "value"], rows=rows)


def _write_readers(numbers: Sequence[int], now: datetime) -> None:
    fields = ["id", "email", "email_normalised", "address_key", "status", "next_digest_at", "digested_until"]
    copy_rows(
        model=Subscriber,
        fields=[*fields, "created_at", "confirmed_at", "public_id"],
        rows=[
            (
                number,
                *[f"reader{number}@example.org"] * 2,
                f"{number:064x}",
                Subscriber.Status.ACTIVE.value,
                now + timedelta(days=1),
                now,
                now,
                now,
                f"00000000-0000-4000-8000-{number:012x}",
            )
            for number in numbers
        ],
    )
    copy_rows(
        model=InterestProfile,
        fields=["id", "subscriber", "name", "created_at", "updated_at"],
        rows=[(number, number, "Interest", now, now) for number in numbers],
    )


def _write_digests(numbers: Sequence[int], now: datetime) -> None:
    fields = ["id", "subscriber", "digest_date", "status", "window_start", "window_end", "horizon_days", "planned_at"]
    copy_rows(
        model=Digest,
        fields=[*fields, "built_at"],
        rows=[
            (number, number, now.date(), Digest.Status.READY.value, now - timedelta(days=1), now, 7, now, now)
            for number in numbers
        ],
    )
    copy_rows(
        model=Delivery,
        fields=["id", "digest", "status", "created_at", "retry_at"],
        rows=[
            (f"{number:08x}-0000-4000-8000-{number:012x}", number, Delivery.Status.QUEUED.value, now, now + FAR)
            for number in numbers
        ],
    )
