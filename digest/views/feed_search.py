"""The search that stands in the address of a feed, as the search page has it too."""

from datetime import date

from django.http import QueryDict

from digest.search import Asked


def asked_of(*, typed: QueryDict) -> Asked:
    """Read what is asked. What is no day is passed over."""
    return Asked(
        text=typed.get("q", ""),
        categories=_several(typed, "category"),
        authors=_several(typed, "author"),
        sources=_several(typed, "source"),
        since=_day(typed.get("since", "")),
        until=_day(typed.get("until", "")),
    )


def query_of(*, asked: Asked) -> list[tuple[str, str]]:
    """Write what is asked down in one order, whatever order it was typed in."""
    lists = {"category": asked.categories, "author": asked.authors, "source": asked.sources}
    days = {"since": asked.since, "until": asked.until}
    return [
        ("q", asked.text),
        *((name, value) for name, values in lists.items() for value in values),
        *((name, day.isoformat()) for name, day in days.items() if day),
    ]


def _several(typed: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(value for value in typed.getlist(name) if value.strip())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
