"""What a page says of a paper that a reader named."""

from typing import Any

import pytest

from subscriptions.library import named_papers
from subscriptions.models import LibraryPaper


def entry(*, pk: int = 1, value: str = "2406.01234", **fields: Any) -> LibraryPaper:
    return LibraryPaper(pk=pk, value=value, **{"scheme": "arxiv", **fields})


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"state": "known", "title": "A title"}, ""),
        ({"state": "waiting"}, "not looked up yet"),
        ({"state": "unknown"}, "arXiv does not know this id"),
        ({"state": "waiting", "scheme": "doi", "value": "10.5555/example"}, "not among our papers yet"),
    ],
)
def test_a_paper_without_a_title_says_why_in_plain_words(fields: dict[str, Any], note: str) -> None:
    (paper,) = named_papers(entries=[entry(**fields)], stance="liked")

    assert paper.note == note


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"state": "known", "value": "math/0309136"}, "https://arxiv.org/abs/math/0309136"),
        ({"scheme": "doi", "value": "10.5555/a<b>"}, "https://doi.org/10.5555/a%3Cb%3E"),
        ({"state": "unknown"}, ""),
        ({"scheme": "other"}, ""),
    ],
    ids=["arXiv", "a DOI", "unknown to arXiv", "another scheme"],
)
def test_a_paper_has_a_link_where_there_is_a_page_for_it(fields: dict[str, Any], url: str) -> None:
    (paper,) = named_papers(entries=[entry(**fields)], stance="liked")

    assert paper.url == url


def test_papers_come_in_the_order_in_which_they_were_named_and_of_one_stance_only() -> None:
    entries = [entry(pk=3, value="c"), entry(pk=1, value="a"), entry(pk=2, value="b", stance="disliked")]

    papers = named_papers(entries=entries, stance="liked")

    assert [paper.value for paper in papers] == ["a", "c"]
