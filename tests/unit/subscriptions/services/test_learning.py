"""What an interest learns besides its form: words to leave out, papers to forget, likes that fade."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from subscriptions.services.learning import LIKED_PAPERS
from subscriptions.services.profiles import LONGEST_ENTRY, MOST_ENTRIES, MOST_PROFILES
from tests.builders import make_profile
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader()


@pytest.fixture
def interest(reader: Subscriber) -> InterestProfile:
    return make_profile(reader=reader, name="Graphs", exclude=["survey"], likes=["2406.01234"])


@pytest.fixture
def add(reader: Subscriber, interest: InterestProfile, now: datetime) -> Callable[..., tuple[str, ...]]:
    def call(*terms: str) -> tuple[str, ...]:
        return services.add_exclusions(subscriber=reader, profile_id=interest.pk, terms=terms, now=now)

    return call


def test_words_are_added_behind_those_that_are_excluded_already(
    add: Callable[..., tuple[str, ...]], interest: InterestProfile
) -> None:
    added = add(" protein  folding ", "math.AG")

    interest.refresh_from_db()
    assert added == ("protein folding", "math.AG")
    assert interest.exclude == ["survey", "protein folding", "math.AG"]


def test_adding_words_twice_gives_the_same(add: Callable[..., tuple[str, ...]], interest: InterestProfile) -> None:
    add("Protein folding")
    again = add("protein folding", "SURVEY")

    interest.refresh_from_db()
    assert again == ()
    assert interest.exclude == ["survey", "Protein folding"]


def test_a_list_may_be_filled_to_its_limit_and_not_beyond(
    add: Callable[..., tuple[str, ...]], interest: InterestProfile
) -> None:
    interest.exclude = [f"word {number}" for number in range(MOST_ENTRIES - 1)]
    interest.save()

    assert add("the last") == ("the last",)
    with pytest.raises(SubscriptionError, match=f"{MOST_ENTRIES} words are the most"):
        add("one too many")


def test_a_word_that_is_too_long_is_refused(add: Callable[..., tuple[str, ...]]) -> None:
    assert add("x" * LONGEST_ENTRY)
    with pytest.raises(SubscriptionError, match="characters at most"):
        add("x" * (LONGEST_ENTRY + 1))


def test_nobody_changes_the_interest_of_another(
    make_reader: Callable[..., Subscriber], interest: InterestProfile, now: datetime
) -> None:
    eve = make_reader()

    with pytest.raises(SubscriptionError, match="does not exist"):
        services.add_exclusions(subscriber=eve, profile_id=interest.pk, terms=["graphs"], now=now)
    with pytest.raises(SubscriptionError, match="does not exist"):
        services.set_profile_fades(subscriber=eve, profile_id=interest.pk, fades=False, now=now)
    services.forget_paper(subscriber=eve, profile_id=interest.pk, entry_id=interest.library.get().pk, now=now)

    interest.refresh_from_db()
    assert (interest.exclude, interest.fades, interest.library.count()) == (["survey"], True, 1)


def test_likes_fade_unless_the_reader_says_otherwise_and_saying_it_twice_is_the_same(
    reader: Subscriber, interest: InterestProfile, now: datetime
) -> None:
    for _ in range(2):
        services.set_profile_fades(subscriber=reader, profile_id=interest.pk, fades=False, now=now)
    first = InterestProfile.objects.get()
    services.set_profile_fades(subscriber=reader, profile_id=interest.pk, fades=False, now=now + timedelta(days=1))

    assert interest.fades
    assert not first.fades
    assert InterestProfile.objects.get().updated_at == first.updated_at


def test_a_named_paper_can_be_forgotten_once_or_twice(
    reader: Subscriber, interest: InterestProfile, now: datetime
) -> None:
    kept = LibraryPaper.objects.create(
        profile=interest, scheme="arxiv", value="2406.04321", stance="disliked", added_at=now
    )
    gone = interest.library.get(value="2406.01234")

    for _ in range(2):
        services.forget_paper(subscriber=reader, profile_id=interest.pk, entry_id=gone.pk, now=now)

    assert list(interest.library.all()) == [kept]


def test_an_interest_for_likes_is_made_once(reader: Subscriber, now: datetime) -> None:
    first = services.interest_for_likes(subscriber=reader, now=now)
    second = services.interest_for_likes(subscriber=reader, now=now)

    assert first == second
    assert (first.name, first.active, first.keywords) == (LIKED_PAPERS, True, [])


def test_a_reader_with_as_many_interests_as_one_can_have_gets_no_other(reader: Subscriber, now: datetime) -> None:
    for _ in range(MOST_PROFILES):
        make_profile(reader=reader)

    with pytest.raises(SubscriptionError, match="are the most"):
        services.interest_for_likes(subscriber=reader, now=now)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_makes_the_interest_and_both_get_it(reader: Subscriber, now: datetime) -> None:
    made = at_once(workers=4, do=lambda: services.interest_for_likes(subscriber=reader, now=now).pk)

    assert len(set(made)) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_words_added_at_the_same_moment_are_all_kept(
    reader: Subscriber, interest: InterestProfile, now: datetime
) -> None:
    words = ["folding", "lattice", "plasma", "soil"]

    at_once(
        workers=4,
        do=lambda: services.add_exclusions(subscriber=reader, profile_id=interest.pk, terms=[words.pop()], now=now),
    )

    interest.refresh_from_db()
    assert sorted(interest.exclude) == ["folding", "lattice", "plasma", "soil", "survey"]
