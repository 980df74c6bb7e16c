"""Readers from a file: what is written, what is refused, and that the same file again changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model

from subscriptions import services
from subscriptions.errors import RejectedReader
from subscriptions.models import ConsentEvent, InterestProfile, LibraryPaper, OutgoingMail, Subscriber
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Status = Subscriber.Status
FULL: dict[str, Any] = {
    "email": "Ada@example.org",
    "timezone": "Europe/Berlin",
    "hour": 9,
    "cadence": "chosen",
    "weekdays": [4, 0],
    "trending": False,
    "max_papers": 5,
    "confirmed": True,
    "profiles": [
        {
            "name": "Language",
            "categories": ["cs.cl"],
            "keywords": ["state space model"],
            "exclude": ["survey"],
            "authors": ["Y. Example"],
            "description": "Models of language",
            "papers": ["2406.01234", "https://doi.org/10.1000/xyz"],
            "pickiness": "picky",
            "fades": False,
        },
        {"name": "Graphs", "keywords": ["graph"]},
    ],
}


@pytest.fixture
def load(now: datetime) -> Callable[..., list[str]]:
    def call(*rows: Any, at: datetime = now) -> list[str]:
        return [result.outcome for result in services.import_readers(rows=rows, now=at)]

    return call


def state() -> list[list[Any]]:
    """Everything that an import may write."""
    models: tuple[type[Model], ...] = (Subscriber, InterestProfile, LibraryPaper, ConsentEvent, OutgoingMail)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_a_full_row_becomes_a_reader(load: Callable[..., list[str]], now: datetime) -> None:
    outcomes = load(FULL)

    reader = Subscriber.objects.get()
    assert outcomes == ["created"]
    assert (reader.email, reader.email_normalised, reader.status) == ("Ada@example.org", "ada@example.org", "active")
    assert (reader.timezone, reader.hour, reader.cadence, reader.weekdays) == ("Europe/Berlin", 9, "chosen", [0, 4])
    assert (reader.trending, reader.max_papers, reader.confirmed_at) == (False, 5, now)
    assert reader.next_digest_at == datetime(2026, 6, 12, 7, tzinfo=UTC)


def test_the_profiles_of_a_row_become_interests(load: Callable[..., list[str]]) -> None:
    load(FULL)

    language = InterestProfile.objects.get(name="Language")
    assert (language.categories, language.keywords, language.exclude) == (["cs.CL"], ["state space model"], ["survey"])
    assert (language.authors, language.description, language.pickiness) == (
        ["Y. Example"],
        "Models of language",
        "picky",
    )
    assert set(language.library.values_list("scheme", "value")) == {("arxiv", "2406.01234"), ("doi", "10.1000/xyz")}
    graphs = InterestProfile.objects.get(name="Graphs")
    assert (language.fades, graphs.fades, graphs.pickiness) == (False, True, "balanced")


def test_a_confirmed_row_is_recorded_and_mails_nothing(load: Callable[..., list[str]]) -> None:
    load(FULL)

    event = ConsentEvent.objects.get()
    assert (event.kind, event.subscriber) == (ConsentEvent.Kind.IMPORTED, Subscriber.objects.get())
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("row", [{"email": "ada@example.org"}, {"email": "ada@example.org", "confirmed": False}])
def test_a_row_that_is_not_confirmed_is_asked_to_confirm(row: dict[str, Any], load: Callable[..., list[str]]) -> None:
    load(row)

    reader = Subscriber.objects.get()
    assert (reader.status, reader.next_digest_at, reader.hour) == (Status.PENDING, None, 8)
    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.CONFIRM
    assert not ConsentEvent.objects.exists()


def test_the_same_rows_again_change_nothing(load: Callable[..., list[str]], now: datetime) -> None:
    rows = [FULL, {"email": "ben@example.org"}]
    load(*rows)
    before = state()

    outcomes = load(*rows, at=now + timedelta(hours=1))

    assert (outcomes, state()) == (["updated", "updated"], before)


def test_a_later_row_with_the_same_address_updates_the_earlier_one(load: Callable[..., list[str]]) -> None:
    outcomes = load(
        {"email": "ada@example.org", "hour": 6, "max_papers": 3},
        {"email": "ben@example.org"},
        {"email": "ADA@example.org", "hour": 9, "confirmed": True},
    )

    ada = Subscriber.objects.get(email_normalised="ada@example.org")
    assert outcomes == ["created", "created", "updated"]
    assert (ada.hour, ada.max_papers, ada.status) == (9, 3, Status.ACTIVE)


def test_what_a_row_does_not_name_stays_as_it_is(load: Callable[..., list[str]]) -> None:
    load(FULL)

    load({"email": "ada@example.org", "max_papers": 7})

    reader = Subscriber.objects.get()
    assert (reader.max_papers, reader.hour, reader.status, reader.profiles.count()) == (7, 9, Status.ACTIVE, 2)


def test_profiles_that_a_row_does_not_name_are_removed(load: Callable[..., list[str]]) -> None:
    load(FULL)
    kept = InterestProfile.objects.get(name="Graphs").pk

    load({"email": "ada@example.org", "profiles": [{"name": "Graphs"}, {"name": "New"}]})

    assert dict(InterestProfile.objects.values_list("name", "pk"))["Graphs"] == kept
    assert set(InterestProfile.objects.values_list("name", flat=True)) == {"Graphs", "New"}


def test_an_empty_list_of_profiles_removes_them_all(load: Callable[..., list[str]]) -> None:
    load(FULL)

    load({"email": "ada@example.org", "profiles": []})

    assert not InterestProfile.objects.exists()


def test_examples_are_replaced_and_dislikes_stay(load: Callable[..., list[str]], now: datetime) -> None:
    load({"email": "ada@example.org", "profiles": [{"name": "A", "papers": ["2406.00001", "2406.00002"]}]})
    profile = InterestProfile.objects.get()
    for value, stance in (("2406.00008", "disliked"), ("2406.00009", "disliked")):
        LibraryPaper.objects.create(profile=profile, scheme="arxiv", value=value, stance=stance, added_at=now)

    load({"email": "ada@example.org", "profiles": [{"name": "A", "papers": ["2406.00002", "2406.00009"]}]})

    assert dict(profile.library.values_list("value", "stance")) == {
        "2406.00002": "liked",
        "2406.00008": "disliked",
        "2406.00009": "liked",
    }


def test_a_pending_reader_can_be_imported_as_confirmed(load: Callable[..., list[str]], now: datetime) -> None:
    load({"email": "ada@example.org"})

    load({"email": "ada@example.org", "confirmed": True})

    reader = Subscriber.objects.get()
    assert (reader.status, reader.confirmed_at) == (Status.ACTIVE, now)
    assert ConsentEvent.objects.get().kind == ConsentEvent.Kind.IMPORTED


def test_an_active_reader_is_never_made_to_confirm_again(
    load: Callable[..., list[str]], make_reader: Callable[..., Subscriber]
) -> None:
    make_reader(email="ada@example.org")

    load({"email": "ada@example.org", "confirmed": False})

    assert Subscriber.objects.get().status == Status.ACTIVE
    assert not OutgoingMail.objects.exists()


def test_a_digest_that_is_due_stays_due_through_an_import(
    load: Callable[..., list[str]], make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    make_reader(email="ada@example.org", next_digest_at=now, hour=6)

    load({"email": "ada@example.org", "hour": 11})

    assert Subscriber.objects.get().next_digest_at == now


def refused(row: Any, *, now: datetime) -> str:
    with pytest.raises(RejectedReader) as error:
        services.import_reader(row=row, now=now)
    return str(error.value)


def test_a_reader_who_left_is_not_brought_back(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    make_reader(email="ada@example.org", status=Status.UNSUBSCRIBED, hour=6)

    reason = refused({**FULL, "hour": 9}, now=now)

    assert (reason, Subscriber.objects.get().hour) == ("This reader has unsubscribed.", 6)


@pytest.mark.parametrize("known", [True, False])
def test_a_suppressed_address_is_not_imported(
    known: bool, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    reader = make_reader(email="ada@example.org", hour=6)
    services.suppress(address_key=reader.address_key, reason="complaint", detail="", now=now)
    if not known:
        reader.delete()

    assert refused(FULL, now=now) == "This address is suppressed."


def test_a_reader_who_asked_to_be_forgotten_is_not_imported(
    make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    services.erase(subscriber=make_reader(email="ada@example.org"), now=now)

    assert refused(FULL, now=now) == "This reader asked to be forgotten."


def test_a_reader_who_came_back_by_themselves_can_be_updated(
    make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    services.erase(subscriber=make_reader(email="ada@example.org"), now=now)
    make_reader(email="ada@example.org")

    assert services.import_reader(row=FULL, now=now) == "updated"


def test_a_bad_row_costs_no_other(load: Callable[..., list[str]]) -> None:
    outcomes = load({"email": "ada"}, {"email": "ben@example.org"}, None, FULL)

    assert outcomes == ["rejected", "created", "rejected", "created"]


def test_an_empty_chunk_is_no_work(load: Callable[..., list[str]]) -> None:
    assert load() == []


def test_the_number_of_queries_does_not_grow_with_the_rows(
    load: Callable[..., list[str]], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    rows = [{**FULL, "email": f"reader{number}@example.org"} for number in range(100)]

    with django_assert_max_num_queries(20):
        load(*rows)

    assert Subscriber.objects.count() == 100


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_file_imported_twice_at_once_is_imported_once(load: Callable[..., list[str]]) -> None:
    rows = [{**FULL, "email": f"reader{number}@example.org"} for number in range(50)]

    outcomes = at_once(workers=2, do=lambda: load(*rows))

    assert (Subscriber.objects.count(), InterestProfile.objects.count()) == (50, 100)
    assert sorted({outcome for one in outcomes for outcome in one}) == ["created", "updated"]
