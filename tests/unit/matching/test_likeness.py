"""Descriptions and example papers: likeness of text."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from digest.matching._likeness import lay_out
from digest.matching._space import read_papers
from tests.unit.matching.samples import a_paper, a_profile, found, matches, ordinary_papers, terms

WISH = "I am interested in sundials and gnomons, especially the shadows of antique clocks"
NEAR = a_paper(1, "Shadows of a gnomon", "Antique sundials are read by their shadows.")
HALF_WAY = a_paper(2, "Antique furniture", "Clocks and chairs.")
FAR = a_paper(3, "Interesting results", "We are especially interested in a general approach.")

LIKED = a_paper(51, "Sundials of the antique world", "Gnomons cast shadows on sundials.")
LIKED_TOO = a_paper(52, "Water clocks", "Antique clocks drip, gnomons do not.")
UNWANTED = a_paper(53, "Sundials for sale", "Buy gnomons, sundials and shadows at a discount.")


def test_the_paper_that_shares_the_most_telling_words_comes_first() -> None:
    assert found(a_profile(description=WISH), FAR, HALF_WAY, NEAR)[0] == 1


def test_the_words_around_an_interest_say_nothing() -> None:
    assert 3 not in found(a_profile(description=WISH, pickiness="broad"), FAR, HALF_WAY, NEAR)


def test_the_words_that_count_are_named_as_they_stand_in_the_paper() -> None:
    (match,) = matches(a_profile(description=WISH), NEAR)

    assert terms(match) == {("description", word) for word in ("sundials", "gnomon", "shadows", "antique")}
    assert {reason.asked for reason in match.reasons} == {""}  # a plural is no other word


@pytest.mark.parametrize("text", ["Canals have them.", "Of locks, locks and locks: locks."])
def test_a_single_word_of_a_long_description_is_not_enough_however_often_it_is_said(text: str) -> None:
    wish = "bronze sundials, brass gnomons, copper hinges, iron locks, silver keys, pewter plates and tin whistles"

    assert found(a_profile(description=wish), a_paper(1, "Locks", text)) == []


@pytest.mark.parametrize("filler", ["longer effects", "studied with new methods", "results over time", "case by case"])
def test_the_words_of_every_abstract_are_no_reason(filler: str) -> None:
    paper = a_paper(1, "Longer effects", "We study new methods; results over time, case by case, on sundials.")

    (match,) = matches(a_profile(description=f"sundials and {filler}", pickiness="broad"), paper)

    assert terms(match) == {("description", "sundials")}


def test_a_word_of_every_fifth_paper_is_no_reason_in_free_text() -> None:
    papers = [a_paper(n, "Of looms" if n % 4 == 0 else "Of rivers", f"case {n}") for n in range(1, 101)]
    paper = a_paper(200, "Of looms", "and sundials")

    (match,) = matches(a_profile(description="looms and sundials", pickiness="broad"), paper, background=papers)

    assert terms(match) == {("description", "sundials")}


@pytest.mark.parametrize("description", ["", "   ", "the of and", "I am interested in new papers", "…"])
def test_a_description_that_says_nothing_matches_nothing(description: str) -> None:
    assert found(a_profile(description=description, pickiness="broad"), *ordinary_papers(20)) == []


def test_a_liked_paper_draws_its_like() -> None:
    assert found(a_profile(liked=[LIKED], pickiness="broad"), FAR, NEAR)[0] == 1


def test_the_words_in_common_are_named_as_they_stand_in_the_new_paper() -> None:
    (match,) = matches(a_profile(liked=[LIKED]), NEAR)

    assert terms(match) == {("words", word) for word in ("sundials", "gnomon", "Shadows", "Antique")}


def test_a_pair_of_words_in_common_is_named_as_one() -> None:
    liked = a_paper(51, "Sea ice", "Sea ice melts.")

    (match,) = matches(a_profile(liked=[liked], pickiness="broad"), a_paper(1, "Albedo of sea-ice", "Bright."))

    assert ("words", "sea-ice") in terms(match)


def test_without_a_word_that_is_named_the_score_falls() -> None:
    library = [LIKED, LIKED_TOO]
    (match,) = matches(a_profile(liked=library, pickiness="broad"), NEAR)

    for reason in match.reasons:
        word = re.compile(rf"{reason.term.removesuffix('s')}s?", re.IGNORECASE)
        liked = [a_paper(each.id, word.sub("", each.title), word.sub("", each.abstract)) for each in library]
        (without,) = matches(a_profile(liked=liked, pickiness="broad"), NEAR)
        assert without.score < match.score


def test_a_larger_library_is_surer_of_itself() -> None:
    (one,) = matches(a_profile(liked=[LIKED]), NEAR)
    library = [a_paper(60 + number, LIKED.title, f"{LIKED.abstract} {number}") for number in range(6)]
    (six,) = matches(a_profile(liked=library), NEAR)

    assert six.score > one.score


def test_an_unwanted_paper_pushes_its_like_down() -> None:
    (before,) = matches(a_profile(liked=[LIKED]), NEAR)
    (after,) = matches(a_profile(liked=[LIKED], disliked=[UNWANTED], pickiness="broad"), NEAR)

    assert after.score < before.score


def test_an_unwanted_paper_is_never_a_reason() -> None:
    unwanted = a_paper(54, "Clocks for sale", "Buy clocks, and shadows for nothing.")

    (match,) = matches(a_profile(keywords=["sundial", "shadow"], disliked=[unwanted]), NEAR)

    assert terms(match) == {("keyword", "sundial"), ("keyword", "shadow")}


def test_unwanted_papers_alone_match_nothing() -> None:
    assert found(a_profile(disliked=[UNWANTED], pickiness="broad"), NEAR, FAR, *ordinary_papers(10)) == []


def test_an_example_paper_is_no_news_to_its_reader() -> None:
    assert found(a_profile(liked=[LIKED], disliked=[UNWANTED]), LIKED, UNWANTED, NEAR) == [1]


def test_liked_papers_without_text_match_nothing() -> None:
    assert found(a_profile(liked=[a_paper(51, "", "")], pickiness="broad"), NEAR, *ordinary_papers(10)) == []


WEIGHTS = hnp.arrays(np.float32, (30, 8), elements=st.sampled_from([0.0, 0.0, 0.0, 1.0, 0.5, -2.0]))


@given(vectors=WEIGHTS, queries=WEIGHTS)
def test_common_and_rare_terms_multiply_to_what_all_of_them_do(vectors: np.ndarray, queries: np.ndarray) -> None:
    papers = read_papers(papers=ordinary_papers(30), background=())
    rows = sparse.csr_array(queries)

    texts = lay_out(vectors=sparse.csr_array(vectors), papers=papers)
    found = texts.papers.multiply(rows, by_common=queries[:, texts.common])

    np.testing.assert_allclose(found, queries @ vectors.T, atol=1e-5)
