"""What a record may change in a paper. Pure: drafts and records in, the draft changed, nothing read or written.

A newer version wins; within a version the cleaner format wins, then the later reading. What loses only fills
blanks, and None never overwrites. A record that was merged before is not merged again, so the order of readings
and their repetition change nothing.
"""

from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from hashlib import blake2b
from typing import Any

from digest.models import Paper
from digest.pipeline.drafts import Draft
from digest.types import PaperRecord

MARKS_KEPT = 32
"""Readings of one paper that are remembered; a paper is read a few times in its life."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_TEXTS = ("title", "abstract", "licence", "comments", "journal_ref")


def merge(*, draft: Draft, record: PaperRecord) -> None:
    """Merge a record into a draft, unless the same record was merged before."""
    _merge_signals(draft, record)
    mark = mark_of(record=record)
    if mark not in draft.paper.merged_records:
        _merge_metadata(draft, record)
        draft.paper.merged_records = [*draft.paper.merged_records, mark][-MARKS_KEPT:]


def absorb(*, draft: Draft, other: Draft) -> None:
    """Take another draft in that turned out to be the same paper: fill blanks, keep the earlier first sight."""
    for name in (*_TEXTS, "authors", "categories", "primary_category", "submitted_at", "announced_on", "updated_at"):
        if not getattr(draft.paper, name):
            setattr(draft.paper, name, getattr(other.paper, name))
    draft.paper.links = other.paper.links | draft.paper.links
    draft.paper.first_seen_at = min(draft.paper.first_seen_at, other.paper.first_seen_at)
    draft.identifiers |= other.identifiers
    draft.versions = other.versions | draft.versions
    draft.paper.latest_version = max(draft.versions, default=draft.paper.latest_version)
    draft.paper.withdrawn = draft.paper.withdrawn or other.paper.withdrawn
    for key, value in other.signals.items():
        draft.signals[key] = max(value, draft.signals.get(key, value))
    draft.absorbed.append(other)


def mark_of(*, record: PaperRecord) -> str:
    """Give a short digest of what a record says of a paper; counts and the source's name are left out."""
    said = repr(replace(record, source="", signals=(), counted_on=None, links=dict(sorted(record.links.items()))))
    return blake2b(said.encode(errors="replace"), digest_size=6).hexdigest()


def _merge_metadata(draft: Draft, record: PaperRecord) -> None:
    paper = draft.paper
    age = _compared(record, paper)
    wins = age > 0 or (age == 0 and _cleanness(record) >= (paper.metadata_rank, paper.metadata_as_of or _NEVER))
    if age >= 0:
        _merge_withdrawal(paper, record, is_newer=age > 0)
    _merge_versions(draft, record)
    _merge_fields(paper, record, wins=wins)
    if wins:
        paper.metadata_rank, paper.metadata_as_of = record.rank, record.as_of


def _compared(record: PaperRecord, paper: Paper) -> int:
    """Say whether the record speaks of a newer (1), an older (-1) or the same version (0) as the paper.

    Days are compared before numbers, since some formats date a version without numbering it, and by the day,
    since some know no hour.
    """
    if record.updated_at and paper.updated_at and record.updated_at.date() != paper.updated_at.date():
        return 1 if record.updated_at > paper.updated_at else -1
    number = max((version.number for version in record.versions), default=None)
    if number is None or paper.latest_version is None or number == paper.latest_version:
        return 0
    return 1 if number > paper.latest_version else -1


def _cleanness(record: PaperRecord) -> tuple[int, datetime]:
    return record.rank, record.as_of or _NEVER


def _merge_fields(paper: Paper, record: PaperRecord, *, wins: bool) -> None:
    said: dict[str, Any] = {name: getattr(record, name) for name in _TEXTS}
    said["authors"] = [_plain(asdict(author)) for author in record.authors or ()]
    said["categories"] = list(record.categories or ())
    said["primary_category"] = record.categories[0] if record.categories else None
    for name, value in said.items():
        if value and (wins or not getattr(paper, name)):
            setattr(paper, name, value)
    for name in ("submitted_at", "updated_at"):
        setattr(paper, name, _better_time(getattr(paper, name), getattr(record, name), wins=wins))
    if record.announced_on:
        paper.announced_on = min(record.announced_on, paper.announced_on or record.announced_on)
    links = dict(record.links)
    paper.links = paper.links | links if wins else links | paper.links


def _plain(author: dict[str, Any]) -> dict[str, Any]:
    return author | {"affiliations": list(author["affiliations"])}


def _better_time(known: datetime | None, said: datetime | None, *, wins: bool) -> datetime | None:
    """Choose between two times of the same event; on the same day, the one that knows the hour."""
    if known is None or said is None:
        return known or said
    if known.date() == said.date():
        return said if known.time() == time.min else known
    return said if wins else known


def _merge_versions(draft: Draft, record: PaperRecord) -> None:
    for version in record.versions:
        known = draft.versions.get(version.number)
        draft.versions[version.number] = _better_time(known, version.submitted_at, wins=False)
    if draft.versions:
        draft.paper.latest_version = max(draft.versions)


def _merge_withdrawal(paper: Paper, record: PaperRecord, *, is_newer: bool) -> None:
    """Believe a source's flag for its version and those before; believe words where no flag has spoken."""
    if record.withdrawn is None:
        return
    number = max((version.number for version in record.versions), default=paper.latest_version)
    settled = paper.withdrawn_settled_version
    if record.withdrawn_certain:
        paper.withdrawn = record.withdrawn
        paper.withdrawn_settled_version = max(filter(None, (number, settled)), default=None)
    elif is_newer or settled is None or (number is not None and number > settled):
        paper.withdrawn = record.withdrawn


def _merge_signals(draft: Draft, record: PaperRecord) -> None:
    """Keep the highest reading of a day: counts rise, and old bytes read again must not take them back.

    A count that was read later than the day it is listed under is that later day's. Of the listed day it is only
    the best guess where nobody looked that day.
    """
    for signal in record.signals:
        day = max(signal.day, record.counted_on or signal.day)
        draft.signals.setdefault((signal.kind, signal.day), signal.value)
        draft.signals[signal.kind, day] = max(signal.value, draft.signals.get((signal.kind, day), signal.value))
