"""Categories: a hint beside other wishes, the wish itself where there is no other."""

from typing import Any

import pytest

from digest.matching._arxiv import canonical, is_category
from tests.unit.matching.samples import a_paper, a_profile, found, matches, ordinary_papers, terms

PRIMARY = a_paper(1, categories=("cs.CL", "cs.AI"))
CROSS_LISTED = a_paper(2, categories=("stat.ML", "cs.CL"))
ELSEWHERE = a_paper(3, categories=("math.AG",))


@pytest.mark.parametrize("pickiness", ["broad", "balanced", "picky"])
@pytest.mark.parametrize("share", [0.01, 0.5, 1.0])
def test_categories_alone_pass_every_paper_of_them_whatever_their_share(pickiness: str, share: float) -> None:
    papers = [a_paper(n, categories=("cs.CL",) if n <= share * 100 else ("math.AG",)) for n in range(1, 101)]

    chosen = found(a_profile(categories=["cs.CL"], pickiness=pickiness), *papers, background=papers, top_k=100)

    assert len(chosen) == share * 100


def test_the_primary_category_goes_before_a_cross_listing() -> None:
    assert found(a_profile(categories=["cs.CL"]), CROSS_LISTED, PRIMARY, ELSEWHERE) == [1, 2]


def test_a_paper_in_several_of_the_readers_categories_goes_first() -> None:
    assert found(a_profile(categories=["cs.CL", "stat.ML"]), PRIMARY, CROSS_LISTED) == [2, 1]


def test_an_archive_takes_all_its_subject_classes() -> None:
    assert found(a_profile(categories=["cs"]), PRIMARY, CROSS_LISTED, ELSEWHERE) == [1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("math.MP", "math-ph"),
        ("stat.TH", "math.ST"),
        ("math.IT", "cs.IT"),
        ("q-fin.EC", "econ.GN"),
        ("cs.SY", "eess.SY"),
        ("cs.NA", "math.NA"),
        ("CS.cl", "cs.CL"),
        ("cmp-lg", "cs.CL"),
    ],
)
def test_two_codes_of_one_category_are_one_whichever_is_asked_for(one: str, other: str) -> None:
    assert found(a_profile(categories=[one]), a_paper(1, categories=(other,))) == [1]
    assert found(a_profile(categories=[other]), a_paper(1, categories=(one,))) == [1]


@pytest.mark.parametrize("archive", ["cs", "math"])
@pytest.mark.parametrize("printed", ["cs.NA", "math.NA"])
def test_a_paper_with_two_codes_is_in_both_archives_whichever_is_printed(archive: str, printed: str) -> None:
    assert found(a_profile(categories=[archive]), a_paper(1, categories=(printed,))) == [1]


def test_beside_a_keyword_a_category_alone_is_enough_only_for_a_broad_interest() -> None:
    wishes: dict[str, Any] = {"categories": ["cs.CL"], "keywords": ["sundial"]}

    assert found(a_profile(**wishes), PRIMARY, CROSS_LISTED) == []
    assert found(a_profile(**wishes, pickiness="broad"), PRIMARY, CROSS_LISTED, ELSEWHERE) == [1, 2]


def test_however_many_categories_a_paper_shares_they_stay_a_hint() -> None:
    paper = a_paper(1, categories=("cs.CL", "cs.AI", "cs.LG", "stat.ML", "cs.IR"))

    assert found(a_profile(categories=list(paper.categories), keywords=["sundial"]), paper) == []


def test_a_category_decides_between_two_papers_with_the_same_keyword() -> None:
    outside, inside = a_paper(1, "Sundials", categories=("math.AG",)), a_paper(2, "Sundials")

    assert found(a_profile(categories=["cs.CL"], keywords=["sundial"]), outside, inside) == [2, 1]


def test_the_category_is_named_as_the_reader_wrote_it() -> None:
    (match,) = matches(a_profile(categories=["math.MP"]), a_paper(1, categories=("math-ph",)))

    assert terms(match) == {("category", "math.MP")}


def test_unknown_and_blank_categories_match_nothing() -> None:
    assert found(a_profile(categories=["", "xx.YY"]), PRIMARY, *ordinary_papers(10)) == []


@pytest.mark.parametrize(
    "text", ["cs.CV", "cs", "hep-th", "cond-mat.str-el", "cs.*", " Math.AG ", "alg-geom", "math.MP"]
)
def test_codes_are_told_from_words(text: str) -> None:
    assert is_category(text)


@pytest.mark.parametrize("text", ["survey", "e.g.", "cs CV", "node.js", "", "cs.", "cs.C1", "node.*"])
def test_words_are_told_from_codes(text: str) -> None:
    assert not is_category(text)


def test_a_code_has_one_spelling() -> None:
    assert canonical(" Math.MP ") == canonical("math-ph")
