"""Sample papers for the tests of the demo: one that says the least, to be changed where a test cares."""

from datetime import UTC, datetime
from typing import Any

from digest.demo.edition import Edition
from digest.demo.papers import SamplePaper

NOW = datetime(2026, 6, 9, 10, 30, 15, 123456, tzinfo=UTC)
EDITION = Edition(first_moment=NOW.replace(microsecond=0))


def sample(**fields: Any) -> SamplePaper:
    """Make a sample paper of the first day."""
    ordinary: dict[str, Any] = {
        "number": 90001,
        "days_ago": 0,
        "title": "An invented title",
        "abstract": "An invented abstract.",
        "authors": ("Ada Example",),
        "categories": ("cs.CL", "cs.LG"),
    }
    return SamplePaper(**ordinary | fields)
