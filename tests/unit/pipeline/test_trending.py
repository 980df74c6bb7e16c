"""Trending: one formula over the signals, with a decay in time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper, PaperSignal
from digest.pipeline.trending import HORIZON_DAYS, rank_trending, trending_note, trending_score
from tests.builders import NOW, make_paper

COUNTS = st.integers(0, 100_000)
AGES = st.floats(0, 30)


def count(paper: Paper, value: float, *, kind: str = "huggingface_upvotes", days_ago: int = 0) -> None:
    PaperSignal.objects.create(paper=paper, kind=kind, day=NOW.date() - timedelta(days=days_ago), value=value)


def ranked(paper: Paper, *, now: datetime = NOW) -> tuple[float, str]:
    rank_trending(now=now)
    paper.refresh_from_db()
    return paper.trending_score, paper.trending_note


@given(upvotes=COUNTS, more=COUNTS, growth=COUNTS, stars=COUNTS, age=AGES)
def test_more_upvotes_never_lower_the_score(upvotes: int, more: int, growth: int, stars: int, age: float) -> None:
    less = trending_score(upvotes=upvotes, growth=growth, stars=stars, age_days=age)

    assert trending_score(upvotes=upvotes + more, growth=growth + more, stars=stars, age_days=age) >= less


@given(upvotes=COUNTS, growth=COUNTS, stars=COUNTS, age=AGES, later=AGES)
def test_growing_older_never_raises_the_score(upvotes: int, growth: int, stars: int, age: float, later: float) -> None:
    young = trending_score(upvotes=upvotes, growth=growth, stars=stars, age_days=age)

    assert trending_score(upvotes=upvotes, growth=growth, stars=stars, age_days=age + later) <= young


@given(growth=COUNTS, stars=COUNTS, age=AGES)
def test_without_upvotes_nothing_else_makes_a_paper_trend(growth: int, stars: int, age: float) -> None:
    assert trending_score(upvotes=0, growth=growth, stars=stars, age_days=age) == 0


def test_a_hundred_upvotes_on_the_first_day_are_about_one() -> None:
    assert trending_score(upvotes=100, growth=0, stars=0, age_days=0) == pytest.approx(1.0)


def test_the_score_halves_in_two_days() -> None:
    assert trending_score(upvotes=100, growth=0, stars=0, age_days=2) == pytest.approx(0.5)


def test_stars_weigh_lightly_beside_upvotes() -> None:
    starred = trending_score(upvotes=10, growth=0, stars=1_000, age_days=0)

    assert starred < trending_score(upvotes=25, growth=0, stars=0, age_days=0)


@pytest.mark.parametrize(
    ("upvotes", "stars", "note"),
    [
        (118, 0, "118 upvotes on Hugging Face"),
        (1, 0, "1 upvote on Hugging Face"),
        (1_204, 10, "1,204 upvotes on Hugging Face"),
        (1, 2_300, "2,300 stars on GitHub"),
        (118, 2_300, "118 upvotes on Hugging Face"),
    ],
)
def test_the_note_names_the_strongest_signal_in_words(upvotes: int, stars: int, note: str) -> None:
    assert trending_note(upvotes=upvotes, growth=0, stars=stars) == note


@pytest.mark.django_db
def test_an_upvoted_paper_gets_a_score_and_its_signal_in_words() -> None:
    paper = make_paper()
    count(paper, 118)

    score, note = ranked(paper)

    assert score > 1
    assert note == "118 upvotes on Hugging Face"


@pytest.mark.django_db
def test_of_several_readings_the_latest_counts_and_the_first_says_when_it_was_featured() -> None:
    read_thrice, read_once = make_paper(), make_paper()
    for days_ago, value in ((3, 40), (2, 80), (0, 80)):
        count(read_thrice, value, days_ago=days_ago)
    count(read_once, 80, days_ago=3)

    score, note = ranked(read_thrice)

    assert score == pytest.approx(trending_score(upvotes=80, growth=0, stars=0, age_days=3))
    assert (score, note) == ranked(read_once)


@pytest.mark.django_db
def test_a_paper_that_still_grows_goes_before_one_that_stands_still() -> None:
    growing, standing = make_paper(), make_paper()
    count(growing, 20, days_ago=3)
    count(growing, 80)
    count(standing, 80, days_ago=3)
    count(standing, 80)

    assert ranked(growing)[0] > ranked(standing)[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("days_ago", "trends"), [(HORIZON_DAYS - 1, True), (HORIZON_DAYS, False)])
def test_a_paper_trends_for_a_week_from_the_day_it_was_featured(days_ago: int, trends: bool) -> None:
    paper = make_paper()
    count(paper, 100, days_ago=days_ago)
    count(paper, 300)

    assert (ranked(paper)[0] > 0) is trends


@pytest.mark.django_db
def test_a_paper_leaves_the_list_when_its_week_is_over() -> None:
    paper = make_paper()
    count(paper, 100)
    rank_trending(now=NOW)

    assert ranked(paper, now=NOW + timedelta(days=HORIZON_DAYS)) == (0.0, "")


@pytest.mark.django_db
@pytest.mark.parametrize("upvotes", [0, None])
def test_a_paper_without_upvotes_never_trends_whatever_its_stars(upvotes: int | None) -> None:
    paper = make_paper()
    count(paper, 50_000, kind="github_stars")
    if upvotes is not None:
        count(paper, upvotes)

    assert ranked(paper) == (0.0, "")


@pytest.mark.django_db
def test_a_withdrawn_paper_stops_trending() -> None:
    paper = make_paper()
    count(paper, 100)
    rank_trending(now=NOW)
    Paper.objects.update(withdrawn=True)

    assert ranked(paper) == (0.0, "")


@pytest.mark.django_db
def test_upvotes_that_were_taken_back_to_nothing_are_nothing() -> None:
    paper = make_paper()
    count(paper, 100, days_ago=1)
    count(paper, 0)

    assert ranked(paper) == (0.0, "")


@pytest.mark.django_db
def test_a_reading_of_a_later_day_is_not_known_yet() -> None:
    paper = make_paper()
    count(paper, 10)
    count(paper, 900, days_ago=-1)

    assert ranked(paper)[1] == "10 upvotes on Hugging Face"


@pytest.mark.django_db
def test_twice_gives_the_same_and_the_second_time_writes_no_paper(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    papers = [make_paper() for _ in range(3)]
    for number, paper in enumerate(papers):
        count(paper, 10 + number)
    first = rank_trending(now=NOW)
    before = list(Paper.objects.order_by("pk").values_list("trending_score", "trending_note"))

    with django_assert_num_queries(3):
        second = rank_trending(now=NOW)

    assert first == second == 3
    assert list(Paper.objects.order_by("pk").values_list("trending_score", "trending_note")) == before


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [1, 40])
def test_the_queries_do_not_grow_with_the_papers(
    how_many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(how_many):
        count(make_paper(), 10 + number)

    with django_assert_max_num_queries(6):
        trending = rank_trending(now=NOW)

    assert trending == how_many


@pytest.mark.django_db
@pytest.mark.parametrize(("horizon_days", "trending"), [(20, 0), (21, 1)])
def test_a_run_may_look_further_back_than_a_week(horizon_days: int, trending: int) -> None:
    count(make_paper(), 100, days_ago=20)

    assert rank_trending(now=NOW, horizon_days=horizon_days) == trending
