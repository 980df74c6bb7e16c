"""BibTeX as people keep it: accents, strings, missing commas, and entries that nobody closed."""

import pytest

from digest.library import Entry, Reference, Unread, Why, read_library, to_bibtex
from digest.library._bibtex_values import LONGEST_VALUE
from digest.types import Author, Identifier


def entries(text: str) -> list[Entry]:
    return [piece for piece in read_library(payload=text.encode()).pieces if isinstance(piece, Entry)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"{{The} {T}ea of {\'E}tienne}", "The Tea of Étienne"),
        (r'"Tea {"}and{"} Milk"', 'Tea "and" Milk'),
        (r"{Tea~-- a {\"o}dd \textit{drink} \& more}", "Tea – a ödd drink & more"),
        (r"{Bounds of $10^{-4}$ and {$\alpha$}}", r"Bounds of $10^{-4}$ and $\alpha$"),
        ("{Tea\n   on two lines}", "Tea on two lines"),
        (r"{\TeX{} and \LaTeX}", "TeX and LaTeX"),
    ],
)
def test_a_title_is_read_as_it_is_printed(written: str, read: str) -> None:
    [entry] = entries(f"@misc{{k, title = {written}, year = 2020}}")

    assert entry.title == read


def test_names_are_cut_at_and_and_others_are_nobody() -> None:
    [entry] = entries(r"@misc{k, title={T e a}, author={Roe, Ada AND {Tea and Co} and B. Poe and others}}")

    assert entry.authors == ("Roe, Ada", "Tea", "Co", "B. Poe")


def test_a_missing_comma_costs_no_field() -> None:
    [entry] = entries("@misc{k, title = {Tea time}\n doi = {10.1000/tea}\n year = {2020}}")

    assert (entry.title, entry.year, len(entry.identifiers)) == ("Tea time", 2020, 1)


def test_what_can_be_read_of_a_broken_entry_is_kept_and_its_neighbours_too() -> None:
    found = entries("@misc{a, title = {Half a {cup},\n doi = {10.1000/half}\n\n@misc{b, title = {A whole cup}}")

    assert [entry.title for entry in found] == ["Half a cup", "A whole cup"]


def test_a_broken_entry_without_anything_to_find_it_by_is_told() -> None:
    [piece] = read_library(payload=b"@misc{a, note = {Half").pieces

    assert isinstance(piece, Unread)
    assert piece.why == Why.BROKEN


def test_strings_of_strings_do_not_unfold_into_gigabytes() -> None:
    doubled = "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 60))

    [entry] = entries('@string{s0 = "tea tea tea"}\n' + doubled + "@misc{k, title = s59 # s59}")

    assert len(entry.title) < LONGEST_VALUE


def test_what_we_write_we_read_again() -> None:
    paper = Reference(
        title="Tea & {Milk}: 100 % of $x_1$",
        authors=(Author(name="Ada van der Roe"), Author(name="Tea Collaboration", is_group=True)),
        identifiers=(Identifier(scheme="arxiv", value="2406.01234"),),
    )

    [entry] = entries(to_bibtex(references=[paper]))

    assert entry.authors == ("van der Roe, Ada", "Tea Collaboration")
    assert entry.identifiers[0] == paper.identifiers[0]
    assert "100 % of $x_1$" in entry.title
