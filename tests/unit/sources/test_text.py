"""Text as it should be read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources._text import clean, clean_tex


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"Andr\'e", "André"),
        (r"R{\"u}bsam", "Rübsam"),
        (r"{\AA}rud", "Årud"),
        (r"Kre\v{s}o \v{Z}ili\'c", "Krešo Žilić"),
        (r"Rafa{\l} Lata{\l}a", "Rafał Latała"),
        ("Lema\\^\\i\ntre", "Lemaître"),
        (r"Fran\c{c}ois Fo\c ca", "François Foça"),
        (r"Ma\'{\i}z", "Maíz"),
        (r"S\o ren \O stby", "Søren Østby"),
        (r"\H{o} \k{a} \d{h} \.Z", "ő ą ḥ Ż"),
        (r"Kr\'al'", "Král'"),
        (r"R\&D at 5\%", "R&D at 5%"),
        (r"\textbf{bold} and \emph{\'etude}", "bold and étude"),
        ("models~of $z$~type", "models of $z$ type"),
    ],
)
def test_tex_accents_become_letters(tex: str, text: str) -> None:
    cleaned = clean_tex(tex)

    assert cleaned == text


@pytest.mark.parametrize(
    "tex",
    [
        r"$\bar U\bar D$",
        r"$\'e$ and \(\~n\)",
        r"on $\PGL_n$ and \lambda",
        r"\bm{x} with \tilde{a}",
        r"$a~b$",
        "about ~ 8 of them",
        "https://example.org/~ada/x",
        r"\$5 and \mathcal{O}",
    ],
)
def test_maths_and_what_is_no_accent_stay_as_they_are(tex: str) -> None:
    cleaned = clean_tex(tex)

    assert cleaned == tex


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("two\n  lines\tand\u00a0more ", "two lines and more"),
        ("R&amp;D, caf&#233; &lt;b&gt;", "R&D, café <b>"),
        ("fine &notanentity; & alone", "fine &notanentity; & alone"),
        ("evil\u202etxt.exe\u2066x\u200bh", "eviltxt.exexh"),
        ("&#8238;still evil", "still evil"),
        ("nul\x00 bell\x07 half\ud800", "nul bell half"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_nothing_invisible_and_no_entity_is_left(raw: str, text: str) -> None:
    cleaned = clean(raw)

    assert cleaned == text


@given(st.text())
def test_cleaning_clean_text_changes_nothing(raw: str) -> None:
    once = clean(raw.replace("&", ""))

    assert clean(once) == once


@given(st.text(alphabet=st.characters()))
def test_whatever_comes_can_be_stored(raw: str) -> None:
    cleaned = clean_tex(raw)

    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


@pytest.mark.parametrize("opening", [r"\(", r"\["])
def test_formulas_that_are_never_closed_take_no_time(opening: str) -> None:
    began = time.perf_counter()

    cleaned = clean_tex(opening * 50_000)

    assert (len(cleaned), time.perf_counter() - began < 5) == (100_000, True)
