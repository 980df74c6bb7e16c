"""The whole of matching: scale, thresholds, ties, bad input, and that order changes nothing."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.matching import match
from digest.types import Match, PaperDoc, ProfileDoc
from tests.unit.matching.samples import a_paper, a_profile, found, matches, ordinary_papers, terms, text_of

PAPERS = [
    a_paper(1, "Sundials", "Shadows and gnomons.", authors=("Ada Beispiel",)),
    a_paper(2, "Gnomons", "Not a sundial in sight.", categories=("math.AG", "cs.CL")),
    a_paper(3, "On building bridges", "Rivers and bees."),
    a_paper(4, "", "", authors=(), categories=()),
    a_paper(5, "日晷的影子", "我们测量日晷。"),
    a_paper(6, "A survey of sundials", "Shadows, everywhere."),
]
PROFILES = [
    a_profile(1, keywords=["sundial", "gnomon"], exclude=["survey"]),
    a_profile(2, authors=["A. Beispiel"], categories=["cs.CL"], pickiness="broad"),
    a_profile(3, description="shadows of sundials"),
    a_profile(4, liked=[a_paper(90, "Sundials", "Shadows and dials.")], disliked=[PAPERS[2]], pickiness="broad"),
    a_profile(5, keywords=["日晷", "bees"]),
    a_profile(6, categories=["math"]),
    a_profile(7),
]
ORDINARY = ordinary_papers(30)


def run(profiles: list[ProfileDoc], papers: list[PaperDoc], background: list[PaperDoc]) -> list[Match]:
    return match(profiles=profiles, papers=papers, background=background, eligible=None, top_k=4)


@settings(max_examples=12, deadline=None)
@given(profiles=st.permutations(PROFILES), papers=st.permutations(PAPERS), background=st.permutations(ORDINARY))
def test_the_order_of_profiles_and_papers_changes_nothing(
    profiles: list[ProfileDoc], papers: list[PaperDoc], background: list[PaperDoc]
) -> None:
    expected = {one.id: [m for m in run(PROFILES, PAPERS, ORDINARY) if m.profile_id == one.id] for one in profiles}

    shuffled = run(profiles, papers, background)

    assert shuffled == [one for profile in profiles for one in expected[profile.id]]


@settings(max_examples=12, deadline=None)
@given(others=st.lists(st.sampled_from(PROFILES), unique=True))
def test_what_others_ask_for_changes_nothing_for_a_reader(others: list[ProfileDoc]) -> None:
    alone = run([a_profile(77, keywords=["sundial"], description="shadows of bees")], PAPERS, ORDINARY)

    together = run([*others, a_profile(77, keywords=["sundial"], description="shadows of bees")], PAPERS, ORDINARY)

    assert [one for one in together if one.profile_id == 77] == alone


WORDS = st.sampled_from(
    [
        *("sundial", "bees", "the", "", "survey", "日晷", '"of bees"', "C++", "state space model", "cs.CL"),
        *("building bridge", "Counted", "glass harbour", "MAPS", "gnomonic", "mea-suring"),
    ]
)
WISHES = st.builds(
    a_profile,
    number=st.integers(1, 9),
    keywords=st.lists(WORDS, max_size=4),
    exclude=st.lists(WORDS, max_size=2),
    authors=st.lists(st.sampled_from(["A. Beispiel", "Beispiel", "", "..."]), max_size=2),
    categories=st.lists(st.sampled_from(["cs.CL", "math", "", "nonsense"]), max_size=2),
    description=st.lists(WORDS, max_size=5).map(" ".join),
    liked=st.lists(st.sampled_from(PAPERS), max_size=2),
    disliked=st.lists(st.sampled_from(PAPERS), max_size=2),
    pickiness=st.sampled_from(["broad", "balanced", "picky", "unheard of"]),
)


@settings(max_examples=100, deadline=None)
@given(profile=WISHES, background=st.sampled_from([0, 1, 3, 60]), copies=st.integers(1, 2))
def test_whatever_is_asked_scores_are_finite_shares_add_up_and_the_best_comes_first(
    profile: ProfileDoc, background: int, copies: int
) -> None:
    chosen = run([profile], PAPERS * copies, ordinary_papers(background) if background else [])

    assert np.isfinite([one.score for one in chosen]).all()
    assert all(one.score > 0 and one.reasons for one in chosen)
    assert [one.score for one in chosen] == sorted((one.score for one in chosen), reverse=True)
    assert all(sum(reason.share for reason in one.reasons) == pytest.approx(1.0) for one in chosen)
    assert all(reason.term and 0 < reason.share <= 1 for one in chosen for reason in one.reasons)
    assert len({one.paper_id for one in chosen}) == len(chosen)


@settings(max_examples=60, deadline=None)
@given(profile=WISHES)
def test_an_excluded_word_never_comes_through(profile: ProfileDoc) -> None:
    chosen = run([profile], PAPERS, ordinary_papers(20))

    barred = {"survey": {6}, "sundial": {1, 2, 6}, "bees": {3}, "日晷": {5}, "cs.CL": {1, 2, 3, 5, 6}}
    assert not {one.paper_id for one in chosen} & set().union(*(barred.get(word, set()) for word in profile.exclude))


LIKED = [a_paper(90, "Sundials in gardens", "Shadows and dials."), a_paper(91, "Shadows", "Gnomons and sundials.")]
ASKED_AND_SPARED = {
    "one of two keywords": ({"keywords": ["sundial", "gnomon"]}, {"keywords": ["sundial"]}),
    "a keyword that every paper holds": ({"keywords": ["sundial", "of"], "description": "on"}, {"keywords": []}),
    "a scattered phrase": ({"keywords": ["sundial", "gardens of shadows"]}, {"keywords": ["sundial"]}),
    "an author": ({"keywords": ["sundial"], "authors": ["A. Beispiel"]}, {"authors": []}),
    "the category": ({"keywords": ["sundial"], "categories": ["cs.CL"]}, {"categories": []}),
    "one of two categories": ({"categories": ["cs.CL", "math.AG"]}, {"categories": ["cs.CL"]}),
    "the description": ({"keywords": ["sundial"], "description": "shadows over gardens"}, {"description": ""}),
    "a word of the description": ({"description": "shadows over gardens"}, {"description": "over gardens"}),
    "the liked papers": ({"keywords": ["sundial"], "liked": LIKED}, {"liked": []}),
    "all but the keyword": (
        {"keywords": ["sundial"], "liked": LIKED, "description": "shadows", "categories": ["cs.CL"]},
        {"liked": [], "description": "", "categories": []},
    ),
}


@pytest.mark.parametrize(("asked", "spared"), ASKED_AND_SPARED.values(), ids=list(ASKED_AND_SPARED))
@pytest.mark.parametrize("size", [0, 3, 30, 120])
def test_take_a_reason_away_and_the_score_falls(asked: dict[str, Any], spared: dict[str, Any], size: int) -> None:
    paper = a_paper(
        1, "Sundials and gnomons", "Shadows in gardens.", authors=("Ada Beispiel",), categories=("cs.CL", "math.AG")
    )
    background = [*ordinary_papers(size), paper]

    with_it = matches(a_profile(**{"pickiness": "broad", **asked}), paper, background=background)
    without = matches(a_profile(**{"pickiness": "broad", **asked, **spared}), paper, background=background)

    assert with_it
    assert sum(one.score for one in without) < with_it[0].score


def test_the_words_that_are_named_are_those_of_the_liked_paper_without_which_the_score_falls() -> None:
    paper = a_paper(1, "Sundials and gnomons", "Shadows in gardens.")
    near, far = LIKED[0], a_paper(92, "Bees and looms", "Counting rivers.")

    (both,) = matches(a_profile(liked=[near, far], pickiness="broad"), paper)
    (only_near,) = matches(a_profile(liked=[near], pickiness="broad"), paper)

    assert terms(both) == terms(only_near) == {("words", word) for word in ("Sundials", "Shadows", "gardens")}
    assert found(a_profile(liked=[far], pickiness="broad"), paper) == []


@settings(max_examples=100, deadline=None)
@given(profile=WISHES)
def test_whatever_word_is_named_stands_in_the_paper_letter_by_letter(profile: ProfileDoc) -> None:
    papers = {paper.id: paper for paper in (*PAPERS, *ordinary_papers(20))}

    chosen = run([profile], list(papers.values()), [])

    assert all(
        reason.term.casefold() in text_of(papers[one.paper_id])
        for one in chosen
        for reason in one.reasons
        if reason.kind in {"keyword", "description", "words"}
    )


def test_equal_scores_go_by_the_papers_id() -> None:
    papers = [a_paper(number, "Sundials") for number in (7, 3, 9, 5)]

    assert found(a_profile(keywords=["sundial"]), *papers, top_k=3) == [3, 5, 7]


def test_at_most_top_k_papers_are_chosen_for_each_profile() -> None:
    papers = [a_paper(number, "Sundials") for number in range(1, 20)]

    chosen = match(
        profiles=[a_profile(1, keywords=["sundial"]), a_profile(2, categories=["cs"])],
        papers=papers,
        background=[],
        eligible=None,
        top_k=2,
    )

    assert [(one.profile_id, one.paper_id) for one in chosen] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_paper_that_is_not_eligible_leaves_its_place_to_the_next() -> None:
    papers = [a_paper(3, "Sundials, sundials"), a_paper(1, "Sundials")]

    chosen = found(a_profile(keywords=["sundial"]), *papers, eligible=np.array([[False, True]]), top_k=1)

    assert chosen == [1]


@pytest.mark.parametrize("top_k", [0, -1])
def test_nobody_asks_for_less_than_one_paper(top_k: int) -> None:
    assert found(a_profile(keywords=["sundial"]), *PAPERS, top_k=top_k) == []


def test_without_profiles_or_papers_there_is_nothing_to_match() -> None:
    assert match(profiles=[], papers=PAPERS, background=[], eligible=None, top_k=3) == []
    assert match(profiles=PROFILES, papers=[], background=PAPERS, eligible=None, top_k=3) == []


def test_an_interest_that_says_nothing_matches_nothing() -> None:
    assert found(a_profile(pickiness="broad"), *PAPERS) == []


def test_a_paper_given_twice_is_sent_once() -> None:
    assert found(a_profile(keywords=["sundial"], exclude=["survey"]), *PAPERS, *PAPERS) == [1, 2]


def test_identical_papers_are_equally_good() -> None:
    papers = [a_paper(number, "Sundials", "Shadows of gnomons.") for number in range(1, 6)]
    wish = a_profile(keywords=["gnomon"], description="the shadows of sundials", liked=[a_paper(9, "Sundials")])

    chosen = matches(wish, *papers, background=papers)

    assert [one.paper_id for one in chosen] == [1, 2, 3, 4, 5]
    assert len({one.score for one in chosen}) == 1


def test_a_paper_without_text_can_still_match_by_its_author_and_category() -> None:
    bare = a_paper(1, "", "", authors=("Ada Beispiel",), categories=("cs.CL",))

    (one,) = matches(a_profile(authors=["A. Beispiel"], categories=["cs.CL"]), bare)

    assert terms(one) == {("author", "A. Beispiel"), ("category", "cs.CL")}


def test_a_huge_abstract_is_read_up_to_its_limit_and_no_better_for_its_length() -> None:
    short = a_paper(1, "Sundials", "Shadows of gnomons in gardens.")
    huge = a_paper(2, "Sundials", "Shadows of gnomons in gardens. " + "And other matters entirely. " * 40_000)

    chosen = found(a_profile(liked=[a_paper(9, "Sundials", "Gnomons, gardens and shadows.")]), huge, short)

    assert chosen[0] == 1


def test_all_papers_being_the_background_is_as_good_as_none_being_it() -> None:
    assert matches(PROFILES[0], *PAPERS, background=PAPERS) == matches(PROFILES[0], *PAPERS, background=[])


def test_a_thousand_profiles_and_a_thousand_papers_take_seconds_of_one_core() -> None:
    papers = ordinary_papers(1_000)
    profiles = [
        a_profile(
            number, keywords=[f"case {number}", "bees", "looms"], categories=["cs.CL"], description="rivers of bees"
        )
        for number in range(1_000)
    ]
    before = time.process_time()

    chosen = match(profiles=profiles, papers=papers, background=papers, eligible=None, top_k=10)

    assert len(chosen) == 10_000
    assert time.process_time() - before < 10  # one to two here; ten leaves room for a slow machine
