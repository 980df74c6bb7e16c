"""Lines that begin with a tag, as RIS, MEDLINE and the Web of Science write them -> records of values by tag."""

import re
from collections.abc import Iterable, Iterator

Record = dict[str, list[str]]

_MOST_LINES = 200  # of one value: an abstract; more is no value any more


def records(*, lines: Iterable[str], tag: re.Pattern[str], first: str, last: frozenset[str]) -> Iterator[Record]:
    """Cut tagged lines into records, each value with its line breaks.

    A record begins with `first` and ends at a tag of `last`, at the next `first` after other tags, or with the file.
    `tag` has the groups `tag` and `value`; a line without a tag goes on with the value before it.
    """
    record: dict[str, list[list[str]]] = {}
    value: list[str] = []
    for line in lines:
        match = tag.match(line)
        if match is None:
            if value and line.strip() and len(value) < _MOST_LINES:
                value.append(line.strip())
            continue
        name = match["tag"]
        if name in last or (name == first and record.keys() - {first}):
            yield from _whole(record)
            record = {}
        value = []
        if name not in last:
            value.append((match["value"] or "").strip())
            record.setdefault(name, []).append(value)
    yield from _whole(record)


def _whole(record: dict[str, list[list[str]]]) -> Iterator[Record]:
    if record:
        yield {name: ["\n".join(value) for value in values] for name, values in record.items()}
