"""Pieces of a mail: whatever is in them, they are put together to the same text, in lines that every server takes."""

import quopri

from hypothesis import given
from hypothesis import strategies as st

from digest.mail.pieces import LINE_COLUMNS, encode, ended, form_of, place

LINES = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\r"),
        st.sampled_from(list(" .=\n\t")),
        st.sampled_from(list("题名שלום")),
    ),
    max_size=300,
)


def lines_of(wire: bytes) -> list[bytes]:
    """Split as a server does."""
    return wire.split(b"\r\n")


@given(texts=st.lists(LINES, min_size=1, max_size=6))
def test_pieces_one_behind_the_other_say_what_their_texts_say(texts: list[str]) -> None:
    wire = b"".join(encode(text=text).wire for text in texts)

    assert quopri.decodestring(ended(wire=wire)).replace(b"\r\n", b"\n").decode() == "".join(texts)


@given(texts=st.lists(LINES, min_size=1, max_size=6))
def test_no_line_is_too_long_or_ends_with_a_blank_or_needs_8_bits(texts: list[str]) -> None:
    lines = lines_of(b"".join(encode(text=text).wire for text in texts))

    assert max(map(len, lines)) <= LINE_COLUMNS
    assert not [line for line in lines if line.endswith((b" ", b"\t"))]
    assert b"".join(lines).isascii()
    assert b"\n" not in b"".join(lines)


@given(before=LINES, value=LINES, after=LINES)
def test_a_form_that_is_filled_says_what_its_text_says_with_the_value_in_it(
    before: str, value: str, after: str
) -> None:
    filled = form_of(text=f"{before}{place('here')}{after}").fill({"here": encode(text=value)})

    assert filled.text == f"{before}{value}{after}"
    assert quopri.decodestring(ended(wire=filled.wire)).replace(b"\r\n", b"\n").decode() == filled.text


def test_a_line_that_is_full_is_broken_before_its_last_character() -> None:
    for letter in ("a", "é", "="):
        for length in range(60, 90):
            wire = encode(text=letter * length).wire

            assert max(map(len, lines_of(wire))) <= LINE_COLUMNS
            assert quopri.decodestring(ended(wire=wire)).decode() == letter * length
