"""Readable builders over the real models: a test names what matters to it, the rest is ordinary."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from digest.models import Delivery, FittedTaste, Paper, PaperIdentifier, PaperSignal
from digest.search.index import file_papers
from subscriptions.addresses import parse_address
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
"""A Tuesday."""

_numbers = itertools.count(1)


def make_paper(
    *,
    title: str = "",
    arxiv: str = "",
    abstract: str = "We study an invented question and answer it.",
    authors: Sequence[str] = ("Ada Example", "Ben Sample"),
    categories: Sequence[str] = ("cs.CL",),
    seen: datetime = NOW - timedelta(hours=6),
    signals: Mapping[str, float] | None = None,
    **fields: Any,
) -> Paper:
    """Save and file a paper first seen six hours before NOW, submitted a day before that, with its arXiv identifier."""
    number = next(_numbers)
    paper = Paper.objects.create(
        title=title or f"Invented paper {number}",
        abstract=abstract,
        authors=[{"name": name, "affiliations": [], "is_group": False} for name in authors],
        categories=list(categories),
        primary_category=categories[0] if categories else "",
        **{
            "first_seen_at": seen,
            "submitted_at": seen - timedelta(days=1),
            "announced_on": seen.date(),
            "latest_version": 1,
            "source": "arxiv",
            **fields,
        },
    )
    PaperIdentifier.objects.create(paper=paper, scheme="arxiv", value=arxiv or f"2606.{number:05d}")
    for kind, value in (signals or {}).items():
        PaperSignal.objects.create(paper=paper, kind=kind, day=seen.date(), value=value)
    file_papers(papers=[paper])
    return paper


def make_reader(
    *,
    email: str = "",
    profiles: Sequence[Mapping[str, Any]] = (),
    created: datetime = NOW - timedelta(days=30),
    **fields: Any,
) -> Subscriber:
    """Save a confirmed reader whose hour has come at NOW; each of `profiles` goes to make_profile."""
    address = parse_address(email or f"reader{next(_numbers)}@example.org")
    reader = Subscriber.objects.create(
        email=address.email,
        email_normalised=address.normalised,
        address_key=address.key,
        created_at=created,
        **{
            "status": Subscriber.Status.ACTIVE,
            "confirmed_at": created,
            "next_digest_at": NOW,
            "digested_until": NOW - timedelta(days=1),
            **fields,
        },
    )
    for profile in profiles:
        make_profile(reader=reader, **profile)
    return reader


def make_profile(*, reader: Subscriber, likes: Sequence[str] = (), **fields: Any) -> InterestProfile:
    """Save an interest of a reader; `likes` are arXiv ids of example papers."""
    fields = {"name": f"Interest {next(_numbers)}", "created_at": NOW, "updated_at": NOW, **fields}
    profile = InterestProfile.objects.create(subscriber=reader, **fields)
    for value in likes:
        LibraryPaper.objects.create(profile=profile, scheme="arxiv", value=value, added_at=NOW)
    return profile


def make_taste(**fields: Any) -> FittedTaste:
    """Save the row of a taste map, without a map."""
    counts = {"dimensions": 72, "n_readers": 412, "n_likes": 9120, "n_judged": 100}
    scores = {"score_before": 0.2, "score_after": 0.3, "fitted_at": NOW, "changed_at": NOW}
    return FittedTaste.objects.create(**{"payload": b"", **counts, **scores, **fields})


def delivery_fields(**fields: Any) -> dict[str, Any]:
    """Complete a delivery's fields: no row is SENDING without a claim, or SENT without a moment."""
    moments = {Delivery.Status.SENDING: {"claimed_at": NOW}, Delivery.Status.SENT: {"sent_at": NOW}}
    return {"created_at": NOW, **moments.get(fields.get("status", Delivery.Status.QUEUED), {}), **fields}
