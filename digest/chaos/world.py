"""Invented papers and readers of many zones -> rows; and the list of mails that must come of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from digest.chaos.calendar import ZONES, Timeline, days_due
from digest.models import Paper, PaperIdentifier, PaperSignal
from digest.pipeline.trending import UPVOTES, rank_trending
from subscriptions import schedule
from subscriptions.addresses import parse_address
from subscriptions.models import Cadence, InterestProfile, Subscriber

TOPICS = ("reefs", "glaciers", "beetles", "volcanoes", "orchids", "comets", "sourdough", "lighthouses")
PAPERS = 16  # a day
FOR_EVER = timedelta(days=400)
LONG_AGO = timedelta(days=30)
EVERY_DAY, WORKING_DAYS, WEDNESDAY = frozenset(range(7)), frozenset(range(5)), frozenset({2})
KINDS = {"daily": 0.86, "working days": 0.05, "wednesdays": 0.03, "left": 0.03, "paused": 0.03}
WEEKDAYS = {"daily": EVERY_DAY, "working days": WORKING_DAYS, "wednesdays": WEDNESDAY}
CADENCES = {"working days": Cadence.WEEKDAYS, "wednesdays": Cadence.WEEKLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One invented reader."""

    address: str
    timezone: str
    hour: int
    kind: str
    topic: str


def invent(*, number: int, seed: int, timeline: Timeline) -> list[Reader]:
    """Invent readers, the same for a seed; most want a mail each day, some must get none."""
    draw = random.Random(f"readers {seed}")  # noqa: S311 - to be drawn again, not to be secret
    zones = [draw.choice(ZONES) for _ in range(number)]
    return [
        Reader(
            address=f"reader{place}@example.org",
            timezone=zone,
            hour=draw.choice(timeline.hours(timezone=zone)),
            kind=draw.choices(list(KINDS), list(KINDS.values()))[0],
            topic=draw.choice(TOPICS),
        )
        for place, zone in enumerate(zones, start=1)
    ]


def promised(*, readers: Sequence[Reader], since: datetime, until: datetime) -> dict[tuple[str, date], datetime]:
    """List every mail that is due in a span of time, by address and local day, and when."""
    return {
        (reader.address, day): at
        for reader in readers
        for day, at in days_due(
            timezone=reader.timezone,
            hour=reader.hour,
            weekdays=WEEKDAYS.get(reader.kind, frozenset()),
            since=since,
            until=until,
        ).items()
    }


def save_readers(*, readers: Sequence[Reader], now: datetime) -> None:
    """Write readers down as if they had signed up a month ago; the next slot of each is the product's own reckoning."""
    rows = Subscriber.objects.bulk_create([_row(reader, now) for reader in readers], batch_size=1_000)
    moments = {"created_at": now - LONG_AGO, "updated_at": now - LONG_AGO}
    InterestProfile.objects.bulk_create(
        [
            InterestProfile(subscriber=row, name=reader.topic, keywords=[reader.topic], **moments)
            for row, reader in zip(rows, readers, strict=True)
        ],
        batch_size=1_000,
    )


def _row(reader: Reader, now: datetime) -> Subscriber:
    address = parse_address(reader.address)
    fields: dict[str, Any] = {"cadence": CADENCES.get(reader.kind, Cadence.DAILY)}
    fields["weekdays"] = [min(WEDNESDAY)] if reader.kind == "wednesdays" else []
    if reader.kind == "paused":
        fields["paused_until"] = (now + FOR_EVER).date()
    left = reader.kind == "left"
    days = schedule.delivery_days(cadence=fields["cadence"], weekdays=fields["weekdays"])
    due = schedule.next_slot(after=now, timezone=reader.timezone, hour=reader.hour, days=days)
    return Subscriber(
        email=address.email,
        email_normalised=address.normalised,
        address_key=address.key,
        status=Subscriber.Status.UNSUBSCRIBED if left else Subscriber.Status.ACTIVE,
        timezone=reader.timezone,
        hour=reader.hour,
        next_digest_at=None if left else due,
        digested_until=now - timedelta(days=1),
        created_at=now - LONG_AGO,
        confirmed_at=now - LONG_AGO,
        **fields,
    )


def save_papers(*, day: int, now: datetime) -> None:
    """Write down the papers of one day, seen an hour ago, and rank them."""
    seen = now - timedelta(hours=1)
    for place in range(PAPERS):
        topic = TOPICS[place % len(TOPICS)]
        paper = Paper.objects.create(
            title=f"On {topic}, part {day}.{place}",
            abstract=f"We look at {topic} again, invent a question about {topic}, and answer it.",
            authors=[{"name": "Ada Example", "affiliations": [], "is_group": False}],
            categories=["cs.CL"],
            primary_category="cs.CL",
            source="arxiv",
            first_seen_at=seen,
            submitted_at=seen - timedelta(days=1),
            announced_on=seen.date(),
            latest_version=1,
        )
        PaperIdentifier.objects.create(paper=paper, scheme="arxiv", value=f"26{day:02d}.{place:05d}")
        PaperSignal.objects.create(paper=paper, kind=UPVOTES, day=seen.date(), value=20 + place)
    rank_trending(now=now)
