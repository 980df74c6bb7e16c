"""Words of the command line that several commands share."""

from argparse import ArgumentTypeError
from datetime import UTC, date, datetime

FIRST_YEAR, LAST_YEAR = 1970, 2999  # wide enough for every use, and far from where reckoning with days ends
MOST_DAYS = 99_999  # so that recordings of any age can be news in a trial


def moment(text: str) -> datetime:
    """Read an ISO 8601 moment into aware UTC; without a zone it is UTC; "now" is the present.

    Raises: ArgumentTypeError with what was expected.
    """
    if text == "now":
        return datetime.now(UTC)
    try:
        parsed = datetime.fromisoformat(text)
        found = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ArgumentTypeError(f"{text!r} is not a date like 2026-11-23 or 2026-11-23T08:00:00+00:00") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ArgumentTypeError(f"{text!r} is not in the years from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def day(text: str) -> date:
    """Read one day of the calendar, as 2026-06-09.

    Raises: ArgumentTypeError with what was expected.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day like 2026-06-09") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ArgumentTypeError(f"{text!r} is not in the years from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def days(text: str) -> int:
    """Read a whole number of days, in five digits at most.

    Raises: ArgumentTypeError with what was expected.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= MOST_DAYS):
        raise ArgumentTypeError(f"{text!r} is not a whole number of days from 0 to {MOST_DAYS}")
    return int(text)
