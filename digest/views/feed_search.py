"""A search as it stands in the address of its feed: the same search, the same address."""

from digest.search import Asked


def query_of(*, asked: Asked) -> list[tuple[str, str]]:
    """Write what is asked down in one order, whatever order it was typed in."""
    lists = {"category": asked.categories, "author": asked.authors, "source": asked.sources}
    days = {"since": asked.since, "until": asked.until}
    return [
        ("q", asked.text),
        *((name, value) for name, values in lists.items() for value in values),
        *((name, day.isoformat()) for name, day in days.items() if day),
    ]
