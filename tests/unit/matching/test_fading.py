"""Older likes count less, never below nothing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching._fading import HALF_LIFE, weight

AGES = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400_000))


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(), 1.0), (HALF_LIFE, 0.5), (2 * HALF_LIFE, 0.25), (timedelta(days=90), 0.5**0.5)],
)
def test_a_like_loses_half_of_its_weight_in_half_a_year(age: timedelta, expected: float) -> None:
    assert weight(age=age, fades=True) == pytest.approx(expected)


@given(AGES)
def test_a_like_that_does_not_fade_always_counts_in_full(age: timedelta) -> None:
    assert weight(age=age, fades=False) == 1.0


@given(AGES, AGES)
def test_an_older_like_never_counts_more(one: timedelta, other: timedelta) -> None:
    younger, older = sorted((one, other))

    assert 0.0 <= weight(age=older, fades=True) <= weight(age=younger, fades=True) <= 1.0


def test_a_like_from_a_clock_that_runs_ahead_counts_as_one_of_now() -> None:
    assert weight(age=timedelta(seconds=-1), fades=True) == 1.0
