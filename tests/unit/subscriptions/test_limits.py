"""How often something may be done, counted by the database."""

from datetime import datetime, timedelta

import pytest

from subscriptions import limits
from subscriptions.errors import TooManyRequests
from subscriptions.limits import opens_in, take
from subscriptions.models import RateWindow
from tests.threads import at_once

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def takes(count: int, *, key: str = "key", now: datetime, limit: int = 3) -> list[bool]:
    return [take(key=key, limit=limit, window=HOUR, now=now) for _ in range(count)]


def test_a_window_has_as_many_turns_as_the_limit_says(now: datetime) -> None:
    turns = takes(5, now=now)

    assert turns == [True, True, True, False, False]


def test_a_refused_turn_is_not_counted(now: datetime) -> None:
    takes(9, now=now)

    assert RateWindow.objects.get().count == 3


def test_a_window_ends_exactly_when_its_time_is_over(now: datetime) -> None:
    takes(3, now=now)

    just_before = take(key="key", limit=3, window=HOUR, now=now + HOUR - timedelta(microseconds=1))
    at_its_end = take(key="key", limit=3, window=HOUR, now=now + HOUR)

    assert (just_before, at_its_end) == (False, True)


def test_a_new_window_has_all_its_turns(now: datetime) -> None:
    takes(3, now=now)

    turns = takes(4, now=now + HOUR)

    assert turns == [True, True, True, False]


def test_keys_do_not_count_for_each_other(now: datetime) -> None:
    takes(3, key="one", now=now)

    assert takes(1, key="other", now=now) == [True]


def test_an_address_may_be_mailed_three_times_an_hour(now: datetime) -> None:
    turns = [limits.may_ask(purpose="sign-up", address_key="a", network=str(n), now=now) for n in range(4)]

    assert turns == [True, True, True, False]


def test_an_address_may_be_mailed_six_times_a_day(now: datetime) -> None:
    hours = [now + n * HOUR for n in range(8)]

    turns = [limits.may_mail(purpose="sign-up", address_key="a", now=hour) for hour in hours]

    assert turns == [True] * 6 + [False] * 2


def test_a_network_that_asks_for_too_many_addresses_is_told_so(now: datetime) -> None:
    for number in range(20):
        limits.may_ask(purpose="sign-up", address_key=str(number), network="n", now=now)

    with pytest.raises(TooManyRequests, match="your network"):
        limits.may_ask(purpose="sign-up", address_key="another", network="n", now=now)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_at_once_exactly_the_limit_gets_a_turn(now: datetime) -> None:
    turns = at_once(workers=20, do=lambda: take(key="key", limit=7, window=HOUR, now=now))

    assert turns.count(True) == 7


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_at_a_windows_end_exactly_the_limit_gets_a_turn(now: datetime) -> None:
    takes(3, now=now)

    turns = at_once(workers=20, do=lambda: take(key="key", limit=7, window=HOUR, now=now + HOUR))

    assert turns.count(True) == 7


@pytest.mark.parametrize(("later_s", "wait_s"), [(0, 60), (20.5, 40), (59.9, 1), (75, 1)])
def test_how_long_to_wait_is_told_in_whole_seconds(now: datetime, later_s: float, wait_s: int) -> None:
    take(key="api:a", limit=1, window=timedelta(minutes=1), now=now)

    waited = opens_in(key="api:a", window=timedelta(minutes=1), now=now + timedelta(seconds=later_s))

    assert waited == wait_s
