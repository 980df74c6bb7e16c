"""Text in, stems out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching._text import fold, joined_words, split_words, stems, written_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Models", "model"),
        ("modelling", "MODEL"),
        ("few-shot", "few shot"),
        ("naïve Bayes", "naive bayes"),
        ("na\u0131\u0308ve", "naïve"),
        ("Łukasiewicz", "lukasiewicz"),
        ("behaviour", "behavior"),
        ("optimisation", "optimization"),
        ("neighbourhoods", "neighborhood"),
        ("the reader’s", "the readers"),
        ("ﬁne ﬂow", "fine flow"),
        ("ＲＡＧ", "rag"),
        ("$L_2$ norm", "L2 norm"),
        ("$L^{2}$ norm", "L² norm"),
        ("state–space", "state-space"),
        ("soft\u00adware", "software"),
        ("data\u202ebase", "database"),
    ],
)
def test_two_spellings_of_one_thing_have_the_same_stems(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(("one", "other"), [("C++", "C"), ("C#", "C"), ("C++", "C#"), ("ape", "grape")])
def test_different_things_keep_different_stems(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_each_character_of_a_script_without_spaces_is_a_token() -> None:
    assert stems("状态空间 model") == ("状", "态", "空", "间", "model")


def test_korean_words_are_found_under_their_endings() -> None:
    assert stems("모델을")[:2] == stems("모델")


def test_vowel_signs_stay_inside_their_word() -> None:
    assert stems("मॉडल के") == ("मॉडल", "के")


def test_closed_hyphens_are_offered_only_where_there_are_hyphens() -> None:
    assert joined_words(fold("pre-training helps")) == ["pretraining", "helps"]
    assert joined_words(fold("training helps - often")) == []


def test_version_numbers_are_words_of_their_own() -> None:
    assert split_words(fold("GPT-4.5")) == ["gpt", "4", "5"]


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "!?…", "+#_^-", "{}$"])
def test_text_without_a_letter_has_no_words(text: str) -> None:
    assert stems(text) == ()


@pytest.mark.parametrize("joined", [False, True])
@given(
    text=st.text(alphabet=st.sampled_from("aBé9 -–'${}_^+#,.=\n日의\u0301\u00adßﬁ"), max_size=30),
)
def test_words_are_written_where_they_are_said_to_be(*, joined: bool, text: str) -> None:
    written = list(written_words(text, joined=joined))

    cut = joined_words(fold(text)) if joined else []
    assert [one.word for one in written] == (cut or split_words(fold(text)))
    assert all(one.word in "".join(split_words(fold(text[one.start : one.end]))) for one in written)


def test_the_place_of_a_word_leaves_quotes_and_braces_out() -> None:
    text = "On ‘Few-shot’ ${naïve}$ a=b_1"

    assert [text[one.start : one.end] for one in written_words(text)] == ["On", "Few", "shot", "naïve", "a", "b_1"]
