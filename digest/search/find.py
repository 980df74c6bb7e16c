"""A search -> one page of papers. A first way, that reads every paper; the same answers come from the index later."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from digest.models import Paper
from digest.search.asked import COUNTED, MOST_PER_PAGE, Asked, Found, Sort
from digest.search.days import Days
from digest.search.query import Field, Query, Term, parse, term_of

IN = {Field.TITLE: ("title",), Field.ABSTRACT: ("abstract",), Field.AUTHOR: ("authors",)}


def find(*, asked: Asked, now: datetime) -> Found:
    """Find one page of papers. Whatever is asked is answered; withdrawn papers are found by their ids alone."""
    query = understand(asked=asked)
    rows = _matching(query)
    order = {Sort.TRENDING: ("-trending_score",)}.get(asked.sort, ())
    rows = rows.order_by(*order, Coalesce("submitted_at", "first_seen_at").desc(), "-pk")
    size, page = min(max(asked.per_page, 1), MOST_PER_PAGE), max(asked.page, 1)
    total = rows[: COUNTED + 1].count()
    papers = tuple(rows.prefetch_related("identifiers")[(page - 1) * size : page * size])
    return Found(
        papers=papers,
        total=min(total, COUNTED),
        has_more_than_total=total > COUNTED,
        page=page,
        has_next=min(total, COUNTED) > page * size,
        marks=query.wanted,
        notes=query.notes,
    )


def understand(*, asked: Asked) -> Query:
    """Put what was typed and what the form says beside it into one query."""
    query = parse(text=asked.text)
    authors = [term_of(text=name, where=Field.AUTHOR) for name in asked.authors]
    return replace(
        query,
        wanted=(*query.wanted, *(term for term in authors if term)),
        categories=(*query.categories, *asked.categories),
        sources=(*query.sources, *asked.sources),
        days=query.days & Days(since=asked.since, until=asked.until),
    )


def _matching(query: Query) -> "QuerySet[Paper]":
    rows = Paper.objects.mailable()
    for term in query.wanted:
        rows = rows.filter(_holds(term))
    for term in query.excluded:
        rows = rows.exclude(_holds(term))
    if query.categories:
        rows = rows.filter(primary_category__in=query.categories)
    if query.sources:
        rows = rows.filter(source__in=query.sources)
    if query.references:
        rows = Paper.objects.filter(identifiers__value__in=[value for _, value in query.references])
    if query.days.since:
        rows = rows.filter(submitted_at__date__gte=query.days.since)
    if query.days.until:
        rows = rows.filter(submitted_at__date__lte=query.days.until)
    return rows


def _holds(term: Term) -> Q:
    places = IN.get(term.field, ("title", "abstract", "authors"))
    condition = Q()
    for place in places:
        condition |= Q(**{f"{place}__icontains": " ".join(term.words)})
    return condition
