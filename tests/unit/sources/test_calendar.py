"""arXiv's announcement clock."""

from datetime import UTC, date, datetime

import pytest

from digest.sources._calendar import announces_on_evening_of, latest_feed_change, latest_oai_change
from digest.sources.arxiv import quiet_day


@pytest.mark.parametrize(
    ("day", "announces"),
    [
        (date(2026, 6, 11), True),  # a Thursday
        (date(2026, 6, 12), False),
        (date(2026, 6, 13), False),
        (date(2026, 6, 14), True),  # a Sunday
        (date(2026, 11, 26), False),  # Thanksgiving, a Thursday
    ],
)
def test_papers_are_announced_from_sunday_to_thursday_but_not_on_holidays(day: date, *, announces: bool) -> None:
    found = announces_on_evening_of(day=day)

    assert found is announces


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 6, 12), ""),  # Friday's feed is Thursday's announcement
        (date(2026, 6, 13), "arXiv announces nothing on Saturdays."),
        (date(2026, 6, 14), "arXiv announces nothing on Sundays."),
        (date(2026, 6, 15), ""),
        (date(2026, 11, 27), "arXiv announced nothing on 26 November (Thanksgiving)."),
    ],
)
def test_a_quiet_day_says_why(day: date, reason: str) -> None:
    found = quiet_day(day)

    assert found == reason


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        # summer time: midnight in New York is 04:00 UTC
        (datetime(2026, 6, 9, 3, 59, tzinfo=UTC), datetime(2026, 6, 8, 4, 0, tzinfo=UTC)),
        (datetime(2026, 6, 9, 4, 0, tzinfo=UTC), datetime(2026, 6, 9, 4, 0, tzinfo=UTC)),
        # over the weekend the feed still holds Thursday's announcement
        (datetime(2026, 6, 14, 12, 0, tzinfo=UTC), datetime(2026, 6, 12, 4, 0, tzinfo=UTC)),
        # winter time: 05:00 UTC
        (datetime(2026, 12, 8, 6, 0, tzinfo=UTC), datetime(2026, 12, 8, 5, 0, tzinfo=UTC)),
        # after Thanksgiving evening nothing new until Sunday's
        (datetime(2026, 11, 29, 12, 0, tzinfo=UTC), datetime(2026, 11, 26, 5, 0, tzinfo=UTC)),
    ],
)
def test_the_feed_turns_at_midnight_eastern_after_an_announcement(now: datetime, changed: datetime) -> None:
    found = latest_feed_change(now=now)

    assert found == changed


def test_oai_is_fresh_at_half_past_ten_in_the_evening() -> None:
    before = latest_oai_change(now=datetime(2026, 6, 9, 2, 29, tzinfo=UTC))
    after = latest_oai_change(now=datetime(2026, 6, 9, 2, 30, tzinfo=UTC))

    assert (before, after) == (datetime(2026, 6, 8, 2, 30, tzinfo=UTC), datetime(2026, 6, 9, 2, 30, tzinfo=UTC))
