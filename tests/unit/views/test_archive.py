"""The archive by date and by category."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper

pytestmark = pytest.mark.django_db


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_archive_lists_every_month_from_the_first_paper_to_the_last(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    make_paper(submitted_at=at(3, 31))
    make_paper(submitted_at=at(5, 1))

    text = page(client, "archive")

    for month in (3, 4, 5):
        assert f'href="{reverse("archive_month", args=[2026, month])}"' in text
    for month in (2, 6):
        assert reverse("archive_month", args=[2026, month]) not in text
    assert f'href="{reverse("category", args=["cs.CL"])}"' in text


def test_a_month_counts_its_days_from_their_first_minute_to_their_last(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    for moment in (at(5, 1, 0), at(5, 31, 23), at(5, 31, 0), at(6, 1, 0)):
        make_paper(submitted_at=moment)
    make_paper(submitted_at=at(5, 2), withdrawn=True)

    text = page(client, "archive_month", 2026, 5)

    assert text.index("Sunday, 31 May 2026") < text.index("2 papers") < text.index("Friday, 1 May 2026")
    assert "2 May" not in text
    assert reverse("archive_day", args=["2026-05-31"]) in text
    assert reverse("archive_month", args=[2026, 4]) in text
    assert reverse("archive_month", args=[2026, 6]) in text


def test_a_day_shows_its_papers_the_newest_first_and_may_be_narrowed_to_a_category(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    make_paper(title="Morning", submitted_at=at(5, 1, 0), categories=["cs.CL"])
    make_paper(title="Evening", submitted_at=at(5, 1, 23), categories=["math.NT"])
    make_paper(title="Next day", submitted_at=at(5, 2, 0))

    text, narrowed = (
        page(client, "archive_day", "2026-05-01"),
        page(client, "archive_day", "2026-05-01", category="cs.CL"),
    )

    assert text.index("Evening") < text.index("Morning")
    assert "Next day" not in text
    assert "Morning" in narrowed
    assert "Evening" not in narrowed
    assert f"{reverse('search')}?since=2026-05-01&amp;until=2026-05-01&amp;category=cs.CL" in narrowed


def test_a_category_shows_its_papers_under_each_of_its_names(client: Client, make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Control", categories=["eess.SY"])
    make_paper(title="Other", categories=["cs.CL"])

    for code in ("eess.SY", "cs.SY"):
        text = page(client, "category", code)
        assert "Control" in text
        assert "Other" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/archive/2026/13/", "/archive/0/1/", "/archive/99999/1/", "/archive/2026-02-30/", "/archive/yesterday/",
        "/category/nothing/", "/category/%3Cscript%3E/", "/trending/hour/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_answered_with_a_page_for_people(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/archive/0001/1/", "/archive/9999/12/", "/archive/0001-01-01/", "/archive/9999-12-31/"]
)
def test_the_ends_of_time_are_days_like_others(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_day_of_many_papers_costs_as_many_queries_as_one_of_few(
    client: Client, make_paper: Callable[..., Paper], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(25):
        make_paper(submitted_at=at(5, 1))

    with django_assert_max_num_queries(6):
        text = page(client, "archive_day", "2026-05-01")

    assert text.count("<article") == 20
    assert "page=2" in text
