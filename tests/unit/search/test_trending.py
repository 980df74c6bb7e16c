"""What gained the most over a period."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper, PaperSignal
from digest.search import Period, trending
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def count(paper: Paper, *, days_ago: int, upvotes: float) -> None:
    """Store a reading."""
    day = NOW.date() - timedelta(days=days_ago)
    PaperSignal.objects.create(paper=paper, kind="huggingface_upvotes", day=day, value=upvotes)


def test_what_was_gained_in_the_period_counts_and_not_what_was_there_before(make_paper: Callable[..., Paper]) -> None:
    old, new = make_paper(title="Old"), make_paper(title="New")
    count(old, days_ago=20, upvotes=500)
    count(old, days_ago=0, upvotes=510)
    count(new, days_ago=0, upvotes=60)

    found = {period: [paper.title for paper in trending(period=period, now=NOW, most=5)] for period in Period}

    assert found == {"day": ["New", "Old"], "week": ["New", "Old"], "month": ["Old", "New"]}


def test_a_day_reaches_back_to_yesterday_and_not_further(make_paper: Callable[..., Paper]) -> None:
    count(make_paper(title="Yesterday"), days_ago=1, upvotes=5)
    count(make_paper(title="Before"), days_ago=2, upvotes=50)

    assert [paper.title for paper in trending(period=Period.DAY, now=NOW, most=5)] == ["Yesterday"]


def test_withdrawn_papers_and_counts_of_days_to_come_are_left_out(make_paper: Callable[..., Paper]) -> None:
    count(make_paper(withdrawn=True), days_ago=0, upvotes=5)
    count(make_paper(), days_ago=-1, upvotes=5)

    assert trending(period=Period.MONTH, now=NOW, most=5) == ()


def test_the_note_says_how_much_was_gained(make_paper: Callable[..., Paper]) -> None:
    count(make_paper(), days_ago=0, upvotes=1)

    assert trending(period=Period.WEEK, now=NOW, most=5)[0].trending_note == "1 upvote on Hugging Face"


def test_it_costs_three_queries(
    make_paper: Callable[..., Paper], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        count(make_paper(), days_ago=0, upvotes=number + 1)

    with django_assert_num_queries(3):
        assert len(trending(period=Period.WEEK, now=NOW, most=3)) == 3
