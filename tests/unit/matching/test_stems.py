"""Which words are forms of one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching._stems import family, stem

WORDS = st.text(alphabet=st.sampled_from("abcdefgilmnoprstuyz"), max_size=12)


@pytest.mark.parametrize(
    "forms",
    [
        "model models modeling modelling modelled",
        "code codes coding coded",
        "dope doped doping",
        "plan plans planning planned",
        "plane planes",
        "study studies studied studying",
        "simulate simulates simulated simulating",
        "optimise optimizes optimising optimized",
        "image images imaging",
        "phase phases",
        "tree trees",
        "process processes processed processing",
        "embed embeds embedding embeddings embedded",
        "matrix matrices",
        "analysis analyses",
        "bias biases",
        "virus viruses",
        "class classes",
        "colour colors",
        "llm llms",
        "gpu gpus",
        "string strings",
        "need needs needed",
    ],
)
def test_the_forms_of_one_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "universe university universal universality",
        "transformer transform transformation",
        "general generalization generation generic",
        "position positive",
        "relation relative relativity",
        "organ organization",
        "policy police",
        "plan plane",
        "spin spine",
        "gene general",
        "string stringent",
        "king kin",
        "aids aid",
        "lens lengthy",
        "news new",
    ],
)
def test_words_of_another_meaning_have_another_stem(words: str) -> None:
    asked = words.split()

    assert len({stem(word) for word in asked}) == len(asked)


@pytest.mark.parametrize("word", ["resnets50", "as", "gas", "", "모", "модели"])
def test_short_words_numbers_and_other_scripts_are_left_as_they_are(word: str) -> None:
    assert stem(word) == family(word) == word


def test_relatives_share_a_root_and_no_stem() -> None:
    words = ["simulations", "simulate", "simulators"]

    assert len({family(word) for word in words}) == 1
    assert len({stem(word) for word in words}) == 3


@given(word=WORDS)
def test_no_stem_is_empty_or_longer_than_its_word_by_more_than_a_letter(word: str) -> None:
    assert bool(stem(word)) == bool(word)
    assert len(stem(word)) <= len(word) + 1
