"""The names of categories."""

import pytest

from digest.arxiv import canonical_category, category_names


@pytest.mark.parametrize(
    ("name", "today"),
    [
        ("math.MP", "math-ph"),
        ("stat.TH", "math.ST"),
        ("math.IT", "cs.IT"),
        ("q-fin.EC", "econ.GN"),
        ("cs.SY", "eess.SY"),
        ("cs.NA", "math.NA"),
        ("cmp-lg", "cs.CL"),
        ("CS.sy", "eess.SY"),
        ("cs.AI", "cs.AI"),
        ("", ""),
    ],
)
def test_a_category_goes_by_its_name_of_today(name: str, today: str) -> None:
    found = canonical_category(name)

    assert found == today


@pytest.mark.parametrize("name", ["cs.SY", "eess.SY", "eess.sy"])
def test_a_subject_of_two_archives_has_two_names(name: str) -> None:
    assert {found.lower() for found in category_names(name)} == {"eess.sy", "cs.sy"}


def test_any_other_category_has_one_name() -> None:
    assert category_names("cs.AI") == ("cs.AI",)
