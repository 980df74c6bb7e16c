"""Words of the command line that several commands share."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime


def moment(text: str) -> datetime:
    """Read an ISO 8601 moment into aware UTC; without a zone it is UTC; "now" is the present.

    Raises: ArgumentTypeError with what was expected.
    """
    if text == "now":
        return datetime.now(UTC)
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2026-11-23 or 2026-11-23T08:00:00+00:00") from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
