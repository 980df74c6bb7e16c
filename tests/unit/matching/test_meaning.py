"""What papers mean: likeness to examples and to the reader's words, however they are worded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching import match, score, stand
from digest.matching._landscape import read_vectors, survey
from digest.matching.meaning import PAPER, WISH
from digest.types import FloatMatrix, Match, PaperDoc, ProfileDoc
from digest.vectors import pack
from tests.unit.matching.samples import a_paper, a_profile

D = 16
TOPICS = np.random.default_rng(7).normal(size=(8, D))
NAN = np.full(D, np.nan, dtype="<f2").tobytes()


def a_vector(topic: int, *, seed: int, apart: float = 0.5) -> bytes:
    """A vector near a topic; the same seed is the same vector."""
    near = TOPICS[topic] + apart * np.random.default_rng(seed).normal(size=D)
    return pack(matrix=np.asarray(near / np.linalg.norm(near), dtype=np.float32)[None])[0]


def meant(number: int, topic: int, **fields: Any) -> PaperDoc:
    return replace(a_paper(number, f"Paper {number}"), vector=a_vector(topic, seed=number), **fields)


BACKGROUND = [meant(1_000 + number, number % 8) for number in range(200)]


def found(profile: ProfileDoc, *papers: PaperDoc) -> list[Match]:
    return match(profiles=[profile], papers=papers, background=BACKGROUND, eligible=None, top_k=10)


def scores(*profiles: ProfileDoc, papers: Sequence[PaperDoc]) -> FloatMatrix:
    return score(profiles=profiles, papers=papers, background=BACKGROUND)


def test_a_paper_on_the_topic_of_the_liked_ones_is_found_though_it_shares_no_word_with_them() -> None:
    reader = a_profile(liked=[meant(1, 3), meant(2, 3)])

    chosen = found(reader, meant(10, 3), meant(11, 5))

    assert [one.paper_id for one in chosen] == [10]
    assert {reason.kind for reason in chosen[0].reasons} == {PAPER}


def test_what_the_reader_typed_finds_papers_by_what_it_means() -> None:
    reader = a_profile(keywords=["sundials"], wish=a_vector(2, seed=1))

    (chosen,) = found(reader, meant(10, 2), meant(11, 6))

    assert (chosen.paper_id, [(reason.kind, reason.term) for reason in chosen.reasons]) == (10, [(WISH, "sundials")])


def test_a_followed_author_lifts_a_paper_above_those_that_are_only_as_near() -> None:
    reader = a_profile(liked=[meant(1, 3), meant(2, 3)], authors=["Ada Beispiel"])
    same = meant(10, 3)
    papers = [same, replace(same, id=11, authors=("Ada Beispiel",)), replace(same, id=12, authors=("Ben Sample",))]

    nobody, followed, another = scores(reader, papers=papers)[0]

    assert followed - nobody == pytest.approx(1.1, abs=0.2)
    assert another == nobody


def test_a_surname_alone_lifts_a_paper_less_than_a_name_in_full() -> None:
    in_full, surname = (a_profile(liked=[meant(1, 3)], authors=[name]) for name in ("Ada Beispiel", "Beispiel"))
    same = meant(10, 3)

    lifted = scores(in_full, surname, papers=[same, replace(same, id=11, authors=("Ada Beispiel",))])

    by_full, by_surname = np.diff(lifted, axis=1)[:, 0]
    assert 0 < by_surname < by_full / 2


def test_a_named_word_is_shown_whatever_the_paper_means() -> None:
    reader = a_profile(keywords=["sundials"], liked=[meant(1, 2)])

    chosen = found(reader, replace(meant(10, 6), title="Sundials"))

    assert [one.paper_id for one in chosen] == [10]


def test_of_papers_that_a_named_word_lifts_the_one_that_holds_more_of_what_was_named_comes_first() -> None:
    reader = a_profile(keywords=["sundials", "gnomons"], liked=[meant(1, 2)])
    one, both = replace(meant(10, 6), title="Sundials"), replace(meant(11, 6), title="Sundials and gnomons")

    chosen = found(reader, one, both)

    assert [each.paper_id for each in chosen] == [11, 10]
    assert [{reason.term for reason in each.reasons} for each in chosen] == [{"sundials", "gnomons"}, {"sundials"}]


NAMED: dict[str, Any] = {"keywords": ("sundials", "gnomons"), "authors": ("Ada Beispiel",), "categories": ("math.CO",)}
ALL_NAMED: dict[str, Any] = {"title": "Sundials and gnomons", "authors": ("Ada Beispiel",), "categories": ("math.CO",)}


@pytest.mark.parametrize("topic", [3, 6], ids=["near what is liked", "far from it"])
@pytest.mark.parametrize(("part", "term"), [(part, term) for part, terms in NAMED.items() for term in terms])
def test_without_what_was_named_the_score_falls_beside_meaning_too(part: str, term: str, topic: int) -> None:
    reader = a_profile(**NAMED, liked=(meant(1, 3), meant(2, 3)))
    paper = replace(meant(10, topic), **ALL_NAMED)
    (chosen,) = found(reader, paper)
    fewer: dict[str, Any] = {part: tuple(other for other in NAMED[part] if other != term)}

    without = scores(replace(reader, **fewer), papers=[paper])[0, 0]

    assert without < chosen.score
    if topic == 6 and part != "categories":  # lifted by what was named; a category is too small a part to be told
        assert term in {reason.term for reason in chosen.reasons}


@pytest.mark.parametrize("number", range(3))
def test_without_the_liked_paper_that_is_named_the_score_falls(number: int) -> None:
    reader = a_profile(liked=[meant(1, 3), meant(2, 3), meant(3, 3), meant(4, 5)], pickiness="broad")
    paper = meant(10, 3)
    (chosen,) = found(reader, paper)
    named = [liked for liked in reader.liked if liked.title in {reason.term for reason in chosen.reasons}]
    assert len(named) > number

    without = replace(reader, liked=tuple(other for other in reader.liked if other is not named[number]))

    assert scores(without, papers=[paper])[0, 0] < chosen.score


def test_without_what_was_typed_the_score_of_a_paper_that_is_near_to_it_falls() -> None:
    reader = a_profile(liked=[meant(1, 3)], description="plugh", wish=a_vector(3, seed=99), pickiness="broad")
    paper = meant(10, 3)
    (chosen,) = found(reader, paper)
    assert WISH in {reason.kind for reason in chosen.reasons}

    without = replace(reader, wish=a_vector(5, seed=99))

    assert scores(without, papers=[paper])[0, 0] < chosen.score


def test_a_long_title_is_shortened_between_two_words() -> None:
    liked = replace(meant(1, 3), title="Sundials " + "and gnomons " * 20)

    (chosen,) = found(a_profile(liked=[liked]), meant(10, 3))

    assert chosen.reasons[0].term == "Sundials and gnomons and gnomons and gnomons and gnomons …"


def test_of_papers_that_mean_the_same_the_one_in_the_words_of_many_liked_papers_comes_first() -> None:
    liked = [replace(meant(number, 3), title=f"Antique sundials {number}") for number in range(20)]
    same = meant(100, 3)
    papers = [replace(same, title="Water clocks"), replace(same, id=101, title="Antique sundials")]

    other_words, own_words = scores(a_profile(liked=liked), papers=papers)[0]

    assert own_words > other_words


def test_the_more_papers_are_liked_the_more_their_words_count_beside_what_they_mean() -> None:
    liked = [replace(meant(number, 3), title="Antique sundials") for number in range(60)]
    same = meant(100, 3)
    papers = [replace(same, title="Water clocks"), replace(same, id=101, title="Antique sundials")]

    gains = [np.diff(scores(a_profile(liked=liked[:number]), papers=papers)[0]) for number in (1, 10, 20, 60)]

    assert 0 < gains[0] < gains[1] < gains[2]
    assert gains[3] == pytest.approx(gains[2], abs=0.01)


def test_without_the_words_that_are_named_the_score_falls() -> None:
    reader = a_profile(keywords=["sundials"], wish=a_vector(2, seed=1), liked=[meant(1, 4)])
    paper = meant(10, 2)

    with_words, without = scores(reader, replace(reader, keywords=(), wish=b""), papers=[paper])[:, 0]

    assert without < with_words


def test_an_unwanted_paper_pushes_its_like_down_and_is_no_match_by_itself() -> None:
    reader = a_profile(liked=[meant(1, 3), meant(2, 5)])
    unwanted = replace(reader, disliked=(meant(3, 5),))

    before, after = scores(reader, unwanted, papers=[meant(10, 5)])[:, 0]

    assert after < before
    assert found(a_profile(disliked=[meant(3, 5)], pickiness="broad"), meant(10, 5), meant(11, 2)) == []


def test_a_faded_like_counts_less_than_a_fresh_one() -> None:
    old, new = meant(1, 3), meant(2, 5)
    reader = a_profile(liked=[old, new], liked_weights=[0.1, 1.0])

    like_the_old, like_the_new = scores(reader, papers=[meant(10, 3), meant(11, 5)])[0]

    assert like_the_new > like_the_old


def test_a_stored_stand_scores_as_the_examples_that_it_was_made_of() -> None:
    reader = a_profile(
        liked=[replace(meant(1, 3), abstract="Antique sundials."), meant(2, 4)],
        disliked=[replace(meant(3, 5), abstract="Sundials for sale.")],
        liked_weights=[1.0, 0.5],
        wish=a_vector(2, seed=1),
    )
    papers = [replace(meant(number, number % 8), title="Antique sundials") for number in range(10, 30)]

    standing = stand(profile=reader)
    named_only = replace(reader, standing=standing, liked=tuple(replace(liked, abstract="") for liked in reader.liked))
    plain, stored = scores(reader, named_only, papers=papers)

    assert standing.terms
    np.testing.assert_allclose(stored, plain, atol=2e-4)


@pytest.mark.parametrize("damaged", [b"", b"\x00", bytes(2 * D), NAN, bytes(2 * D + 2)])
def test_a_vector_that_is_damaged_says_nothing_and_hurts_nobody(damaged: bytes) -> None:
    reader = a_profile(liked=[meant(1, 3), replace(meant(2, 3), vector=damaged)], wish=damaged)
    alone = a_profile(liked=[meant(1, 3)])
    papers = [meant(10, 3), replace(meant(11, 3), vector=damaged)]

    with_damage, without = scores(reader, alone, papers=papers)

    np.testing.assert_array_equal(with_damage, without)
    assert with_damage[1] == 0


def test_papers_that_all_mean_the_same_all_score_the_same() -> None:
    same = [replace(meant(number, 3), vector=a_vector(3, seed=1)) for number in range(10, 15)]

    scored = score(profiles=[a_profile(liked=[meant(1, 3)])], papers=same, background=same)

    assert np.isfinite(scored).all()
    assert len(set(scored[0].tolist())) == 1


def test_no_background_and_one_paper_are_a_landscape_too() -> None:
    for vectors in (np.zeros((0, D), np.float32), np.ones((1, D), np.float32)):
        landscape = survey(vectors)

        assert np.isfinite(landscape.turn(np.ones((2, D), np.float32))).all()
        assert (landscape.variances > 0).all()


def test_reading_vectors_tells_which_can_be_used() -> None:
    vectors, usable = read_vectors([a_vector(1, seed=1), NAN, b"", bytes(2 * D)], dimensions=D)

    assert usable.tolist() == [True, False, False, False]
    assert not vectors[1:].any()


LIBRARIES = st.lists(st.integers(0, 60), min_size=1, max_size=25, unique=True)


@given(library=LIBRARIES, number=st.integers(100, 200), topic=st.integers(0, 7))
def test_a_liked_paper_never_lowers_its_own_near_duplicate(library: list[int], number: int, topic: int) -> None:
    liked = [meant(each, each % 8) for each in library]
    paper = meant(number, topic)
    duplicate = replace(meant(number + 1_000_000, topic), vector=paper.vector)

    before, after = scores(a_profile(liked=liked), a_profile(liked=[*liked, paper]), papers=[duplicate])[:, 0]

    assert after >= before - 1e-3


@given(
    order=st.permutations(range(12)),
    readers=st.permutations(range(4)),
)
def test_the_order_of_papers_and_readers_changes_no_score(order: list[int], readers: list[int]) -> None:
    papers = [meant(10 + number, number % 8) for number in range(12)]
    profiles = [a_profile(number, liked=[meant(number, number), meant(number + 4, 7)]) for number in range(4)]
    plain = scores(*profiles, papers=papers)

    mixed = scores(*(profiles[row] for row in readers), papers=[papers[column] for column in order])

    np.testing.assert_allclose(mixed, plain[np.ix_(readers, order)], atol=2e-4)


@given(term=st.sampled_from(["sundials", "bees", "cs.CL"]))
def test_what_is_excluded_never_appears_however_near_it_is(term: str) -> None:
    paper = replace(meant(10, 3), title="Sundials and bees", categories=("cs.CL",))

    assert found(a_profile(liked=[meant(1, 3)], exclude=[term], pickiness="broad"), paper) == []
