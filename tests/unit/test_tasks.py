"""The tasks of the pipeline call one service each, and ring for what comes next."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from digest import tasks
from digest.models import Paper, PaperVector
from digest.pipeline.index import CHUNK
from digest.pipeline.library import IDS
from digest.search import index
from subscriptions import doorbell
from subscriptions.models import LibraryPaper
from tests import source_server
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.encoders import FakeLoader
from tests.payloads import api_feed
from tests.source_server import RATE_EXCEEDED, SourceServer

pytestmark = pytest.mark.django_db(transaction=True)
RING = ("digest.tasks.look_up_library", ())


@pytest.fixture
def server(settings: LazySettings) -> Iterator[SourceServer]:
    doorbell._rung.clear()  # what other tests rang
    with source_server.running() as running:
        settings.SOURCES = {"arxiv": {"api_url": f"{running.address}/api/query"}}
        running.answers(api_feed())
        yield running
    doorbell._rung.clear()


def name(*, papers: int) -> None:
    make_profile(reader=make_reader(), likes=[f"1904.{number:05d}" for number in range(papers)])


@pytest.mark.parametrize(("papers", "rung"), [(IDS, [RING]), (IDS - 1, [])], ids=["a full request", "one less"])
def test_a_full_request_rings_for_the_next_one(
    server: SourceServer, papers: int, rung: list[tuple[str, tuple[object, ...]]]
) -> None:
    name(papers=papers)

    tasks.look_up_library()

    assert (list(doorbell._rung), len(server.requests)) == (rung, 1)


def test_a_look_up_that_broke_off_waits_for_beat(server: SourceServer) -> None:
    server.answers(RATE_EXCEEDED)
    name(papers=IDS)

    tasks.look_up_library()

    assert list(doorbell._rung) == []


def test_papers_that_we_have_are_named_without_asking_anybody(server: SourceServer) -> None:
    make_paper(arxiv="1904.00000", title="Here already")
    name(papers=1)

    tasks.name_library()

    assert (LibraryPaper.objects.get().title, server.requests) == ("Here already", [])


@pytest.mark.parametrize(("papers", "rung"), [(CHUNK, True), (CHUNK - 1, False)], ids=["a full chunk", "one less"])
def test_a_full_chunk_of_papers_rings_for_the_next_one(
    server: SourceServer, loader: FakeLoader, papers: int, rung: bool
) -> None:
    Paper.objects.bulk_create(
        Paper(title=f"Paper {number}", first_seen_at=NOW, source="arxiv") for number in range(papers)
    )

    tasks.index_papers()

    assert list(doorbell._rung) == ([("digest.tasks.index_papers", ())] if rung else [])
    assert PaperVector.objects.count() == papers


@pytest.mark.parametrize("papers", [index.CHUNK - 1, index.CHUNK])
def test_a_full_chunk_of_papers_that_search_does_not_know_rings_for_the_next_one(papers: int) -> None:
    doorbell._rung.clear()  # what other tests rang
    Paper.objects.bulk_create(
        Paper(title=f"Paper {number}", first_seen_at=NOW, source="arxiv") for number in range(papers)
    )

    tasks.file_papers()

    assert list(doorbell._rung) == ([("digest.tasks.file_papers", ())] if papers == index.CHUNK else [])
    assert Paper.objects.filter(words=None).count() == 0


def test_without_an_encoder_the_index_rings_for_nothing(server: SourceServer) -> None:
    make_paper()

    tasks.index_papers()
    tasks.tidy_vectors()

    assert (list(doorbell._rung), PaperVector.objects.count()) == ([], 0)


def test_where_nothing_was_learnt_no_paper_is_placed() -> None:
    doorbell._rung.clear()  # what other tests rang

    tasks.fit_taste()

    assert list(doorbell._rung) == []
