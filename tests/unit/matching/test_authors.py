"""Authors that a reader follows."""

import pytest

from tests.unit.matching.samples import a_paper, a_profile, found, matches, terms

HERS = a_paper(1, authors=("Ben Sample", "Ada Beispiel"))
OTHERS = a_paper(2, authors=("Alan Beispielsen", "Ben Sample"))


@pytest.mark.parametrize("pickiness", ["balanced", "picky"])
@pytest.mark.parametrize("name", ["A. Beispiel", "Ada Beispiel", "Beispiel, Ada"])
def test_a_followed_author_is_reason_enough_even_for_a_picky_interest(name: str, pickiness: str) -> None:
    assert found(a_profile(authors=[name], pickiness=pickiness), HERS, OTHERS) == [1]


def test_a_surname_alone_is_worth_a_keyword() -> None:
    (full,) = matches(a_profile(authors=["A. Beispiel"]), HERS)
    (bare,) = matches(a_profile(authors=["Beispiel"]), HERS)

    assert bare.score < full.score


def test_the_author_is_named_as_the_reader_wrote_it() -> None:
    (match,) = matches(a_profile(authors=["  A.  Beispiel "]), HERS)

    assert terms(match) == {("author", "A. Beispiel")}


def test_two_namesakes_on_one_paper_count_once() -> None:
    twice = a_paper(1, authors=("Ada Beispiel", "Anton Beispiel"))

    (one,) = matches(a_profile(authors=["A. Beispiel"]), HERS)
    (two,) = matches(a_profile(authors=["A. Beispiel"]), twice)

    assert one.score == two.score


def test_a_collaboration_can_be_followed() -> None:
    paper = a_paper(1, authors=("The LANTERN Collaboration", "Ben Sample"))

    assert found(a_profile(authors=["LANTERN"]), paper, OTHERS) == [1]


@pytest.mark.parametrize("authors", [[""], ["..."], ["Nemo"]])
def test_nobody_matches_nothing(authors: list[str]) -> None:
    assert found(a_profile(authors=authors), HERS, OTHERS) == []


def test_a_paper_without_authors_is_nobodys() -> None:
    assert found(a_profile(authors=["A. Beispiel"]), a_paper(1, authors=())) == []
