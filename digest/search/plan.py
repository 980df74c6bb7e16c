"""A query -> what an index is asked: tokens alone, and in how many steps into the past. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from digest.arxiv import category_names
from digest.search import filing
from digest.search.asked import COUNTED, Asked, Sort
from digest.search.query import Field, Query, Term

STEPS_DAYS = (90, 360)  # how far the second and the third step reach back; the first reaches ten days back
NEAR_DAYS = 3 * 365  # a beginning that is nearer is written as a list of months
MONTH_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Tokens that stand side by side; `field` where they have to be in the title or the abstract."""

    tokens: tuple[str, ...]
    field: Field = Field.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Two runs that a paper must hold, wherever they stand in it."""

    first: Run
    second: Run


Choice = tuple[Run | Both, ...]
"""What of which one is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an index is asked.

    A paper must hold a run of every one of `words` and of `labels`, and none of `without`. `steps` are the labels of
    time to look through one after the other, each reaching further back than the one before, until there are COUNTED
    hits; an empty step is all of time. Its place must be within `first` and `last`, where they are given.
    """

    words: tuple[Choice, ...] = ()
    labels: tuple[Choice, ...] = ()
    without: Choice = ()
    steps: tuple[tuple[str, ...], ...] = ((),)
    first: int | None = None
    last: int | None = None
    sort: Sort = Sort.NEWEST
    counted: int = COUNTED

    @property
    def is_open(self) -> bool:
        """Tell whether nothing is asked of a paper but its day."""
        return not (self.words or self.labels or self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Papers in order, `counted` of them at most, and whether there are more; `gave_up` after too long a time."""

    paper_ids: tuple[int, ...]
    has_more: bool
    gave_up: bool = False


def plan(*, query: Query, asked: Asked, today: date) -> Plan:
    """Say what the index is asked for a query."""
    since, until = query.days.since, query.days.until
    words = tuple(_choice(term) for term in query.wanted)
    labels = tuple(_labels(query))
    without = (*(run for term in query.excluded for run in _choice(term)), *_without(query))
    last_day = min(until, today) if until else today
    return Plan(
        words=words,
        labels=labels,
        without=without,
        steps=tuple(steps(last_day=last_day, since=since)),
        first=filing.place_of(moment=_midnight(since)) if since else None,
        last=filing.place_of(moment=_midnight(until + timedelta(days=1))) - 1 if until and until < date.max else None,
        sort=asked.sort if words or asked.sort is Sort.TRENDING else Sort.NEWEST,
    )


def steps(*, last_day: date, since: date | None) -> Iterator[tuple[str, ...]]:
    """Give the labels of time that are looked through, each step reaching further back, the last one to `since`.

    A word that is in every second paper is found often enough in the first step, and none of its older papers is
    touched. What is dated after `last_day` is found in the last step.
    """
    ten_days_before = _before(last_day, 10)
    yield tuple(dict.fromkeys(filing.label_ten_days(day=day) for day in (last_day, ten_days_before)))
    for days in STEPS_DAYS:
        begin = _before(last_day, days)
        if since and since >= begin:
            break
        yield tuple(filing.months(since=begin, until=last_day))
    is_near = since and since >= _before(last_day, NEAR_DAYS)
    yield tuple(filing.months(since=since, until=_after(last_day))) if since and is_near else ()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=min(days, (day - date.min).days))


def _after(day: date) -> date:
    return day + timedelta(days=min(MONTH_DAYS, (date.max - day).days))


def _choice(term: Term) -> Choice:
    field = term.field if term.field in {Field.TITLE, Field.ABSTRACT} else Field.ANY
    return tuple(Run(tokens=tokens, field=field) for tokens in filing.alternatives(term=term))


def _labels(query: Query) -> Iterator[Choice]:
    if query.categories:
        yield _of_categories(query.categories)
    if query.sources:
        yield tuple(Run(tokens=(filing.label_source(name=name),)) for name in query.sources)


def _without(query: Query) -> Iterator[Run]:
    yield from _of_categories(query.without_categories)
    for name in query.without_sources:
        yield Run(tokens=(filing.label_source(name=name),))


def _of_categories(names: Sequence[str]) -> tuple[Run, ...]:
    known = [other for name in names for other in category_names(name)]
    labels = dict.fromkeys(filing.label_category(name=name) for name in known)
    return tuple(Run(tokens=(label,)) for label in labels)
