"""Authors in order, collaborations as groups, affiliations with the right people."""

import pytest

from digest.sources._names import authors_from_fields, authors_from_line, authors_from_reversed
from digest.types import Author


def people(authors: tuple[Author, ...] | None) -> list[str]:
    return [f"{author.name} [group]" if author.is_group else author.name for author in authors or ()]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Example", ["Ada Example"]),
        ("Ada Example and Ben Sample", ["Ada Example", "Ben Sample"]),
        ("Ada Example, Ben Sample, and Cy Third", ["Ada Example", "Ben Sample", "Cy Third"]),
        ("Ratna K.,  Deepti, Sheza M.", ["Ratna K.", "Deepti", "Sheza M."]),
        ("A. Example (X, Y and Z), B. Sample", ["A. Example", "B. Sample"]),
        ("Ada Example, Jr., Ben Sample III", ["Ada Example Jr.", "Ben Sample III"]),
        ("A. Example, et al", ["A. Example"]),
        ("A. Example et al.", ["A. Example"]),
        ("Andr\\'e Example", ["André Example"]),
        ("Hand Andover, Andy Sand", ["Hand Andover", "Andy Sand"]),
        ("XYZ Collaboration: A. Example, et al", ["XYZ Collaboration [group]", "A. Example"]),
        ("XYZ Collaboration, A. Example", ["XYZ Collaboration [group]", "A. Example"]),
        ("A. Example, for the XYZ Collaboration", ["A. Example", "XYZ Collaboration [group]"]),
        (
            "A. Example, and B. Sample, for the UVW and XYZ Collaborations",
            ["A. Example", "B. Sample", "UVW Collaboration [group]", "XYZ Collaboration [group]"],
        ),
        ("A. Example on behalf of the XYZ Team", ["A. Example", "XYZ Team [group]"]),
        ("A. Example, et al. (XYZ collaboration: 9 more)", ["A. Example", "XYZ collaboration [group]"]),
        ("A. Example (never closed, B. Sample", ["A. Example"]),
    ],
)
def test_a_line_of_names_is_cut_where_people_end(line: str, names: list[str]) -> None:
    authors = authors_from_line(line)

    assert people(authors) == names


def test_affiliations_in_brackets_belong_to_the_name_before() -> None:
    authors = authors_from_line("Ada Example (Inst. of X, Town), Ben Sample, Cy Third (Y) (Z (old))")

    assert [author.affiliations for author in authors or ()] == [("Inst. of X, Town",), (), ("Y", "Z (old)")]


def test_numbers_in_brackets_are_looked_up_in_the_key() -> None:
    line = "A. Example (1,2), B. Sample (1 and 3) and C. Third (2)((1) Here, Town, (2). There; (3) Nowhere U.)"

    authors = authors_from_line(line)

    assert [author.affiliations for author in authors or ()] == [
        ("Here, Town", "There"),
        ("Here, Town", "Nowhere U."),
        ("There",),
    ]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Planck Collaboration", ["Planck Collaboration [group]"]),
        ("for the XYZ Collaboration", ["XYZ Collaboration [group]"]),
        ("Ada Example for the XYZ Collaboration", ["Ada Example", "XYZ Collaboration [group]"]),
        (":", []),
        ("Ada Example", ["Ada Example"]),
    ],
)
def test_a_name_in_a_field_of_its_own_may_be_a_group(name: str, names: list[str]) -> None:
    authors = authors_from_fields([(name, ())])

    assert people(authors) == names


def test_a_group_named_twice_is_one_author() -> None:
    authors = authors_from_fields([("XYZ Collaboration", ()), ("Ada Example", ()), ("XYZ collaboration", ())])

    assert people(authors) == ["XYZ Collaboration [group]", "Ada Example"]


def test_reversed_names_are_turned_round() -> None:
    authors = authors_from_reversed(["Özel, B.", "von Roe, R. T., Jr", "Collaboration, XYZ", "Mononym"])

    assert people(authors) == ["B. Özel", "R. T. von Roe Jr", "XYZ Collaboration [group]", "Mononym"]


def test_no_name_at_all_is_none_and_not_an_empty_list() -> None:
    authors = authors_from_line(" , and (1)")

    assert authors is None
