"""A reader with a digest that was sent, one that was empty, and an outbox with their mails."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.urls import reverse

from digest.models import Delivery, Digest, DigestItem, Paper
from subscriptions.models import Subscriber
from subscriptions.tokens import make_token
from tests.builders import NOW

CONFIRM_MAIL = b"""From: Postprint <digest@example.org>\r
To: grace@example.org\r
Subject: Please confirm\r
Date: Tue, 09 Jun 2026 08:00:00 +0000\r
Message-ID: <1@example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
Open http://localhost:8000/confirm/x/\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
<!doctype html><html><head><title>Confirm</title></head><body><a href="/confirm/x/">Confirm</a></body></html>\r
--b--\r
"""
MAIL_NAME = "20260609T080000000000Z-1.eml"


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader(email="ada@example.org")


@pytest.fixture
def papers(make_paper: Callable[..., Paper]) -> list[Paper]:
    return [
        make_paper(title=r"Bounds of $10^{-4}$", arxiv="2606.00001", abstract="We bound it. " * 80),
        make_paper(title="A trending paper", arxiv="2606.00002"),
    ]


@pytest.fixture
def sent_digest(reader: Subscriber, papers: list[Paper]) -> Digest:
    digest = make_digest(reader=reader, days_ago=0, status=Digest.Status.READY)
    reasons = [{"kind": "keyword", "term": "bounds", "share": 1.0}]
    DigestItem.objects.create(
        digest=digest, subscriber=reader, paper=papers[0], section="matched", position=0, reasons=reasons
    )
    DigestItem.objects.create(
        digest=digest,
        subscriber=reader,
        paper=papers[1],
        section="trending",
        position=0,
        note="118 upvotes on Hugging Face",
    )
    Delivery.objects.create(digest=digest, status=Delivery.Status.SENT, created_at=NOW, sent_at=NOW)
    return digest


@pytest.fixture
def empty_digest(reader: Subscriber) -> Digest:
    return make_digest(reader=reader, days_ago=1, status=Digest.Status.EMPTY, empty_reason="arXiv rests on Sundays.")


def make_digest(*, reader: Subscriber, days_ago: int, **fields: object) -> Digest:
    """Save a digest of the reader's, so many days before NOW."""
    at = NOW - timedelta(days=days_ago)
    return Digest.objects.create(
        subscriber=reader,
        digest_date=at.date(),
        window_start=at - timedelta(days=1),
        window_end=at,
        horizon_days=7,
        planned_at=at,
        **fields,
    )


def link(name: str, *, reader: Subscriber, purpose: str = "manage", extra: object = "") -> str:
    """Give the path of a page behind a reader's link."""
    return reverse(name, args=[make_token(purpose=purpose, subscriber=reader, extra=str(extra))])


@pytest.fixture
def outbox(settings: LazySettings, tmp_path: Path) -> Path:
    """The demo's folder with one mail in it."""
    settings.DEMO, settings.EMAIL_PROVIDER, settings.EMAIL_FILE_DIR = True, "file", str(tmp_path)
    (tmp_path / MAIL_NAME).write_bytes(CONFIRM_MAIL)
    return tmp_path
