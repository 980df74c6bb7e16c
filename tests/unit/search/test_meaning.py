"""Search and likeness where an encoder serves."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from digest.models import EncoderState, Paper, PaperVector
from digest.pipeline.encoding import load_encoder
from digest.search import Asked, find, similar
from digest.search.index import file_papers
from digest.vectors import pack
from tests.builders import NOW
from tests.encoders import MODEL, FakeLoader

pytestmark = pytest.mark.django_db
SPACE = f"{MODEL}@1"


@pytest.fixture
def serving(loader: FakeLoader) -> FakeLoader:
    """An encoder that serves."""
    EncoderState.objects.create(encoder=SPACE, status="serving", dimensions=8, changed_at=NOW)
    return loader


def put(paper: Paper, row: Sequence[float]) -> Paper:
    """Store a paper's vector."""
    matrix = np.zeros((1, 8), dtype=np.float32)
    matrix[0, : len(row)] = row
    PaperVector.objects.create(paper=paper, encoder=SPACE, vector=pack(matrix=matrix)[0], text_key="", made_at=NOW)
    return paper


def titles(text: str) -> list[str]:
    return [paper.title for paper in find(asked=Asked(text=text), now=NOW).papers]


def test_near_papers_without_the_word_come_after_those_that_hold_it(
    serving: FakeLoader, make_paper: Callable[..., Paper]
) -> None:
    put(make_paper(title="Quokka"), [1.0])
    put(make_paper(title="Small marsupial"), [0.9, 0.4])
    put(make_paper(title="Far away"), [0.0, 1.0])

    assert titles("quokka") == ["Quokka", "Small marsupial"]
    assert titles("quokka -far") == ["Quokka"]
    assert titles("quokka cat:cs.CL") == ["Quokka"]


def test_no_page_loads_a_model_and_one_that_is_loaded_reads_what_was_typed(
    serving: FakeLoader, make_paper: Callable[..., Paper]
) -> None:
    row = serving.encoder.encode(texts=["quokka"])[0].tolist()
    put(make_paper(title="What it means"), row)

    before = titles("quokka")
    loads = serving.loads
    load_encoder()

    assert (before, loads) == ([], 0)
    assert titles("quokka") == ["What it means"]


def test_without_an_encoder_words_alone_are_asked_and_no_vector_is_read(
    make_paper: Callable[..., Paper], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put(make_paper(title="Quokka"), [1.0])
    put(make_paper(title="Small marsupial"), [1.0])

    assert titles("quokka") == ["Quokka"]


def test_papers_are_alike_by_two_words_of_the_title_and_then_by_one_in_the_same_category(
    make_paper: Callable[..., Paper],
) -> None:
    about = make_paper(title="Sparse attention for marsupials", abstract="Pouches, and pouches again.")
    make_paper(title="Attention of marsupials", categories=["math.NT"], submitted_at=NOW - timedelta(days=700))
    make_paper(title="Sparse things", submitted_at=NOW)
    make_paper(title="On pouches", submitted_at=NOW - timedelta(days=1))
    make_paper(title="Sparse numbers", categories=["math.NT"])
    make_paper(title="Else")

    alike = [paper.title for paper in similar(paper=about, most=5, now=NOW)]

    assert alike[0] == "Attention of marsupials"
    assert sorted(alike[1:]) == ["On pouches", "Sparse things"]
    assert similar(paper=make_paper(title="The", abstract=""), most=5, now=NOW) == ()


def test_papers_are_alike_by_meaning_where_an_encoder_serves(
    serving: FakeLoader, make_paper: Callable[..., Paper]
) -> None:
    about = put(make_paper(title="Quokka"), [1.0])
    put(make_paper(title="Small marsupial"), [0.9, 0.4])
    put(make_paper(title="Far away"), [0.0, 1.0])
    gone = put(make_paper(title="Withdrawn"), [1.0])
    gone.withdrawn = True
    gone.save()
    file_papers(papers=[gone])

    assert [paper.title for paper in similar(paper=about, most=5, now=NOW)] == ["Small marsupial"]
