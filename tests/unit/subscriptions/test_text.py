"""A reader's words on one line, with nothing in them that cannot be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.text import HIDING, NEVER, clean_line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  state   space \n model ", "state space model"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("Subject\r\nBcc: eve@example.org", "Subject Bcc: eve@example.org"),
        ("abc\u202efed", "abcfed"),
        ("in\u200bvisible\ufeff", "invisible"),
        ("Andre\u0301", "André"),
        ("two\u2028lines", "two lines"),
        ("half\ud800", "half"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_brought_onto_one_visible_line(text: str, cleaned: str) -> None:
    assert clean_line(text) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_line(text)

    assert clean_line(once) == once


@given(st.text())
def test_no_hidden_character_is_left(text: str) -> None:
    cleaned = clean_line(text)

    assert not set(cleaned) & HIDING
    assert not {unicodedata.category(character) for character in cleaned} & NEVER
