"""A search -> one page of papers, by the index of words; see digest/search/__init__.py."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from digest.models import Paper, PaperIdentifier
from digest.search.asked import COUNTED, MOST_PER_PAGE, Asked, Found, Sort
from digest.search.days import Days
from digest.search.index import look_up
from digest.search.meaning import by_meaning
from digest.search.plan import Hits, plan
from digest.search.query import Field, Query, parse, term_of


def find(*, asked: Asked, now: datetime) -> Found:
    """Find one page of papers. Whatever is asked is answered, in a number of queries that does not depend on it.

    Withdrawn papers are found by their ids alone. Of more than COUNTED hits the newest are ranked.
    """
    query = understand(asked=asked)
    hits = _hits(query, asked, now)
    size, page = min(max(asked.per_page, 1), MOST_PER_PAGE), max(asked.page, 1)
    on_page = hits.paper_ids[(page - 1) * size : page * size]
    return Found(
        papers=load(paper_ids=on_page),
        total=len(hits.paper_ids),
        has_more_than_total=hits.has_more,
        page=page,
        has_next=len(hits.paper_ids) > page * size,
        marks=query.wanted,
        notes=(*query.notes, *_notes(query, hits)),
    )


def understand(*, asked: Asked) -> Query:
    """Put what was typed and what the form says beside it into one query."""
    query = parse(text=asked.text)
    authors = [term_of(text=name, where=Field.AUTHOR) for name in asked.authors]
    days = query.days & Days(since=asked.since, until=asked.until)
    notes = (_("The first of the two dates is after the second, so no day is left."),) if days.is_empty else ()
    return replace(
        query,
        wanted=(*query.wanted, *(term for term in authors if term)),
        categories=(*query.categories, *asked.categories),
        sources=(*query.sources, *asked.sources),
        days=days,
        notes=(*query.notes, *notes),
    )


def load(*, paper_ids: Sequence[int]) -> tuple[Paper, ...]:
    """Read papers with their identifiers, in the order of their ids."""
    papers = Paper.objects.prefetch_related("identifiers").in_bulk(list(paper_ids))
    return tuple(papers[pk] for pk in paper_ids if pk in papers)


def _hits(query: Query, asked: Asked, now: datetime) -> Hits:
    if query.references:
        return _named(query)
    if query.days.is_empty:
        return Hits(paper_ids=(), has_more=False)
    asking = plan(query=query, asked=asked, today=now.date())
    hits = look_up(plan=asking)
    if asking.sort is not Sort.RELEVANCE:
        return hits
    words = " ".join(word for term in query.wanted for word in term.words)
    ids = by_meaning(text=words, by_words=hits.paper_ids, plan=asking, now=now)
    return replace(hits, paper_ids=ids[:COUNTED])


def _notes(query: Query, hits: Hits) -> Iterator[str]:
    if hits.gave_up:
        yield _("This search took too long and was given up. Another word, a category or a date makes it quicker.")
    if query.references and not hits.paper_ids:
        yield _("We do not have this paper.")


def _named(query: Query) -> Hits:
    """Find the papers that are asked for by their names, whatever else is asked."""
    wanted = set(query.references)
    schemes, values = zip(*wanted, strict=True)
    rows = PaperIdentifier.objects.filter(scheme__in=schemes, value__in=values)
    found = dict.fromkeys(row.paper_id for row in rows.order_by("paper_id") if (row.scheme, row.value) in wanted)
    return Hits(paper_ids=tuple(found), has_more=False)
