"""A reader's word in the letters of the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching._quoting import is_same_wording, quote
from tests.unit.matching.samples import a_paper, a_profile, matches, text_of


@pytest.mark.parametrize(
    ("asked", "text", "named"),
    [
        ("Graph Networks", "on graph networks", "Graph Networks"),
        ("LLM", "two LLMs talk", "LLM"),
        ("C++", "written in C++, not in C", "C++"),
        ("theory of  mind", "a theory\n of mind", "theory of mind"),
        ("doped", "the doping of silicon", "doping"),
        ("transitions", "a phase transition", "transition"),
        ("Levy", "a Lévy flight", "Lévy"),
        ("few-shot", "a few shot learner", "few shot"),
        ("pretraining", "costly pre-training.", "pre-training"),
        ("data set", "a new Dataset", "Dataset"),
        ("phase transition", "of Phase\n transitions", "phase transition"),
        ("state-space models", "a state space\nmodel", "state space model"),
        ("L2 norm", "the $L_2$ norm", "$L_2$ norm"),
        ("norm L2", "the norm $L_2$.", "norm $L_2$"),
        ("entanglement", "entangled “threads”", "entangled"),
        ("optimisation", "by (optimization)", "optimization"),
        ("状态空间", "新的状态空间模型", "状态空间"),
        ("art", "a party of artists; modern arts", "art"),
        ("quasi particle", "a 'quasi-particle'", "quasi-particle"),
    ],
)
def test_the_readers_spelling_where_the_paper_has_it_else_the_papers(asked: str, text: str, named: str) -> None:
    assert quote(paper=a_paper(1, "Of something", text), asked=asked) == named


def test_the_title_is_quoted_before_the_abstract() -> None:
    assert quote(paper=a_paper(1, "On Dopings", "We dope, and doped."), asked="doping of") == "doping of"
    assert quote(paper=a_paper(1, "Dopants, doping", "We dope."), asked="doped") == "doping"


@pytest.mark.parametrize("text", ["started parties", "artful", "smart", "tart, arty"])
def test_a_word_is_not_cut_out_of_another(text: str) -> None:
    assert "art" not in quote(paper=a_paper(1, "Of something", text), asked="arts").split()


LETTERS = st.text(alphabet=st.sampled_from("abes -é$_日’"), min_size=1, max_size=6)


@given(asked=LETTERS, title=LETTERS, abstract=st.lists(LETTERS, max_size=8).map(" ".join))
def test_what_is_named_can_always_be_found_in_the_paper(asked: str, title: str, abstract: str) -> None:
    paper = a_paper(1, title, abstract)

    chosen = matches(a_profile(keywords=[asked], description=asked, pickiness="broad"), paper)

    assert all(reason.term.casefold() in text_of(paper) for one in chosen for reason in one.reasons)


@pytest.mark.parametrize(
    ("one", "other"), [("Few-shot", "few shot"), ("Levy", "Lévy"), ("data sets", "dataset"), ("binaries", "binary")]
)
def test_case_accents_hyphens_and_plurals_make_no_other_wording(one: str, other: str) -> None:
    assert is_same_wording(one, other)


def test_another_form_of_a_word_is_another_wording() -> None:
    assert not is_same_wording("doped", "doping")
