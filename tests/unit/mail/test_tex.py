"""TeX in titles and abstracts."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.mail.tex import plain_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"$\alpha$-helix", "α-helix"),
        (r"$10^{-4}$", "10⁻⁴"),
        (r"\textbf{x}", "x"),
        (r"$H_2O$ and CO$_2$", "H₂O and CO₂"),
        (r"$\mathcal{O}(n \log n)$", "O(n log n)"),
        (r"$x \leq y$", "x ≤ y"),
        (r"$\frac{1}{2}$ of $\frac{a+b}{c}$", "1/2 of (a+b)/c"),
        (r"$\sqrt{n}$ and $\sqrt{a+b}$", "√n and √(a+b)"),
        (r"$\mathbb{R}^d$", "ℝᵈ"),
        (r"$x_{\text{max}}$", "xₘₐₓ"),
        (r"$L_{CE}$", "L_CE"),
        (r"$\theta^{*}$ and 90$^\circ$", "θ* and 90°"),
        (r"$\hat{y}$", "ŷ"),
        (r"\(\Lambda\)CDM", "ΛCDM"),
        (r"$$E = mc^2$$", "E = mc²"),
        (r"Schr\"odinger and Erd\H{o}s and Fran\c{c}ois", "Schrödinger and Erdős and François"),
        (r"\L{}\'od\'z", "Łódź"),
        (r"{\it Planck} 2018", "Planck 2018"),
        (r"{B}ayesian nets", "Bayesian nets"),
        (r"50\% of R\&D costs \$5", "50% of R&D costs $5"),
        (r"\emph{very} \textsc{Small}", "very Small"),
        (r"see \cite{a2020} and \url{https://x.example.org/}", "see  and https://x.example.org/"),
        (r"``quoted'' pages 3--5", "“quoted” pages 3–5"),
        ("Fig.~2", "Fig.\u00a02"),
        (r"$10^{6.5} M_\odot$", "10^6.5 M⊙"),
    ],
)
def test_common_tex_becomes_unicode(written: str, shown: str) -> None:
    assert plain_text(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "from $5 to $10 a month",
        "costs $5-$10",
        "about ~5% with --help",
        "a_b ^ c",
        "100$ on average",
        "a_name and 2^10",
    ],
)
def test_what_is_no_tex_is_left_alone(text: str) -> None:
    assert plain_text(text) == text


def test_an_unknown_command_shows_its_argument_or_its_name() -> None:
    assert plain_text(r"$\ourmethod{Attention}$ beats \baseline") == "Attention beats baseline"


def test_no_doubled_brace_survives() -> None:
    assert plain_text("{{double}} braces}}") == "double braces"


@given(st.text(alphabet=r"\{}^_$~'`-abcfrqtx0 ()[]" + '"', max_size=200))
@settings(max_examples=300, deadline=None)
def test_nothing_raises(text: str) -> None:
    assert isinstance(plain_text(text), str)


@pytest.mark.parametrize("unit", ["$", "$a ", "{", r"\frac", r"\(", "{^", r"\hat", "^{", "_", r"$\frac{", "``--~"])
def test_a_hostile_text_of_30000_characters_takes_less_than_two_seconds(unit: str) -> None:
    text = unit * (30_000 // len(unit))
    began = time.perf_counter()

    plain_text(text)

    assert time.perf_counter() - began < 2
