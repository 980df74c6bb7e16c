"""What an interest would have brought before it is saved, and what its reader is told about it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper
from digest.pipeline.encoding import load_encoder
from digest.pipeline.index import index_papers
from digest.pipeline.preview import Preview, preview, volume_in_words
from digest.pipeline.trials import MOST_LEFT_OUT
from subscriptions.models import InterestProfile, LibraryPaper
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.encoders import FakeLoader

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT")
SUBJECTS = ("harbours", "violins", "bridges", "glaciers", "orchards", "lanterns", "quarries", "canals", "kites", "mill")


def an_interest(**fields: Any) -> InterestProfile:
    """An interest that nobody has saved."""
    return InterestProfile(name="Unsaved", **fields)


def looked_at(*, days: int = 7, **fields: Any) -> Preview:
    return preview(profile=an_interest(**fields), now=NOW, days=days)


def ordinary_week(*, number: int = 30) -> list[Paper]:
    """Papers about ten subjects in turn, spread over seven days, all of them of one category."""
    return [
        make_paper(
            title=f"On {SUBJECTS[place % 10]}",
            abstract=f"Report {place} on {SUBJECTS[(place + 3) % 10]}.",
            seen=NOW - timedelta(days=place % 7, hours=1),
            categories=("cs.CL",) if place % 3 else ("math.CO",),
        )
        for place in range(number)
    ]


def titles(found: Preview) -> list[str]:
    return [paper.title for day in found.days for paper in day.shown]


def warning(found: Preview, part: str) -> str:
    """The one warning that holds some words."""
    (said,) = [said for said in found.warnings if part in said]
    return said


def test_papers_stand_under_the_day_in_utc_on_which_they_came_the_last_first() -> None:
    ordinary_week()
    make_paper(title="Sundials at noon", seen=NOW - timedelta(hours=1))
    make_paper(title="Sundials at night", seen=NOW.replace(hour=0, minute=0) - timedelta(seconds=1))

    found = looked_at(keywords=["sundials"])

    days = {day.day: [paper.title for paper in day.shown] for day in found.days if day.shown}
    assert days == {date(2026, 6, 9): ["Sundials at noon"], date(2026, 6, 8): ["Sundials at night"]}
    assert [day.day for day in found.days] == [date(2026, 6, 9) - timedelta(days=ago) for ago in range(7)]


@pytest.mark.parametrize(("seconds", "expected"), [(0, 1), (-1, 0)])
def test_the_first_day_counts_from_its_first_second(seconds: int, expected: int) -> None:
    first = NOW.replace(hour=0, minute=0) - timedelta(days=6)
    make_paper(title="Sundials", seen=first + timedelta(seconds=seconds))

    assert looked_at(keywords=["sundials"]).n_papers == expected


def test_a_paper_that_was_old_when_it_came_is_no_news() -> None:
    make_paper(title="Sundials", submitted_at=NOW - timedelta(days=30))

    assert looked_at(keywords=["sundials"]).n_papers == 0


def test_each_paper_comes_with_the_reason_that_its_mail_would_give() -> None:
    ordinary_week()
    sundials = make_paper(title="Sundials at noon")

    (paper,) = looked_at(keywords=["sundials"]).days[0].shown

    assert (paper.paper_id, paper.score >= 2.0) == (sundials.pk, True)
    assert [(reason.kind, reason.term) for reason in paper.reasons] == [("keyword", "sundials")]


def test_no_more_are_shown_a_day_than_the_reader_is_mailed_but_all_are_counted() -> None:
    ordinary_week()
    for _ in range(5):
        make_paper(title="Sundials")

    found = preview(profile=an_interest(keywords=["sundials"], subscriber=make_reader(max_papers=2)), now=NOW)

    assert (len(found.days[0].shown), found.days[0].n_passing, found.n_passing) == (2, 5, 5)


@pytest.mark.parametrize(
    ("n_passing", "n_days", "days", "words"),
    [
        (0, 5, 7, "nothing"),
        (20, 5, 7, "about 4 a day"),
        (5, 5, 7, "about 1 a day"),
        (4, 5, 7, "about 4 a week"),
        (1, 5, 7, "about 1 a week"),
        (1, 20, 28, "about 1 a week"),
        (6000, 5, 7, "about 1,200 a day"),
    ],
)
def test_the_volume_is_said_by_the_day_or_by_the_week(n_passing: int, n_days: int, days: int, words: str) -> None:
    assert volume_in_words(n_passing=n_passing, n_days=n_days, days=days) == words


def test_days_without_papers_do_not_lower_what_is_expected() -> None:
    for _ in range(4):
        make_paper(title="Sundials")

    assert looked_at(keywords=["sundials"]).volume == 4.0


# --- what is wrong with it --------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "asks for nothing yet"),
        ({"keywords": ["the", "of"]}, "“the” and “of” can stand in any text"),
        ({"description": "with the and of"}, "can stand in any text"),
        ({"exclude": ["harbours"]}, "only says what to leave out"),
        ({"keywords": ["!!!", "?"]}, "can stand in any text"),
    ],
)
def test_an_interest_that_asks_for_nothing_is_told_what_is_missing(fields: dict[str, Any], expected: str) -> None:
    ordinary_week()

    found = looked_at(**fields)

    assert [expected in said for said in found.warnings] == [True]
    assert (found.n_passing, found.volume_words, titles(found)) == (0, "nothing", [])


def test_days_without_papers_are_said_to_be_that() -> None:
    found = looked_at(keywords=["sundials"])

    assert found.warnings == ("No paper came in these 7 days: there is nothing to compare this interest with.",)


def test_a_word_that_no_paper_holds_is_named() -> None:
    ordinary_week()

    found = looked_at(keywords=["xyzzy", "harbours"])

    assert found.n_passing > 0
    assert found.warnings == ("No paper of these 7 days holds “xyzzy”.",)


def test_when_nothing_comes_absent_authors_and_categories_are_named_too() -> None:
    ordinary_week()

    found = looked_at(keywords=["xyzzy"], authors=["Zoe Nobody"], categories=["hep-th"])

    assert warning(found, "brought nothing")
    assert warning(found, "is by “Zoe Nobody”")
    assert warning(found, "is in “hep-th”")


def test_an_exclusion_that_keeps_nearly_all_out_is_named_with_what_it_costs() -> None:
    ordinary_week()
    for number in range(10):
        make_paper(title="Sundials", abstract="Learning." if number else "No machine.")

    found = looked_at(keywords=["sundials"], exclude=["learning", "bees"])

    assert found.warnings == ("Your exclusion “learning” keeps out 9 of 10 papers.",)


def test_exclusions_that_only_together_keep_all_out_are_said_to_do_so() -> None:
    ordinary_week()
    for _ in range(4):
        make_paper(title="Sundials", abstract="Learning of bees.")

    found = looked_at(keywords=["sundials"], exclude=["learning", "bees"])

    assert warning(found, "exclusions") == "Your exclusions together keep out 4 of 4 papers."


def test_exclusions_that_are_not_tried_one_by_one_still_keep_out() -> None:
    ordinary_week()
    for number in range(10):
        make_paper(title="Sundials", abstract="Learning." if number else "Bees.")

    found = looked_at(keywords=["sundials"], exclude=["learning", *(f"plugh{number}" for number in range(49)), "bees"])

    assert (found.n_passing, warning(found, "keeps out")) == (
        0,
        "Your exclusion “learning” keeps out 9 of 9 papers.",
    )


def test_an_excluded_archive_whose_name_is_a_word_is_tried_as_the_rule_reads_it() -> None:
    ordinary_week()
    for number in range(4):
        make_paper(title="Sundials", abstract="Physics of shadows." if number else "Shadows.")

    found = looked_at(keywords=["sundials"], exclude=["physics", "bees"])

    assert warning(found, "keeps out") == "Your exclusion “physics” keeps out 3 of 4 papers."


def test_an_excluded_category_that_keeps_nearly_all_out_is_named() -> None:
    ordinary_week()
    for _ in range(4):
        make_paper(title="Sundials", categories=("cs.CL", "math.MP"))

    found = looked_at(keywords=["sundials"], exclude=["math-ph", "bees"])

    assert warning(found, "keeps out") == "Your exclusion “math-ph” keeps out 4 of 4 papers."


def test_a_category_that_brings_nearly_everything_is_named() -> None:
    ordinary_week(number=30)

    found = looked_at(categories=["cs"])

    assert found.warnings == ("The category “cs” alone brings 20 of 30 papers.",)


def test_a_word_that_stands_everywhere_is_named() -> None:
    ordinary_week(number=30)

    found = looked_at(keywords=["report", "harbours"], pickiness="broad")

    assert warning(found, "of 30 papers") == "The keyword “report” alone brings 24 of 30 papers."


def test_where_many_words_bring_nearly_everything_the_commonest_is_named() -> None:
    ordinary_week(number=30)

    found = looked_at(keywords=list(SUBJECTS))

    assert warning(found, "hardly") == (
        "This interest brings 30 of 30 papers: it hardly chooses. The keyword “harbours” is in the most, 6."
    )


def test_a_pickiness_that_leaves_nothing_is_named_with_what_the_next_would_bring() -> None:
    ordinary_week()

    for _ in range(4):
        make_paper(abstract="On sundials.")

    found = looked_at(keywords=["sundials"], pickiness="picky")

    assert found.n_passing == 0
    assert warning(found, "Picky") == "Picky leaves nothing: Balanced would bring 4."


@pytest.mark.parametrize("word", ["日时计", "солнечные часы", "مزولة", "שעון", "ηλιακό ρολόι"])
def test_a_word_of_another_script_is_looked_for_like_any_other(word: str) -> None:
    ordinary_week()
    make_paper(title=f"On {word}")

    assert titles(looked_at(keywords=[word])) == [f"On {word}"]
    assert warning(looked_at(keywords=[word, f"{word}{word}{word}"]), "holds")


def test_ten_thousand_keywords_are_all_compared_and_the_first_of_them_tried_one_by_one() -> None:
    ordinary_week()

    found = looked_at(keywords=[*(f"plugh{number}" for number in range(9_999)), "harbours"])

    assert "On harbours" in titles(found)
    assert warning(found, "10,000") == ("With 10,000 entries in one list, only the first 50 were looked at one by one.")
    assert warning(found, "holds") == "No paper of these 7 days holds “plugh0”, “plugh1”, “plugh2” or 47 more."


# --- examples, and meaning --------------------------------------------------------------


def test_named_papers_count_before_the_interest_is_saved() -> None:
    ordinary_week(number=60)
    make_paper(title="Sundials and gnomons", abstract="Shadows of antique clocks.", arxiv="2606.90001")
    make_paper(title="Gnomons", abstract="Antique sundials, clocks and their shadows.")

    found = preview(profile=an_interest(), liked=[("arxiv", "2606.90001"), ("arxiv", "1111.11111")], now=NOW)

    assert titles(found) == ["Gnomons"]


def test_what_was_typed_stands_for_the_papers_that_the_saved_interest_names() -> None:
    ordinary_week(number=60)
    make_paper(title="Sundials and gnomons", abstract="Shadows of antique clocks.", arxiv="2606.90001")
    make_paper(title="Gnomons", abstract="Antique sundials, clocks and their shadows.")
    saved = make_profile(reader=make_reader(), likes=["2606.90001"])

    assert titles(preview(profile=saved, now=NOW)) == ["Gnomons"]
    assert preview(profile=saved, liked=[], now=NOW).warnings == (
        "This interest asks for nothing yet: a category or a keyword will do.",
    )


def test_unwanted_papers_are_left_out() -> None:
    ordinary_week()
    make_paper(title="Sundials", arxiv="2606.90001")

    found = preview(profile=an_interest(keywords=["sundials"]), disliked=[("arxiv", "2606.90001")], now=NOW)

    assert titles(found) == []


def with_vectors() -> None:
    index_papers(encoder=load_encoder(), now=NOW)


def test_with_vectors_a_paper_is_found_by_what_it_means(loader: FakeLoader) -> None:
    ordinary_week(number=60)
    make_paper(title="Sundials", abstract="")
    with_vectors()

    found = preview(profile=an_interest(description="Sundials"), now=NOW)

    assert "Sundials" in titles(found)
    assert loader.encoder.texts[-1] == "Sundials"


def test_without_a_keyword_its_meaning_does_not_count_either(loader: FakeLoader) -> None:
    ordinary_week(number=30)
    with_vectors()
    n_texts = len(loader.encoder.texts)

    found = looked_at(keywords=["report", "harbours", "xyzzy", "plugh"], pickiness="broad")

    assert warning(found, "of 30 papers").startswith("The keyword “report”")
    whole, *without = loader.encoder.texts[n_texts:]
    assert whole == "report harbours xyzzy plugh"
    assert set(without[:2]) == {"harbours xyzzy plugh", "report xyzzy plugh"}
    assert len(without) == MOST_LEFT_OUT


def test_an_interest_that_chooses_is_encoded_once(loader: FakeLoader) -> None:
    ordinary_week(number=30)
    make_paper(title="Sundials")
    with_vectors()
    n_texts = len(loader.encoder.texts)

    looked_at(keywords=["sundials", "gnomons"], pickiness="picky")

    assert loader.encoder.texts[n_texts:] == ["sundials gnomons"]


def test_with_vectors_liked_papers_count_by_meaning(loader: FakeLoader) -> None:
    ordinary_week(number=60)
    make_paper(title="Sundials", abstract="", arxiv="2606.90001")
    make_paper(title="Sundials", abstract="")
    with_vectors()

    found = preview(profile=an_interest(), liked=[("arxiv", "2606.90001")], now=NOW)

    assert "Sundials" in titles(found)
    assert {reason.kind for day in found.days for paper in day.shown for reason in paper.reasons} == {"paper"}


# --- how it is done ---------------------------------------------------------------------


def a_full_interest(papers: Sequence[Paper]) -> InterestProfile:
    reader = make_reader()
    saved = make_profile(reader=reader, keywords=["harbours", "xyzzy"], exclude=["kites"], description="old violins")
    for paper in papers:
        value = paper.identifiers.get().value
        LibraryPaper.objects.create(profile=saved, scheme="arxiv", value=value, added_at=NOW)
    return saved


@pytest.mark.parametrize("means", [False, True])
def test_the_same_preview_comes_twice_and_nothing_is_written(request: pytest.FixtureRequest, means: bool) -> None:
    if means:
        request.getfixturevalue("loader")
    papers = ordinary_week()
    if means:
        with_vectors()
    saved = a_full_interest(papers[:3])

    with CaptureQueriesContext(connection) as queries:
        first, second = (preview(profile=saved, now=NOW) for _ in range(2))

    assert first == second
    assert [query["sql"] for query in queries if query["sql"].startswith(WRITES)] == []


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    saved = a_full_interest(ordinary_week(number=40)[:20])

    with django_assert_max_num_queries(10):
        preview(profile=saved, now=NOW)
