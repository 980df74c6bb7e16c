"""Finding many phrases in one pass."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching._phrases import find_phrases, saturate
from digest.matching._reading import GAP, Stream

STEMS = st.lists(st.integers(min_value=GAP, max_value=3), max_size=40)
PHRASES = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=5).map(tuple), max_size=8, unique=True)


def a_stream(stems: list[int]) -> Stream:
    row = np.array(stems, dtype=np.int64)
    return Stream(stems=row, papers=np.zeros_like(row), weights=np.ones(len(row)))


@given(stems=STEMS, phrases=PHRASES)
def test_what_is_found_is_what_a_reader_with_a_finger_would_find(
    stems: list[int], phrases: list[tuple[int, ...]]
) -> None:
    by_finger = {
        (which, where)
        for which, phrase in enumerate(phrases)
        for where in range(len(stems))
        if tuple(stems[where : where + len(phrase)]) == phrase
    }

    which, where = find_phrases(stream=a_stream(stems), phrases=phrases, n_stems=4)

    assert sorted(zip(which.tolist(), where.tolist(), strict=True)) == sorted(by_finger)


def test_no_phrase_reaches_over_the_gap_between_two_fields() -> None:
    which, _ = find_phrases(stream=a_stream([0, GAP, 1]), phrases=[(0, 1)], n_stems=2)

    assert len(which) == 0


def test_an_empty_phrase_is_refused() -> None:
    with pytest.raises(ValueError, match="empty phrase"):
        find_phrases(stream=a_stream([0]), phrases=[()], n_stems=1)


def test_one_mention_is_one_and_more_mentions_add_ever_less() -> None:
    evidence = saturate(np.array([1.0, 2.0, 3.0, 1_000.0]), half=1.5)

    assert evidence[0] == 1.0
    assert np.all(np.diff(np.diff(evidence[:3])) < 0)
    assert evidence[3] < 2.5
