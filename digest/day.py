"""The whole day in this process: index, plan, match, build and deliver all that is due at one moment."""

from collections import Counter
from datetime import datetime

from digest.mail import brake
from digest.mail.alarm import tell_staff
from digest.mail.delivery import deliver, sweep_stuck
from digest.pipeline.build import build, stranded
from digest.pipeline.clock import running_from
from digest.pipeline.index import index_waiting
from digest.pipeline.place import place_waiting
from digest.pipeline.plan import CHUNK, HORIZON_DAYS, plan_due
from digest.pipeline.trending import rank_trending

COUNTS = ("planned", "ready", "empty", "sent", "failed", "unknown", "suppressed", "expired")


def run_day(*, now: datetime, horizon_days: int = HORIZON_DAYS) -> dict[str, int]:
    """Do all that is due at `now`, chunk by chunk, also what an earlier run left behind or died over.

    Returns: how many digests came to each end, by the words in COUNTS. A second call finds nothing to do.
    """
    counts: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
    swept = sweep_stuck(now=now)
    counts.update(sent=swept.sent, unknown=swept.unknown)
    rank_trending(now=now, horizon_days=horizon_days)
    while index_waiting(now=now).more:
        pass
    while place_waiting(now=now).more:
        pass
    while (plan := plan_due(now=now, horizon_days=horizon_days)).readers:
        counts["planned"] += len(plan.digest_ids)
    while (built := build(digest_ids=stranded(planned_before=now, limit=CHUNK), now=now)).total:
        counts.update(ready=built.ready, empty=built.empty)
    brake.watch(now=now)
    _deliver(counts, now)
    tell_staff(now=now)
    return dict(counts)


def _deliver(counts: Counter[str], now: datetime) -> None:
    """Send until nothing is due, or what is left must stay queued for the next run."""
    clock = running_from(now)
    while (sent := deliver(delivery_ids=None, now=now, clock=clock)).total:
        counts.update(sent=sent.sent, failed=sent.failed, unknown=sent.unknown)
        counts.update(suppressed=sent.suppressed, expired=sent.expired)
        if sent.rehearsed:
            counts["rehearsed"] += sent.rehearsed
        if sent.provider_down:
            return
