"""Formulas in texts."""

import time

import hypothesis
import pytest
from hypothesis import strategies
from lxml import etree

from digest.views.formulas import mathml, with_formulas

HOSTILE = (
    r"\href{javascript:alert(1)}{x}",
    r"\style{color:red}{x}",
    r"\class{x}{y}",
    r"\unicode{x3c}script",
    r"\text{<script>alert(1)</script>}",
    r"\color{red;background:url(//x)}{x}",
    r"\includegraphics{x}",
    r"\def\a{\a\a}\a",
    "{" * 10_000,
    "{" * 5_000 + "x" + "}" * 5_000,
    r"\sqrt{" * 60 + "x" + "}" * 60,
    r"\left(" * 80,
    r"\begin{matrix}" * 20,
    "^" * 400,
    "x_" * 200,
    "&lt;script&gt;",
    "\\" * 200,
    r"\frac{1}",
)


def test_a_formula_is_drawn_and_what_stands_around_it_keeps_its_blanks() -> None:
    shown = with_formulas(text=r"At $10^{-4}$ and \textbf{more} &amp; <b>", limit=100)

    assert shown.startswith("At <math")
    assert shown.endswith("</math> and more &amp; &lt;b&gt;")


def test_amounts_of_money_and_plain_letters_are_no_formulas() -> None:
    assert with_formulas(text="From $5 to $10, $n$ times", limit=100) == "From $5 to $10, n times"


def test_a_text_that_is_cut_is_shown_as_unicode() -> None:
    assert with_formulas(text=r"$10^{-4}$ and much more of it", limit=12) == "10⁻⁴ and…"


@pytest.mark.parametrize("formula", HOSTILE)
def test_hostile_tex_costs_no_time_and_gives_nothing_but_listed_elements(formula: str) -> None:
    began = time.perf_counter()
    shown = with_formulas(text=f"a ${formula}$ b", limit=20_000)
    took_s = time.perf_counter() - began

    tree = etree.fromstring(f"<p>{shown}</p>")
    names = {etree.QName(element).localname for element in tree.iter()}
    assert not names & {"script", "a", "img", "svg", "style", "annotation-xml", "semantics", "maction", "mglyph"}
    attributes = {str(name) for element in tree.iter() for name in element.attrib}
    assert attributes <= {
        "mathvariant",
        "stretchy",
        "fence",
        "form",
        "displaystyle",
        "accent",
        "width",
        "linethickness",
    }
    assert took_s < 5


@hypothesis.given(strategies.text(alphabet="\\{}^_$ab1&<frcsqt[]()", max_size=60))
def test_any_tex_gives_markup_that_is_well_formed(text: str) -> None:
    etree.fromstring(f"<p>{with_formulas(text=text, limit=500)}</p>")


def test_what_cannot_be_drawn_is_none() -> None:
    assert mathml(r"\nosuchcommand{x}") is None
    assert mathml(r"\frac{1}") is None
