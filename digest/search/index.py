"""Paper rows -> the index that search reads: written with the papers, and for older ones in chunks by a task.

Each database has its own file: PostgreSQL a column of tokens with a GIN index, SQLite a table of FTS5. Both are given
the same tokens, so that both find the same papers.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time
from functools import cache
from importlib import import_module
from typing import Protocol

from django.db import connection, transaction

from digest.models import Paper, PaperWords
from digest.search.asked import Sort
from digest.search.filing import Filed, Text, file_text
from digest.search.plan import Hits, Plan

CHUNK = 500  # papers a transaction


class Index(Protocol):
    """What a database's file can do: see digest/search/postgres.py and sqlite.py."""

    def write(self, *, filed: Sequence[Filed]) -> None:
        """Write what papers are filed under over what was there, in the transaction that is open."""
        ...

    def look_up(self, *, plan: Plan) -> Hits:
        """Find the papers of one page, in order, and count them as far as they are counted."""
        ...


@cache
def index_of(*, vendor: str) -> Index:
    """Give the index of a kind of database."""
    module = import_module("digest.search.postgres" if vendor == "postgresql" else "digest.search.sqlite")
    found: Index = module.INDEX
    return found


def look_up(*, plan: Plan) -> Hits:
    """Ask this database's index; where nothing is asked but the day, the order of places is enough."""
    if plan.is_open and plan.sort is not Sort.TRENDING:
        return _look_up_places(plan)
    return index_of(vendor=connection.vendor).look_up(plan=plan)


def _look_up_places(plan: Plan) -> Hits:
    rows = PaperWords.objects.filter(place__isnull=False)
    if plan.first is not None:
        rows = rows.filter(place__gte=plan.first)
    if plan.last is not None:
        rows = rows.filter(place__lte=plan.last)
    found = list(rows.order_by("-place").values_list("pk", flat=True)[: plan.counted + 1])
    return Hits(paper_ids=tuple(found[: plan.counted]), has_more=len(found) > plan.counted)


def file_papers(*, papers: Iterable[Paper]) -> int:
    """File papers as they stand now, and answer of how many the index has changed. Twice gives the same.

    A paper that is withdrawn or has no title is filed under nothing.
    """
    filed = [file_text(text=to_text(paper=paper)) for paper in papers]
    known = dict(PaperWords.objects.filter(pk__in=[one.paper_id for one in filed]).values_list("pk", "key"))
    changed = sorted((one for one in filed if known.get(one.paper_id) != one.key), key=lambda one: one.paper_id)
    if changed:
        index_of(vendor=connection.vendor).write(filed=changed)
    return len(changed)


@transaction.atomic
def file_waiting(*, limit: int = CHUNK) -> int:
    """File a chunk of the papers that were never filed, the last seen first. Returns: how many; 0 when none waits.

    These are papers that were there before there was an index, or that a program of an older version has stored.
    """
    papers = list(Paper.objects.filter(words=None).order_by("-pk")[:limit].select_for_update(of=("self",)))
    file_papers(papers=papers)
    return len(papers)


def refile(*, paper_ids: Collection[int]) -> int:
    """File papers anew by their ids; see `file_papers`."""
    return file_papers(papers=Paper.objects.filter(pk__in=paper_ids))


def to_text(*, paper: Paper) -> Text:
    """Read what a paper's row says where it is filed."""
    return Text(
        paper_id=paper.pk,
        title=paper.title,
        abstract=paper.abstract,
        authors=[str(author["name"]) for author in paper.authors],
        categories=paper.categories,
        source=paper.source,
        moment=_moment(paper),
        is_shown=bool(paper.title) and not paper.withdrawn,
    )


def _moment(paper: Paper) -> datetime:
    """Tell when a paper was submitted, or as near to it as is known."""
    if paper.submitted_at is None and paper.announced_on is not None:
        return datetime.combine(paper.announced_on, time.min, tzinfo=UTC)
    return (paper.submitted_at or paper.first_seen_at).astimezone(UTC)
