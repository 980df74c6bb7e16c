"""A reader's likes help others only when the reader said so, and the proof of it is kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from subscriptions import services
from subscriptions.errors import ReaderGone
from subscriptions.models import ConsentEvent, Subscriber

pytestmark = pytest.mark.django_db
WORDING = "My likes may help"


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader(email="ada@example.org")


@pytest.fixture
def say(reader: Subscriber, now: datetime) -> Callable[..., None]:
    def call(*, shares: bool) -> None:
        services.share_taste(subscriber=reader, shares=shares, wording=WORDING, now=now)

    return call


@pytest.fixture
def load(now: datetime) -> Callable[..., list[str]]:
    def call(**row: Any) -> list[str]:
        rows = [{"email": "ada@example.org", **row}]
        return [result.outcome for result in services.import_readers(rows=rows, now=now)]

    return call


def kinds() -> list[str]:
    return list(ConsentEvent.objects.order_by("pk").values_list("kind", flat=True))


def shares() -> bool:
    return Subscriber.objects.get().shares_taste


def test_nobody_shares_unasked(reader: Subscriber) -> None:
    assert not shares()


def test_a_yes_is_kept_with_the_words_that_were_shown(say: Callable[..., None], now: datetime) -> None:
    say(shares=True)

    event = ConsentEvent.objects.get()
    assert shares()
    assert (event.kind, event.wording, event.at) == ("taste_shared", WORDING, now)


def test_taking_it_back_is_as_easy_and_on_record(say: Callable[..., None]) -> None:
    say(shares=True)
    say(shares=False)

    assert not shares()
    assert kinds() == ["taste_shared", "taste_withdrawn"]


def test_the_same_answer_twice_is_one(say: Callable[..., None]) -> None:
    for _ in range(2):
        say(shares=False)
        say(shares=True)
        say(shares=True)

    assert kinds() == ["taste_shared", "taste_withdrawn", "taste_shared"]


def test_a_reader_who_was_erased_is_asked_nothing(reader: Subscriber, say: Callable[..., None], now: datetime) -> None:
    services.erase(subscriber=reader, now=now)

    with pytest.raises(ReaderGone):
        say(shares=True)


def test_a_file_may_bring_a_consent_that_was_given_elsewhere(load: Callable[..., list[str]]) -> None:
    outcomes = [load(confirmed=True, shares_taste=True), load(confirmed=True, shares_taste=True)]

    assert outcomes == [["created"], ["updated"]]
    assert shares()
    assert kinds() == ["imported", "taste_shared"]


def test_a_file_that_says_nothing_of_it_leaves_it_alone(
    say: Callable[..., None], load: Callable[..., list[str]]
) -> None:
    say(shares=True)
    load(hour=9)

    assert shares()


def test_a_file_does_not_turn_on_again_what_the_reader_turned_off(
    say: Callable[..., None], load: Callable[..., list[str]]
) -> None:
    say(shares=True)
    say(shares=False)
    load(shares_taste=True)

    assert not shares()
    assert kinds() == ["taste_shared", "taste_withdrawn"]


def test_a_file_may_always_take_it_back(say: Callable[..., None], load: Callable[..., list[str]]) -> None:
    say(shares=True)
    load(shares_taste=False)

    assert not shares()
    assert kinds() == ["taste_shared", "taste_withdrawn"]


def test_a_file_that_does_not_say_yes_or_no_is_refused(load: Callable[..., list[str]]) -> None:
    assert load(shares_taste="yes") == ["rejected"]
