"""A site with papers and a reader, and every address that it answers with a page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.urls import URLPattern, reverse

import digest.views.urls
import subscriptions.urls
from digest.models import Delivery, Digest, DigestItem, Paper
from subscriptions.models import OutgoingMail, Subscriber
from subscriptions.tokens import LIFETIMES, make_token
from tests.builders import make_paper, make_profile, make_reader

TOPICS = ("gravity", "coral", "grammar", "cranes", "glass", "rivers", "bells", "sheep", "lichen", "tides", "clouds")
ROUTES: list[URLPattern] = [*subscriptions.urls.urlpatterns, *digest.views.urls.urlpatterns]
NO_PAGES = frozenset(
    {"healthz", "robots", "sitemap_index", "sitemap_part", "inbox", "inbox_mail", "inbox_html", "cite"}
)


def papers_of_today() -> list[Paper]:
    """Save a paper on each topic, all of them trending, the first with everything that a paper can have."""
    seen = datetime.now(UTC) - timedelta(hours=2)
    first = make_paper(
        title=r"State space models at $10^{-4}$ of the cost",
        links={"code": "https://code.example/s", "project": "https://project.example/"},
        trending_score=99.0,
        trending_note="118 upvotes on Hugging Face",
        signals={"huggingface_upvotes": 118},
        seen=seen,
    )
    others = [
        make_paper(title=f"On {topic}", abstract=f"We study {topic}.", seen=seen, trending_score=number + 1.0)
        for number, topic in enumerate(TOPICS)
    ]
    return [first, *others]


def reader_with_digest(papers: list[Paper]) -> Subscriber:
    """Save a reader with an interest, whose digest of today was sent."""
    reader = make_reader(email="ada@example.org", has_feed=True)
    make_profile(reader=reader, keywords=["state space model"], likes=["2606.99999"])
    at = datetime.now(UTC)
    row = Digest.objects.create(
        subscriber=reader, digest_date=at.date(), window_start=at - timedelta(days=1), window_end=at,
        horizon_days=7, planned_at=at, status=Digest.Status.READY,
    )  # fmt: skip
    reasons = [
        {"kind": "keyword", "term": "state space", "share": 0.7},
        {"kind": "author", "term": "Ada", "share": 0.3},
    ]
    for place, paper in enumerate(papers[:3]):
        DigestItem.objects.create(
            digest=row, subscriber=reader, paper=paper, section="matched", position=place, reasons=reasons
        )
    Delivery.objects.create(digest=row, status=Delivery.Status.SENT, created_at=at, sent_at=at)
    return reader


def addresses(*, reader: Subscriber) -> Iterator[str]:
    """Give an address of every page, with the token that opens it where it takes one."""
    at = datetime.now(UTC)
    mail = OutgoingMail.objects.create(
        subscriber=reader, kind="change", to="countess@example.org", not_before=at, created_at=at
    )
    item = DigestItem.objects.filter(subscriber=reader).earliest("pk")
    extras = {"view": str(item.digest_id), "change": str(mail.pk), "feedback": str(item.pk)}
    tokens = [make_token(purpose=name, subscriber=reader, extra=extras.get(name, "")) for name in LIFETIMES]
    known = {
        "profile_id": reader.profiles.get().pk, "paper_id": item.paper_id, "period": "week", "year": at.year,
        "month": at.month, "day": at.date().isoformat(), "code": "cs.CL",
    }  # fmt: skip
    for route in ROUTES:
        wanted = set(route.pattern.converters)
        if route.name in NO_PAGES or not wanted <= {"token", *known}:
            continue
        for token in tokens if "token" in wanted else [""]:
            yield reverse(str(route.name), kwargs={name: known.get(name, token) for name in wanted})
