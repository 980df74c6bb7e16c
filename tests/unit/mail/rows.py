"""Saved digests on their way to a reader."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from digest.models import Delivery, Digest, DigestItem, Paper
from subscriptions.models import Subscriber
from tests.builders import NOW, delivery_fields, make_paper, make_reader

TODAY = NOW.date()


def make_delivery(
    *,
    reader: Subscriber | None = None,
    papers: Sequence[Paper] | None = None,
    trending: Sequence[Paper] = (),
    day: date = TODAY,
    empty_reason: str = "",
    **fields: Any,
) -> Delivery:
    """Save a built digest and its queued delivery; one new paper unless a test names others."""
    reader = reader or make_reader()
    digest = Digest.objects.create(
        subscriber=reader,
        digest_date=day,
        status=Digest.Status.EMPTY if empty_reason else Digest.Status.READY,
        empty_reason=empty_reason,
        window_start=NOW - timedelta(days=1),
        window_end=NOW,
        horizon_days=7,
        planned_at=NOW,
        built_at=NOW,
    )
    matched = ([] if empty_reason else [make_paper()]) if papers is None else list(papers)
    for section, group in (("matched", matched), ("trending", trending)):
        for position, paper in enumerate(group):
            make_item(digest=digest, paper=paper, section=section, position=position)
    return Delivery.objects.create(digest=digest, **delivery_fields(**fields))


def make_item(*, digest: Digest, paper: Paper, section: str, position: int, **fields: Any) -> DigestItem:
    """Save a paper of a digest."""
    return DigestItem.objects.create(
        digest=digest,
        subscriber=digest.subscriber,
        paper=paper,
        section=section,
        position=position,
        note="12 upvotes on Hugging Face" if section == "trending" else "",
        **fields,
    )
