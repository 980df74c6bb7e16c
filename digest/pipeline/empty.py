"""Why a digest is empty, in words that a reader can use."""

from datetime import timedelta

from digest.models import Digest, IngestRun
from digest.sources import arxiv
from subscriptions.models import InterestProfile

SOURCE_SILENCE = timedelta(days=2)  # a source that failed all this time is named


def why_empty(*, digest: Digest, n_news: int, interested: bool) -> str:
    """Say why there is nothing to mail; `n_news` is the number of papers that were news for this digest."""
    if not interested:
        return _without_interests(digest)
    if n_news:
        return _too_far(n_news)
    return _no_news(digest)


def _too_far(n_news: int) -> str:
    if n_news == 1:
        return "The one new paper did not come close enough to your interests."
    return f"None of the {n_news:,} new papers came close enough to your interests."


def _without_interests(digest: Digest) -> str:
    if digest.subscriber.trending:
        return "There were no trending papers that you have not had yet."
    paused = InterestProfile.objects.filter(subscriber_id=digest.subscriber_id).exists()
    return f"Trending papers are off and {'every interest is paused' if paused else 'there are no interests'}."


def _no_news(digest: Digest) -> str:
    quiet = arxiv.quiet_day(day=digest.digest_date)
    if quiet:
        return quiet
    down = _failing_source(digest)
    if down:
        return f"No new papers came in: {down} could not be read."
    return "No new papers came in since your last digest."


def _failing_source(digest: Digest) -> str:
    runs = IngestRun.objects.filter(
        started_at__gt=digest.window_end - SOURCE_SILENCE, started_at__lte=digest.window_end
    )
    if runs.filter(error="").exists():
        return ""
    last = runs.order_by("-started_at").first()
    return last.source if last else ""
