"""Papers put aside: once each, only one's own, and given on as an example only when the reader says so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from digest.errors import NotSaved
from digest.models import Feedback, Paper, SavedPaper
from digest.pipeline import saved
from digest.pipeline.ingest import store
from digest.pipeline.saved import learn_from_saved, list_saved, remove_saved, save_paper, saved_ids
from digest.types import Identifier, PaperRecord
from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.models import LibraryPaper, Subscriber
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(db: None) -> Subscriber:
    return make_reader()


@pytest.fixture
def paper(db: None) -> Paper:
    return make_paper(title="Glaciers that hum", arxiv="2606.04242")


def shelf() -> list[tuple[int, int]]:
    return list(SavedPaper.objects.order_by("pk").values_list("subscriber_id", "paper_id"))


def test_a_paper_put_aside_twice_is_there_once_and_keeps_its_day(reader: Subscriber, paper: Paper) -> None:
    for at in (NOW, NOW + timedelta(days=1)):
        save_paper(subscriber=reader, paper_id=paper.pk, now=at)

    assert [row.saved_at for row in list_saved(subscriber=reader)] == [NOW]


def test_removing_it_twice_is_removing_it_once(reader: Subscriber, paper: Paper) -> None:
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)

    for _ in range(2):
        remove_saved(subscriber=reader, paper_id=paper.pk)

    assert shelf() == []


def test_each_reader_has_a_shelf_of_their_own(reader: Subscriber, paper: Paper) -> None:
    eve = make_reader()
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)

    remove_saved(subscriber=eve, paper_id=paper.pk)

    assert shelf() == [(reader.pk, paper.pk)]
    assert saved_ids(subscriber=eve, paper_ids=[paper.pk]) == frozenset()


def test_a_shelf_that_is_full_says_so_and_still_takes_what_it_has(
    reader: Subscriber, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST_SAVED", 1)
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)

    with pytest.raises(NotSaved, match="1 papers are the most"):
        save_paper(subscriber=reader, paper_id=make_paper().pk, now=NOW)

    assert shelf() == [(reader.pk, paper.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_paper_that_is_gone_cannot_be_put_aside(reader: Subscriber, paper: Paper) -> None:
    gone = paper.pk
    paper.delete()

    with pytest.raises(NotSaved, match="no longer held"):
        save_paper(subscriber=reader, paper_id=gone, now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_put_it_aside_once(reader: Subscriber, paper: Paper) -> None:
    at_once(workers=4, do=lambda: save_paper(subscriber=reader, paper_id=paper.pk, now=NOW))

    assert shelf() == [(reader.pk, paper.pk)]


def test_the_newest_stands_first_at_a_constant_cost(
    reader: Subscriber, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    papers = [make_paper() for _ in range(5)]
    for hours, paper in enumerate(papers):
        save_paper(subscriber=reader, paper_id=paper.pk, now=NOW + timedelta(hours=hours))

    with django_assert_num_queries(2):
        rows = [
            (row.paper.pk, [str(name) for name in row.paper.identifiers.all()]) for row in list_saved(subscriber=reader)
        ]

    assert [pk for pk, _ in rows] == [paper.pk for paper in reversed(papers)]
    assert all(names for _, names in rows)


def test_nothing_is_learnt_from_what_is_put_aside(reader: Subscriber, paper: Paper) -> None:
    interest = make_profile(reader=reader)

    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)

    interest.refresh_from_db()
    assert (interest.revision, Feedback.objects.count(), LibraryPaper.objects.count()) == (0, 0, 0)


def test_it_becomes_an_example_under_its_arxiv_id_once(reader: Subscriber, paper: Paper) -> None:
    paper.identifiers.create(scheme="doi", value="10.1000/hum")
    interest = make_profile(reader=reader)
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)

    for _ in range(2):
        learn_from_saved(subscriber=reader, paper_id=paper.pk, profile_id=interest.pk, now=NOW)

    entry = interest.library.get()
    assert (str(entry), entry.stance, entry.state, entry.title) == (
        "arxiv:2606.04242",
        "liked",
        "known",
        "Glaciers that hum",
    )
    interest.refresh_from_db()
    assert interest.revision == 1


def test_a_paper_that_is_not_aside_becomes_no_example(reader: Subscriber, paper: Paper) -> None:
    interest = make_profile(reader=reader)

    with pytest.raises(NotSaved):
        learn_from_saved(subscriber=reader, paper_id=paper.pk, profile_id=interest.pk, now=NOW)

    assert not interest.library.exists()


def test_nobody_teaches_another_reader_s_interest(reader: Subscriber, paper: Paper) -> None:
    theirs = make_profile(reader=make_reader())
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)

    with pytest.raises(SubscriptionError):
        learn_from_saved(subscriber=reader, paper_id=paper.pk, profile_id=theirs.pk, now=NOW)

    assert not theirs.library.exists()


def test_the_shelf_goes_with_its_reader(reader: Subscriber, paper: Paper) -> None:
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)

    services.erase(subscriber=reader, now=NOW)

    assert shelf() == []


@pytest.mark.parametrize("with_both", [False, True], ids=["one of the two", "both"])
def test_when_two_papers_turn_out_to_be_one_it_stays_aside_once(
    reader: Subscriber, paper: Paper, make_paper: Callable[..., Paper], with_both: bool
) -> None:
    other = make_paper(arxiv="2606.00001")
    other.identifiers.update(scheme="doi", value="10.1000/hum")
    for each in (paper, other) if with_both else (other,):
        save_paper(subscriber=reader, paper_id=each.pk, now=NOW)

    both = (Identifier(scheme="arxiv", value="2606.04242"), Identifier(scheme="doi", value="10.1000/hum"))
    store(records=[PaperRecord(source="arxiv", rank=20, identifiers=both, title="Glaciers that hum")], now=NOW)

    assert shelf() == [(reader.pk, Paper.objects.get().pk)]
