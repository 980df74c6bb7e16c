"""A reader's last word on a paper, and how it stands beside the papers that they named."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from digest.errors import NothingToLearnFrom
from digest.models import Feedback, Paper
from digest.pipeline.feedback import (
    FeedbackRow,
    give_feedback,
    last_word,
    list_feedback,
    load_feedback,
    load_stances,
    stances,
    take_back,
)
from digest.pipeline.ingest import store
from digest.types import Identifier, PaperRecord
from subscriptions import services
from subscriptions.models import InterestProfile, LibraryPaper
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def interest(db: None) -> InterestProfile:
    return make_profile(reader=make_reader())


@pytest.fixture
def paper(db: None) -> Paper:
    return make_paper(title="Glaciers that hum")


@pytest.fixture
def say(interest: InterestProfile, paper: Paper) -> Callable[..., None]:
    def call(verdict: str, at: datetime = NOW) -> None:
        give_feedback(profile_id=interest.pk, paper_id=paper.pk, verdict=verdict, now=at)

    return call


def kept() -> list[tuple[str, datetime]]:
    return list(Feedback.objects.order_by("pk").values_list("verdict", "given_at"))


def test_a_word_is_kept_with_its_moment(say: Callable[..., None]) -> None:
    say("more")

    assert kept() == [("more", NOW)]


def test_the_same_word_twice_gives_the_same(say: Callable[..., None]) -> None:
    say("more")
    say("more")

    assert kept() == [("more", NOW)]


def test_the_last_word_wins(say: Callable[..., None]) -> None:
    say("more", NOW)
    say("less", LATER)

    assert kept() == [("less", LATER)]


def test_an_older_word_that_arrives_late_changes_nothing(say: Callable[..., None]) -> None:
    say("less", LATER)
    say("more", LATER - timedelta(microseconds=1))

    assert kept() == [("less", LATER)]


def test_a_word_can_be_taken_back_once_or_twice(
    say: Callable[..., None], interest: InterestProfile, paper: Paper
) -> None:
    say("more")

    for _ in range(2):
        take_back(profile_id=interest.pk, paper_id=paper.pk)

    assert kept() == []


def test_a_word_that_is_none_is_refused(say: Callable[..., None]) -> None:
    with pytest.raises(ValueError, match="perhaps"):
        say("perhaps")


def test_an_interest_that_is_gone_learns_nothing(interest: InterestProfile, paper: Paper) -> None:
    gone = interest.pk
    interest.delete()

    with pytest.raises(NothingToLearnFrom, match="interest"):
        give_feedback(profile_id=gone, paper_id=paper.pk, verdict="more", now=NOW)
    with pytest.raises(NothingToLearnFrom, match="interest"):
        take_back(profile_id=gone, paper_id=paper.pk)


@pytest.mark.django_db(transaction=True)
def test_a_paper_that_is_gone_teaches_nothing(interest: InterestProfile) -> None:
    with pytest.raises(NothingToLearnFrom, match="paper"):
        give_feedback(profile_id=interest.pk, paper_id=999_999, verdict="more", now=NOW)

    assert kept() == []


def test_words_of_one_interest_are_not_those_of_another(say: Callable[..., None], paper: Paper) -> None:
    say("more")

    other = make_profile(reader=make_reader())

    assert last_word(profile_ids=[other.pk], paper_id=paper.pk) is None
    assert load_feedback(profile_ids=[other.pk]) == {}


def test_a_deleted_interest_takes_its_words_with_it(say: Callable[..., None], interest: InterestProfile) -> None:
    say("more")
    services.delete_profile(subscriber=interest.subscriber, profile_id=interest.pk)

    assert kept() == []


def test_a_reader_who_is_erased_takes_their_words_along(say: Callable[..., None], interest: InterestProfile) -> None:
    say("less")
    services.erase(subscriber=interest.subscriber, now=NOW)

    assert kept() == []


def test_words_are_listed_by_title_the_newest_first(
    say: Callable[..., None], interest: InterestProfile, paper: Paper
) -> None:
    say("more")
    later = make_paper(title="Soil that sings")
    give_feedback(profile_id=interest.pk, paper_id=later.pk, verdict="less", now=LATER)

    listed = list_feedback(profile_ids=[interest.pk])

    assert [(row.title, row.verdict, row.given_at) for row in listed] == [
        ("Soil that sings", "less", LATER),
        ("Glaciers that hum", "more", NOW),
    ]


def test_the_words_of_many_interests_are_read_with_one_query(
    interest: InterestProfile, paper: Paper, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [make_profile(reader=interest.subscriber) for _ in range(4)]
    for place, profile in enumerate([interest, *others]):
        at = NOW + timedelta(minutes=place)
        give_feedback(profile_id=profile.pk, paper_id=paper.pk, verdict="less", now=at)
    give_feedback(profile_id=interest.pk, paper_id=make_paper().pk, verdict="more", now=NOW - timedelta(days=1))

    with django_assert_num_queries(1):
        said = load_feedback(profile_ids=[interest.pk, others[3].pk])

    assert [row.liked for row in said[interest.pk]] == [True, False]
    assert said[others[3].pk] == [FeedbackRow(paper_id=paper.pk, liked=False, at=NOW + timedelta(minutes=4))]


def test_the_last_word_on_a_paper_is_found_among_several_interests(
    say: Callable[..., None], interest: InterestProfile, paper: Paper
) -> None:
    other = make_profile(reader=interest.subscriber)
    say("more", NOW)
    give_feedback(profile_id=other.pk, paper_id=paper.pk, verdict="less", now=LATER)

    said = last_word(profile_ids=[interest.pk, other.pk], paper_id=paper.pk)

    assert said is not None
    assert (said.profile_id, said.verdict, said.title) == (other.pk, "less", "Glaciers that hum")


def test_named_papers_and_answers_are_read_together_with_two_queries(
    interest: InterestProfile, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    named, both = make_paper(arxiv="2606.50001"), make_paper(arxiv="2606.50002")
    for value in ("2606.50001", "2606.50002", "2606.59999"):
        LibraryPaper.objects.create(profile=interest, scheme="arxiv", value=value, added_at=NOW)
    give_feedback(profile_id=interest.pk, paper_id=both.pk, verdict="less", now=LATER)

    with django_assert_num_queries(2):
        found = load_stances(profile_ids=[interest.pk])

    assert found[interest.pk] == [
        FeedbackRow(paper_id=named.pk, liked=True, at=NOW),
        FeedbackRow(paper_id=both.pk, liked=False, at=LATER),
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_words_that_arrive_at_once_the_latest_stands(say: Callable[..., None]) -> None:
    words = [(("more", "less")[number % 2], NOW + timedelta(seconds=number)) for number in (3, 1, 4, 0, 5, 2)]

    at_once(workers=6, do=lambda: say(*words.pop()))

    assert kept() == [("less", NOW + timedelta(seconds=5))]


# --- beside the papers that the reader named ---------------------------------------------


def row(paper_id: int, *, liked: bool, hours: int = 0) -> FeedbackRow:
    return FeedbackRow(paper_id=paper_id, liked=liked, at=NOW + timedelta(hours=hours))


ROWS = st.lists(st.builds(row, st.integers(1, 5), liked=st.booleans(), hours=st.integers(0, 9)), max_size=12)


def test_of_two_words_on_one_paper_the_later_counts() -> None:
    liked_then_not = stances(library=[row(1, liked=True)], feedback=[row(1, liked=False, hours=1)])
    unwanted_then_named = stances(library=[row(1, liked=True, hours=1)], feedback=[row(1, liked=False)])

    assert liked_then_not == [row(1, liked=False, hours=1)]
    assert unwanted_then_named == [row(1, liked=True, hours=1)]


def test_at_the_same_moment_the_answer_counts() -> None:
    assert stances(library=[row(1, liked=True)], feedback=[row(1, liked=False)]) == [row(1, liked=False)]


def test_papers_stand_in_the_order_of_their_moments() -> None:
    found = stances(library=[row(2, liked=True, hours=2), row(3, liked=True)], feedback=[row(1, liked=False)])

    assert [each.paper_id for each in found] == [1, 3, 2]


@given(library=ROWS, feedback=ROWS)
def test_every_paper_has_one_stance_and_none_is_older_than_what_was_said(
    library: list[FeedbackRow], feedback: list[FeedbackRow]
) -> None:
    found = {each.paper_id: each for each in stances(library=library, feedback=feedback)}

    assert found.keys() == papers_of([*library, *feedback])
    for said in (*library, *feedback):
        assert found[said.paper_id].at >= said.at
    assert set(found.values()) <= {*library, *feedback}


@given(library=ROWS, feedback=ROWS)
def test_what_was_decided_once_is_decided_the_same_again(
    library: list[FeedbackRow], feedback: list[FeedbackRow]
) -> None:
    once = stances(library=library, feedback=feedback)

    assert stances(library=once, feedback=[]) == once
    assert stances(library=library, feedback=once) == once


def papers_of(rows: Iterable[FeedbackRow]) -> set[int]:
    return {each.paper_id for each in rows}


# --- when two papers turn out to be one ---------------------------------------------------


@pytest.fixture
def make_one() -> Callable[[], Paper]:
    """Two stored papers, and the record that shows them to be one."""
    names = Identifier(scheme="arxiv", value="2606.01234"), Identifier(scheme="doi", value="10.5555/x")
    said = [PaperRecord(source="invented", rank=20, identifiers=one, title="A title") for one in (names[:1], names[1:])]
    store(records=said, now=NOW)

    def call() -> Paper:
        store(records=[replace(said[0], identifiers=names)], now=NOW)
        return Paper.objects.get()

    return call


def test_a_word_on_either_paper_is_kept(make_one: Callable[[], Paper], interest: InterestProfile) -> None:
    journal = Paper.objects.get(identifiers__scheme="doi")
    give_feedback(profile_id=interest.pk, paper_id=journal.pk, verdict="less", now=NOW)

    keeper = make_one()

    assert list(Feedback.objects.values_list("paper", "verdict")) == [(keeper.pk, "less")]


@pytest.mark.parametrize("last", ["arxiv", "doi"])
def test_of_words_on_both_papers_the_last_wins(
    make_one: Callable[[], Paper], interest: InterestProfile, last: str
) -> None:
    for scheme in ("arxiv", "doi"):
        paper = Paper.objects.get(identifiers__scheme=scheme)
        is_last = scheme == last
        verdict, at = ("more", LATER) if is_last else ("less", NOW)
        give_feedback(profile_id=interest.pk, paper_id=paper.pk, verdict=verdict, now=at)

    keeper = make_one()

    assert list(Feedback.objects.values_list("paper", "verdict", "given_at")) == [(keeper.pk, "more", LATER)]


def test_the_words_of_two_readers_on_the_two_papers_are_both_kept(make_one: Callable[[], Paper]) -> None:
    one, other = (make_profile(reader=make_reader()) for _ in range(2))
    for profile, scheme in ((one, "arxiv"), (other, "doi")):
        paper = Paper.objects.get(identifiers__scheme=scheme)
        give_feedback(profile_id=profile.pk, paper_id=paper.pk, verdict="more", now=NOW)

    keeper = make_one()

    assert load_feedback(profile_ids=[one.pk, other.pk]) == {
        profile.pk: [FeedbackRow(paper_id=keeper.pk, liked=True, at=NOW)] for profile in (one, other)
    }
