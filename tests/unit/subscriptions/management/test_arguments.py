"""The words of the command line that several commands share."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime

import pytest

from subscriptions.management.arguments import days, moment


@pytest.mark.parametrize("text", ["2026-06-09T08:00:00Z", "2026-06-09T08:00", "2026-06-09T21:00+13:00"])
def test_a_moment_is_read_into_utc(text: str) -> None:
    assert moment(text) == datetime(2026, 6, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "2026-02-30", "9999-12-31T23:59:59-10:00", "0001-01-01T00:00+14:00", "0001-01-01", "9999-12-31"],
)
def test_a_moment_with_which_nothing_can_be_reckoned_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not"):
        moment(text)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("99999", 99_999)])
def test_days_are_a_whole_number(text: str, number: int) -> None:
    assert days(text) == number


@pytest.mark.parametrize("text", ["-1", "1.5", "", "100000", "9" * 5000, "²", "٣", "week"])
def test_days_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="whole number of days"):
        days(text)
