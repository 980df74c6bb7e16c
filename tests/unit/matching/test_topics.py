"""What a reader could exclude who does not want a paper's topic: telling, harmless to what they like, and counted."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching._topics import MOST_PROPOSALS, Proposal, propose_exclusions
from digest.types import PaperDoc
from tests.unit.matching.samples import a_paper, a_profile, matches, ordinary_papers

UNWANTED = a_paper(
    1,
    "Protein folding with graph networks",
    "Protein folding is hard. We fold a protein with graph networks, and show that folding can be fast.",
    categories=("q-bio.BM", "cs.LG"),
)
LIKE_IT = [
    a_paper(2, "Protein folding in the cold", "A protein rests.", categories=("q-bio.BM",)),
    a_paper(3, "On membranes", "Protein folding, once more.", categories=("q-bio.BM",)),
]
GRAPHS = [a_paper(4 + number, f"Graph networks of size {number}", "We draw graphs.") for number in range(20)]
RECENT = [*ordinary_papers(100), *LIKE_IT, *GRAPHS[:3]]


def propose(
    paper: PaperDoc = UNWANTED,
    *,
    liked: Sequence[PaperDoc] = (),
    sent: Sequence[PaperDoc] = (UNWANTED, *LIKE_IT),
    recent: Sequence[PaperDoc] = RECENT,
    wanted: Sequence[str] = (),
) -> tuple[Proposal, ...]:
    return propose_exclusions(paper=paper, liked=liked, sent=sent, recent=recent, wanted=wanted)


def terms(proposals: Sequence[Proposal]) -> list[str]:
    return [proposal.term for proposal in proposals]


def test_what_the_paper_dwells_on_and_few_others_have_is_proposed_first() -> None:
    assert terms(propose()) == ["protein folding", "graph networks", "q-bio.BM", "cs.LG"]


def test_a_proposal_says_what_it_would_have_kept_out() -> None:
    folding = propose(liked=GRAPHS)[0]

    assert folding == Proposal(
        term="protein folding", is_category=False, kept_out=3, n_sent=3, liked=0, n_liked=len(GRAPHS)
    )


def test_what_the_liked_papers_have_is_never_proposed() -> None:
    assert "graph networks" in terms(propose())
    assert "graph networks" not in terms(propose(liked=GRAPHS))


def test_what_one_liked_paper_in_twenty_has_may_be_proposed_and_is_counted() -> None:
    others = [a_paper(50 + number, f"Plain title {number}", "Nothing.") for number in range(20)]

    one_of_nineteen = propose(liked=[LIKE_IT[0], *others[:18]])
    one_of_twenty = propose(liked=[LIKE_IT[0], *others[:19]])

    assert "protein folding" not in terms(one_of_nineteen)
    assert next(proposal.liked for proposal in one_of_twenty if proposal.term == "protein folding") == 1


def test_what_the_reader_asked_for_is_never_proposed() -> None:
    found = terms(propose(wanted=["folding", "cs.LG", "I read about graphs"]))

    assert found == ["protein", "networks", "q-bio.BM"]


def test_a_category_of_an_archive_that_the_reader_asked_for_is_never_proposed() -> None:
    assert not [proposal for proposal in propose(wanted=["q-bio", "cs"]) if proposal.is_category]


def test_what_many_recent_papers_have_is_not_telling() -> None:
    found = terms(propose(recent=[*ordinary_papers(50), *GRAPHS]))

    assert "graph networks" not in found


def test_a_name_that_only_this_paper_has_stands_behind_what_others_have_too() -> None:
    named = a_paper(1, "FoldNet for a protein", "FoldNet is for a protein. FoldNet is for a protein again.")

    found = terms(propose(named))

    assert found.index("protein") < found.index("FoldNet")


def test_no_two_proposals_have_a_word_in_common_and_there_are_five_at_most() -> None:
    title = "Glacier acoustics, lantern optics, orchard genetics, harbour logistics, quarry geology, pigment chemistry"

    found = terms(propose(a_paper(1, title, title, categories=())))

    words = [word for term in found for word in term.split()]
    assert len(found) == MOST_PROPOSALS
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("", ""),
        ("A new method", "We present results."),
        ("$x_1^2$ + {y}", "$$\\alpha$$ $$\\alpha$$"),
        ("大规模语言模型", ""),
    ],
)
def test_a_paper_without_telling_words_gets_none(title: str, abstract: str) -> None:
    assert propose(a_paper(1, title, abstract, categories=())) == ()


def test_a_term_is_small_but_for_acronyms_and_names_with_capitals_inside() -> None:
    paper = a_paper(1, "Zero-Sum DNA Origami by FoldNet", "Zero-sum games. DNA origami. FoldNet.", categories=())

    assert terms(propose(paper)) == ["DNA origami", "zero-sum", "FoldNet"]


def test_words_do_not_reach_over_a_full_stop() -> None:
    paper = a_paper(1, "Rivers. Lanterns glow", "We like rivers. Lanterns glow.", categories=())

    assert "rivers lanterns" not in terms(propose(paper, recent=[]))


def test_the_same_question_gets_the_same_answer_in_whatever_order_papers_come() -> None:
    assert propose() == propose(recent=RECENT[::-1], sent=[*LIKE_IT[::-1], UNWANTED])


@pytest.mark.parametrize("term", terms(propose()))
def test_excluding_what_is_proposed_keeps_out_just_as_many_as_was_said(term: str) -> None:
    sent = [UNWANTED, *LIKE_IT, *GRAPHS, a_paper(40, "Proteins that fold", "A protein-folding enzyme.")]
    said = next(proposal.kept_out for proposal in propose(sent=sent) if proposal.term == term)
    everything = a_profile(categories=["cs", "q-bio"])
    excluding = a_profile(categories=["cs", "q-bio"], exclude=[term])

    had = matches(everything, *sent, background=RECENT, top_k=99)
    left = matches(excluding, *sent, background=RECENT, top_k=99)

    assert len(had) - len(left) == said


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_at_all_is_read(title: str, abstract: str) -> None:
    for proposal in propose(a_paper(1, title, abstract), recent=ordinary_papers(3)):
        assert proposal.term.strip() == proposal.term != ""
        assert 0 <= proposal.kept_out <= proposal.n_sent
