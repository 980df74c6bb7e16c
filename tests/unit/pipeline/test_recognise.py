"""Entries of a list find their papers among ours: by any of their names, by title and first author, never by guess."""

import pytest
from pytest_django import DjangoAssertNumQueries

from digest.library import Entry
from digest.models import PaperIdentifier
from digest.pipeline.recognise import recognise
from digest.types import Identifier
from tests.builders import make_paper

pytestmark = pytest.mark.django_db
TITLE = "Tea and Its Discontents"


def entry(title: str = "", *authors: str, **names: str) -> Entry:
    identifiers = tuple(Identifier(scheme=scheme, value=value) for scheme, value in names.items())
    return Entry(title=title, authors=authors, identifiers=identifiers)


def titles(*entries: Entry) -> list[str | None]:
    return [found.title if found else None for found in recognise(entries=entries)]


def test_a_paper_is_found_by_any_of_its_names() -> None:
    paper = make_paper(title=TITLE, arxiv="2406.01234")
    PaperIdentifier.objects.create(paper=paper, scheme="doi", value="10.1000/tea")

    [found] = recognise(entries=[entry(pmid="7", doi="10.1000/tea")])

    assert found is not None
    assert (found.title, found.reference) == (TITLE, ("arxiv", "2406.01234"))


def test_a_name_of_another_kind_is_no_match() -> None:
    paper = make_paper(title=TITLE)
    PaperIdentifier.objects.create(paper=paper, scheme="pmid", value="7")

    assert titles(entry(doi="7"), entry(arxiv="2406.99999")) == [None, None]


@pytest.mark.parametrize("author", ["Example, Ada", "A. Example", "ADA EXAMPLE", "Éxample, A"])
def test_a_paper_is_found_by_its_title_and_first_author(author: str) -> None:
    make_paper(title=TITLE, authors=["Ada Example", "Ben Sample"])

    assert titles(entry("tea and its discontents.", author, "Somebody Else")) == [TITLE]


def test_the_same_title_by_another_first_author_is_another_paper() -> None:
    make_paper(title=TITLE, authors=["Ada Example", "Ben Sample"])

    assert titles(entry(TITLE, "Ben Sample"), entry(TITLE, "A. Nother")) == [None, None]


def test_of_two_papers_of_one_title_the_author_decides() -> None:
    make_paper(title=TITLE, arxiv="2406.00001", authors=["Ada Example"])
    make_paper(title=TITLE, arxiv="2406.00002", authors=["Cyd Third"])

    [found] = recognise(entries=[entry(TITLE, "Third, Cyd")])

    assert found is not None
    assert found.reference == ("arxiv", "2406.00002")


def test_a_title_without_an_author_is_believed_when_it_is_long_enough() -> None:
    make_paper(title="Tea and Milk at Five O'Clock", authors=["Ada Example"])
    make_paper(title="On Tea", authors=["Ada Example"])

    assert titles(entry("Tea and Milk at Five O'Clock"), entry("On Tea")) == ["Tea and Milk at Five O'Clock", None]


def test_a_long_list_costs_no_more_queries_than_a_short_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    papers = [make_paper(title=f"Tea number {number} of many", arxiv=f"2406.{number:05}") for number in range(30)]
    entries = [entry(arxiv=f"2406.{number:05}") for number in range(15)]
    entries += [entry(paper.title, "Ada Example") for paper in papers[15:]]

    with django_assert_max_num_queries(4):
        found = titles(*entries)

    assert found == [paper.title for paper in papers]
