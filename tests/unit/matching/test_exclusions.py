"""Exclusions are hard rules."""

from typing import Any

import pytest

from tests.unit.matching.samples import a_paper, a_profile, found

CLEAN = a_paper(1, "Sundials", "They cast shadows.", categories=("cs.CL",))


@pytest.mark.parametrize(
    ("exclude", "title", "abstract"),
    [
        ("survey", "Sundials: a Survey", ""),
        ("survey", "Sundials", "Many surveys exist."),
        ("case study", "Sundials", "A case-study of three."),
        ("case-study", "Sundials", "We present case studies."),
        ('"case study"', "Sundials", "Case study."),
        ("naive", "Sundials", "A naïve view."),
        ("综述", "Sundials", "这是一篇综述。"),
    ],
)
def test_an_excluded_word_anywhere_drops_the_paper(exclude: str, title: str, abstract: str) -> None:
    dropped = a_paper(2, title, abstract)

    assert found(a_profile(keywords=["sundial"], exclude=[exclude]), CLEAN, dropped) == [1]


@pytest.mark.parametrize("exclude", ["case study", "shadow play", "cast iron", "sun", "the", "", "…"])
def test_a_paper_without_the_excluded_phrase_stays(exclude: str) -> None:
    paper = a_paper(1, "Sundials", "In this case they cast shadows; a study.")

    assert found(a_profile(keywords=["sundial"], exclude=[exclude]), paper) == [1]


@pytest.mark.parametrize(("exclude", "left"), [("cs.CV", [1]), ("cs", []), ("CS.cv", [1]), ("stat", [1, 2])])
def test_an_excluded_category_drops_its_papers_by_cross_listing_too(exclude: str, left: list[int]) -> None:
    crossed = a_paper(2, "Sundials", categories=("cs.GR", "cs.CV"))

    assert found(a_profile(keywords=["sundial"], exclude=[exclude]), CLEAN, crossed) == left


def test_an_exclusion_is_stronger_than_everything_that_speaks_for_the_paper() -> None:
    paper = a_paper(1, "Sundials, gnomons and shadows", "A survey.", authors=("Ada Beispiel",))
    wishes: dict[str, Any] = {
        "keywords": ["sundial", "gnomon", "shadow"],
        "authors": ["Ada Beispiel"],
        "categories": ["cs.CL"],
    }

    assert found(a_profile(**wishes), paper) == [1]
    assert found(a_profile(**wishes, exclude=["survey"]), paper) == []


def test_a_reader_with_exclusions_alone_is_sent_nothing() -> None:
    assert found(a_profile(exclude=["survey", "cs.CV"], pickiness="broad"), CLEAN) == []
