"""A whole day as production runs it: beat and a worker, PostgreSQL and Redis, sources on loopback, mails in files."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.models import Delivery, Paper
from tests import source_server
from tests.builders import make_reader
from tests.mailbox import Mailbox, body
from tests.payloads import api_entry, api_feed, hf_list, hf_paper, oai_error
from tests.servers import Program
from tests.source_server import Answer, Request, SourceServer
from tests.waiting import until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TITLE = "Reefs at dusk"
OF_THE_COMMUNITY = "2606.01234"


def answer(request: Request) -> Answer:
    """Answer as arXiv and Hugging Face do on an ordinary morning: one new paper, and one that a community likes."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    if request.path == "/api/daily_papers":
        is_today = request.params["date"] == f"{datetime.now(UTC):%Y-%m-%d}"
        listed = hf_paper(paper=OF_THE_COMMUNITY, upvotes=118, day=request.params["date"])
        return Answer(body=hf_list(listed) if is_today else hf_list())
    if request.path == "/api/query":
        at = f"{yesterday:%Y-%m-%dT%H:%M:%SZ}"
        entry = api_entry(paper="2606.00001v1", title=TITLE, published=at, updated=at)
        return Answer(body=api_feed(entry))
    return Answer(body=oai_error(code="noRecordsMatch"))


@pytest.fixture
def sources() -> Iterator[dict[str, str]]:
    """The variables that lead a worker to sources on this machine."""
    with source_server.running() as running:
        server: SourceServer = running
        server.answers(answer)
        yield {
            "ARXIV_CATEGORIES": "cs.CL",
            "ARXIV_RSS_URL": server.address,
            "ARXIV_API_URL": f"{server.address}/api/query",
            "ARXIV_OAI_URL": f"{server.address}/oai",
            "HUGGINGFACE_URL": server.address,
        }


@pytest.fixture
def morning(
    sources: dict[str, str],
    mailbox: Mailbox,
    celery_worker_process: Callable[..., Program],
    celery_beat_process: Callable[..., Program],
) -> Mailbox:
    """Worker and beat run until the sources have been read and the papers ranked."""
    celery_worker_process(concurrency=2, **sources)
    celery_beat_process(**sources)
    until(lambda: Paper.objects.filter(title=TITLE).exists(), what="the new paper", timeout_s=120)
    until(lambda: Paper.objects.filter(trending_score__gt=0).exists(), what="the trending paper", timeout_s=120)
    return mailbox


def due_reader(**interest: Any) -> str:
    """Save a reader whose hour has just come. Returns: their address."""
    now = datetime.now(UTC)
    reader = make_reader(
        profiles=[interest] if interest else [], next_digest_at=now, digested_until=now - timedelta(days=1)
    )
    return reader.email


def test_papers_come_in_and_each_reader_gets_theirs_once(morning: Mailbox) -> None:
    divers, everybody = due_reader(keywords=["reefs"], categories=["cs.CL"]), due_reader()

    until(lambda: Delivery.objects.filter(status=Delivery.Status.SENT).count() == 2, what="both digests", timeout_s=120)

    matched, trending = (morning.only(to=email) for email in (divers, everybody))
    assert "matches “reefs”" in body(matched)
    assert "118 upvotes on Hugging Face" in body(trending)
    assert TITLE not in body(trending)
