"""Why digests are empty, in words that a reader can use."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.models import Digest, IngestRun
from digest.sources import arxiv
from subscriptions.models import InterestProfile

SOURCE_SILENCE = timedelta(days=2)  # a source that failed all this time is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a source: when it began (UTC), and whether it went wrong."""

    source: str
    at: datetime
    failed: bool


def why_empty(*, digests: Sequence[Digest], n_news: Mapping[int, int], interested: Set[int]) -> dict[int, str]:
    """Say why there is nothing to mail in each of these digests, with two queries however many they are.

    `n_news` holds, by digest id, the number of papers that were news for it; `interested` the ids of readers who
    have an interest that is not paused. Returns: by digest id.
    """
    if not digests:
        return {}
    has_profiles = _read_owners(digests)
    readings = _read_readings(digests)
    return {
        digest.pk: _without_interests(digest, has_profiles=digest.subscriber_id in has_profiles)
        if digest.subscriber_id not in interested
        else _without_matches(digest, n_news[digest.pk], readings)
        for digest in digests
    }


def _without_interests(digest: Digest, *, has_profiles: bool) -> str:
    if digest.subscriber.trending:
        return "There were no trending papers that you have not had yet."
    return f"Trending papers are off and {'every interest is paused' if has_profiles else 'there are no interests'}."


def _without_matches(digest: Digest, n_news: int, readings: Sequence[Reading]) -> str:
    if n_news == 1:
        return "The one new paper did not come close enough to your interests."
    if n_news:
        return f"None of the {n_news:,} new papers came close enough to your interests."
    quiet = arxiv.quiet_day(day=digest.digest_date)
    if quiet:
        return quiet
    down = _failing_source(readings, until=digest.window_end)
    if down:
        return f"No new papers came in: {down} could not be read."
    return "No new papers came in since your last digest."


def _failing_source(readings: Sequence[Reading], *, until: datetime) -> str:
    """Name the source that was read last, when no reading of any has gone well for SOURCE_SILENCE."""
    latest = [reading for reading in readings if until - SOURCE_SILENCE < reading.at <= until]
    return latest[-1].source if latest and all(reading.failed for reading in latest) else ""


def _read_owners(digests: Sequence[Digest]) -> set[int]:
    readers = [digest.subscriber_id for digest in digests]
    return set(InterestProfile.objects.filter(subscriber_id__in=readers).values_list("subscriber_id", flat=True))


def _read_readings(digests: Sequence[Digest]) -> list[Reading]:
    """Read every run of the days that the digests are about, the oldest first."""
    ends = [digest.window_end for digest in digests]
    runs = IngestRun.objects.filter(started_at__gt=min(ends) - SOURCE_SILENCE, started_at__lte=max(ends))
    rows = runs.order_by("started_at").values_list("source", "started_at", "error")
    return [Reading(source=source, at=at, failed=bool(error)) for source, at, error in rows]
