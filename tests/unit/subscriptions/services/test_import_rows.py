"""One line of an import file: what is read, and how a mistake is named."""

from typing import Any

import pytest

from subscriptions.errors import RejectedReader
from subscriptions.services.import_rows import read_row

ADA = {"email": "ada@example.org"}


def with_profile(**fields: Any) -> dict[str, Any]:
    return {**ADA, "profiles": [{"name": "A", **fields}]}


def test_a_row_says_only_what_it_names() -> None:
    row = read_row(row={**ADA, "hour": 6})

    assert (dict(row.preferences), row.confirmed, row.profiles) == ({"hour": 6}, False, None)


def test_an_interest_may_be_paused() -> None:
    row = read_row(row=with_profile(active=False))

    assert row.profiles is not None
    assert not row.profiles[0].active


def test_a_long_list_fits_into_a_file() -> None:
    row = read_row(row=with_profile(keywords=[str(number) for number in range(10_000)]))

    assert row.profiles is not None
    assert len(row.profiles[0].keywords) == 10_000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (None, "not a reader"),
        ([], "not a reader"),
        ("ada@example.org", "not a reader"),
        ({}, "email: This must be text"),
        ({"email": None}, "email: This must be text"),
        ({"email": "ada"}, "email: An address has an @"),
        ({"email": "a@b.org, c@d.org"}, "email: Please give one address alone"),
        ({**ADA, "emial": 1}, "“emial” is no field of a reader"),
        ({**ADA, "hour": "8"}, "hour: This must be a whole number"),
        ({**ADA, "hour": True}, "hour: This must be a whole number"),
        ({**ADA, "hour": 8.0}, "hour: This must be a whole number"),
        ({**ADA, "hour": float("nan")}, "hour: This must be a whole number"),
        ({**ADA, "hour": 24}, "hour: The hour is"),
        ({**ADA, "hour": 10**400}, "hour: The hour is"),
        ({**ADA, "timezone": "Mars/Olympus"}, "timezone: This time zone is not known"),
        ({**ADA, "timezone": 1}, "timezone: This must be text"),
        ({**ADA, "cadence": "hourly"}, "cadence: The cadence is one of: daily, weekdays, chosen, weekly"),
        ({**ADA, "weekdays": "0"}, "weekdays: This must be a list of whole numbers"),
        ({**ADA, "weekdays": [True]}, "weekdays: This must be a list of whole numbers"),
        ({**ADA, "weekdays": [7]}, "weekdays: Weekdays are numbers"),
        ({**ADA, "weekdays": [0] * 8}, "weekdays: This list has 8 entries"),
        ({**ADA, "cadence": "chosen"}, "weekdays: Please choose"),
        ({**ADA, "max_papers": 0}, "max_papers: A mail holds"),
        ({**ADA, "trending": "yes"}, "trending: This must be true or false"),
        ({**ADA, "confirmed": 1}, "confirmed: This must be true or false"),
        ({**ADA, "profiles": {}}, "profiles: This must be a list of objects"),
        ({**ADA, "profiles": ["A"]}, "profiles: This must be a list of objects"),
        ({**ADA, "profiles": [{}]}, "name: This must be text"),
        ({**ADA, "profiles": [{"name": "A"}, {"name": " A "}]}, "profiles: Two interests have the same name"),
        ({**ADA, "profiles": [{"name": str(n)} for n in range(51)]}, "profiles: This list has 51 entries"),
        (with_profile(keyword=["x"]), "“keyword” is no field of a profile"),
        (with_profile(keywords="x"), "keywords: This must be a list of texts"),
        (with_profile(keywords=[1]), "keywords: This must be a list of texts"),
        (with_profile(keywords=["x"] * 10_001), "keywords: This list has 10001 entries"),
        (with_profile(categories=["Machine Learning"]), "categories: “Machine Learning” is no category"),
        (with_profile(papers=["hello"]), "papers: This is no arXiv id"),
        (with_profile(pickiness="fussy"), "pickiness: How picky is one of: broad, balanced, picky"),
        (with_profile(description=None), "description: This must be text"),
    ],
)
def test_a_mistake_is_named_by_its_field(row: Any, reason: str) -> None:
    with pytest.raises(RejectedReader) as rejected:
        read_row(row=row)

    assert str(rejected.value).startswith(reason) or reason in str(rejected.value)[:60]


def test_a_reason_never_repeats_the_address() -> None:
    with pytest.raises(RejectedReader) as rejected:
        read_row(row={"email": "ada.secret@exa mple.org"})

    assert "secret" not in str(rejected.value)
