"""A reader's interests: kept clean, the reader's own, and replaced as a whole."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from subscriptions.services.profiles import MOST_ENTRIES, MOST_PROFILES, clean_profile
from subscriptions.types import ProfileInput

pytestmark = pytest.mark.django_db
LIKED, DISLIKED = LibraryPaper.Stance.LIKED, LibraryPaper.Stance.DISLIKED


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader()


@pytest.fixture
def save(reader: Subscriber, now: datetime) -> Callable[..., InterestProfile]:
    def call(name: str = "Graphs", *, profile_id: int | None = None, at: datetime = now, **fields: Any) -> Any:
        profile = ProfileInput(name=name, **fields)
        return services.save_profile(subscriber=reader, profile=profile, profile_id=profile_id, now=at)

    return call


def library(profile: InterestProfile) -> dict[str, str]:
    return dict(profile.library.values_list("value", "stance"))


def test_an_interest_is_kept_as_described(save: Callable[..., InterestProfile], now: datetime) -> None:
    row = save(
        categories=("cs.LG",),
        keywords=("graph",),
        exclude=("survey",),
        authors=("A. Example",),
        description="All about graphs",
        pickiness="picky",
        active=False,
    )

    row.refresh_from_db()
    assert (row.categories, row.keywords, row.exclude, row.authors) == (
        ["cs.LG"],
        ["graph"],
        ["survey"],
        ["A. Example"],
    )
    assert (row.description, row.pickiness, row.active, row.created_at) == ("All about graphs", "picky", False, now)


def test_words_are_trimmed_and_come_once(save: Callable[..., InterestProfile]) -> None:
    row = save(" Graphs\x00 ", keywords=("  state  space\tmodel ", "", "  ", "state space model", "in\u200bvisible"))

    assert (row.name, row.keywords) == ("Graphs", ["state space model", "invisible"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cs.CL", "cs.CL"),
        ("CS.cl", "cs.CL"),
        ("hep-th", "hep-th"),
        ("cond-mat.mes-hall", "cond-mat.mes-hall"),
        ("astro-ph.ga", "astro-ph.GA"),
        ("physics.OPTICS", "physics.optics"),
        ("q-bio.nc", "q-bio.NC"),
    ],
)
def test_a_category_is_brought_into_arxivs_spelling(typed: str, kept: str) -> None:
    profile = clean_profile(profile=ProfileInput(name="x", categories=(typed, kept)))

    assert profile.categories == (kept,)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"categories": ("machine learning",)}, "categories"),
        ({"categories": ("cs.",)}, "categories"),
        ({"categories": ("<script>",)}, "categories"),
        ({"keywords": ("x" * 101,)}, "keywords"),
        ({"keywords": tuple(map(str, range(201)))}, "keywords"),
        ({"exclude": tuple(map(str, range(201)))}, "exclude"),
        ({"authors": ("x" * 101,)}, "authors"),
        ({"description": "x" * 1001}, "description"),
        ({"papers": tuple(("arxiv", str(n)) for n in range(201))}, "papers"),
        ({"pickiness": "fussy"}, "pickiness"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    fields: dict[str, Any], field: str, save: Callable[..., InterestProfile]
) -> None:
    with pytest.raises(SubscriptionError) as refused:
        save(**fields)

    assert (refused.value.field, InterestProfile.objects.count()) == (field, 0)


def test_the_longest_that_fits_is_taken(save: Callable[..., InterestProfile]) -> None:
    row = save("x" * 80, keywords=("y" * 100, *map(str, range(MOST_ENTRIES - 1))), description="z" * 1000)

    assert len(row.keywords) == MOST_ENTRIES


def test_saving_again_replaces_the_interest(save: Callable[..., InterestProfile], now: datetime) -> None:
    row = save(keywords=("graph",), papers=(("arxiv", "1"), ("arxiv", "2")))

    again = save("Proteins", profile_id=row.pk, authors=("B. Sample",), papers=(("arxiv", "2"), ("doi", "10.1/x")))

    assert (again.pk, again.name, again.keywords, again.authors) == (row.pk, "Proteins", [], ["B. Sample"])
    assert library(again) == {"2": LIKED, "10.1/x": LIKED}


def test_saving_the_same_twice_changes_nothing_more(save: Callable[..., InterestProfile], now: datetime) -> None:
    row = save(keywords=("graph",), papers=(("arxiv", "1"),))
    paper = row.library.get().pk

    again = save(profile_id=row.pk, keywords=("graph",), papers=(("arxiv", "1"),), at=now + timedelta(days=1))

    again.refresh_from_db()
    assert (again.updated_at, again.library.get().pk) == (now, paper)


def test_what_a_reader_dislikes_stays_when_the_examples_change(
    save: Callable[..., InterestProfile], now: datetime
) -> None:
    row = save(papers=(("arxiv", "1"),))
    LibraryPaper.objects.create(profile=row, scheme="arxiv", value="9", stance=DISLIKED, added_at=now)

    save(profile_id=row.pk)

    assert library(row) == {"9": DISLIKED}


def test_a_disliked_paper_that_is_named_as_an_example_is_liked(
    save: Callable[..., InterestProfile], now: datetime
) -> None:
    row = save()
    LibraryPaper.objects.create(profile=row, scheme="arxiv", value="9", stance=DISLIKED, added_at=now)

    save(profile_id=row.pk, papers=(("arxiv", "9"),))

    assert library(row) == {"9": LIKED}


def test_two_interests_of_a_reader_cannot_have_one_name(save: Callable[..., InterestProfile]) -> None:
    save("Graphs")

    with pytest.raises(SubscriptionError, match="Another of your interests"):
        save(" Graphs ")

    assert InterestProfile.objects.count() == 1


def test_two_readers_may_use_one_name(
    save: Callable[..., InterestProfile], make_reader: Callable[..., Subscriber]
) -> None:
    make_reader(profiles=[{"name": "Graphs"}])

    assert save("Graphs").pk


def test_an_imported_list_that_is_longer_than_a_form_takes_can_be_kept_but_not_grown(
    save: Callable[..., InterestProfile],
) -> None:
    row = save()
    long = tuple(map(str, range(300)))
    InterestProfile.objects.update(keywords=list(long))

    kept = save("New name", profile_id=row.pk, keywords=long)

    assert len(kept.keywords) == 300
    with pytest.raises(SubscriptionError, match="301 entries"):
        save(profile_id=row.pk, keywords=(*long, "one more"))


def test_a_reader_has_a_bounded_number_of_interests(
    save: Callable[..., InterestProfile], make_reader: Callable[..., Subscriber]
) -> None:
    for number in range(MOST_PROFILES):
        save(f"Interest {number}")

    with pytest.raises(SubscriptionError, match="are the most"):
        save("One more")


def test_another_readers_interest_does_not_exist_for_me(
    save: Callable[..., InterestProfile], make_reader: Callable[..., Subscriber], reader: Subscriber, now: datetime
) -> None:
    theirs = make_reader(profiles=[{"name": "Theirs"}]).profiles.get()

    with pytest.raises(SubscriptionError, match="does not exist any more"):
        save("Mine now", profile_id=theirs.pk)
    with pytest.raises(SubscriptionError, match="does not exist any more"):
        services.set_profile_active(subscriber=reader, profile_id=theirs.pk, active=False, now=now)
    services.delete_profile(subscriber=reader, profile_id=theirs.pk)

    theirs.refresh_from_db()
    assert (theirs.name, theirs.active) == ("Theirs", True)


def test_an_interest_can_be_deleted_twice(save: Callable[..., InterestProfile], reader: Subscriber) -> None:
    row = save(papers=(("arxiv", "1"),))
    services.delete_profile(subscriber=reader, profile_id=row.pk)

    services.delete_profile(subscriber=reader, profile_id=row.pk)

    assert (InterestProfile.objects.count(), LibraryPaper.objects.count()) == (0, 0)


def test_an_interest_can_be_paused_and_taken_up_again(
    save: Callable[..., InterestProfile], reader: Subscriber, now: datetime
) -> None:
    row = save()
    states = []

    for active in (False, False, True):
        services.set_profile_active(subscriber=reader, profile_id=row.pk, active=active, now=now)
        row.refresh_from_db()
        states.append(row.active)

    assert states == [False, False, True]
