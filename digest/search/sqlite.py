"""The index of words on SQLite: a table of FTS5, whose row numbers are the places of papers.

FTS5 keeps the rows of each word in their order, so the newest hits come first without the others being read, and a
span of days is a span of rows: the steps into the past that PostgreSQL needs are not taken here.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from digest.search.asked import Sort
from digest.search.filing import ANY, Filed, paper_at
from digest.search.plan import Both, Hits, Plan, Run
from digest.search.query import Field

WEIGHTS = "10.0, 2.0, 5.0, 0.0"  # of the title, the abstract, an author, a label


class SqliteIndex:
    """Writes and reads the table digest_words."""

    def write(self, *, filed: Sequence[Filed]) -> None:
        """Write what papers are filed under; see `Index`. What stood there before, the trigger takes away."""
        shown = [one for one in filed if one.place is not None]
        texts = [
            (one.place, *(" ".join(part) for part in (one.title, one.abstract, one.authors, one.labels)))
            for one in shown
        ]
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM digest_paperwords WHERE paper_id = %s", [(one.paper_id,) for one in filed])
            cursor.executemany(
                "INSERT INTO digest_paperwords (paper_id, place, key) VALUES (%s, %s, %s)",
                [(one.paper_id, one.place, one.key) for one in filed],
            )
            cursor.executemany(
                "INSERT INTO digest_words (rowid, title, abstract, authors, labels) VALUES (%s, %s, %s, %s, %s)", texts
            )

    def look_up(self, *, plan: Plan) -> Hits:
        """Find papers in order; see `Index`."""
        places = _newest(plan)
        has_more = len(places) > plan.counted
        if plan.sort is Sort.TRENDING:
            places = dict.fromkeys([*_trending(plan), *places])
        found = [paper_at(place=place) for place in list(places)[: plan.counted]]
        return Hits(paper_ids=tuple(found), has_more=has_more)


INDEX = SqliteIndex()


def match(*, plan: Plan) -> str:
    """Write what is asked as FTS5 reads it."""
    asked = [_choice(choice) for choice in (*plan.words, *plan.labels)] or [f'"{ANY}"']
    wanted = " AND ".join(asked)
    return f"({wanted}) NOT {_choice(plan.without)}" if plan.without else wanted


def _newest(plan: Plan) -> dict[int, None]:
    """Find the newest hits, and put them in order by how well they match where that is asked."""
    rank, order = "0", "place DESC"
    if plan.sort is Sort.RELEVANCE:
        rank, order = f"bm25(digest_words, {WEIGHTS})", "rank, place DESC"
    sql = f"""
        SELECT place FROM (
            SELECT rowid AS place, {rank} AS rank FROM digest_words
            WHERE digest_words MATCH %s AND rowid BETWEEN %s AND %s ORDER BY rowid DESC LIMIT %s
        ) ORDER BY {order}
    """  # noqa: S608 - our own words
    return _places(sql, [match(plan=plan), *_span(plan), plan.counted + 1])


def _trending(plan: Plan) -> dict[int, None]:
    sql = """
        SELECT words.rowid FROM digest_paper AS paper
        JOIN digest_paperwords AS filed ON filed.paper_id = paper.id
        JOIN digest_words AS words ON words.rowid = filed.place
        WHERE paper.trending_score > 0 AND words.digest_words MATCH %s AND words.rowid BETWEEN %s AND %s
        ORDER BY paper.trending_score DESC, words.rowid DESC LIMIT %s
    """
    return _places(sql, [match(plan=plan), *_span(plan), plan.counted + 1])


def _span(plan: Plan) -> tuple[int, int]:
    first = plan.first if plan.first is not None else 0
    last = plan.last if plan.last is not None else 2**62
    return first, last


def _places(sql: str, values: list[str | int]) -> dict[int, None]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict.fromkeys(row[0] for row in cursor.fetchall())


def _choice(choice: Iterable[Run | Both]) -> str:
    return f"({' OR '.join(_run(run) for run in choice)})"


def _run(run: Run | Both) -> str:
    if isinstance(run, Both):
        return f"({_run(run.first)} AND {_run(run.second)})"
    phrase = " + ".join(_quoted(token) for token in run.tokens)
    return f"{{{run.field}}} : {phrase}" if run.field in {Field.TITLE, Field.ABSTRACT} else f"({phrase})"


def _quoted(token: str) -> str:
    doubled = token.replace('"', '""')
    return f'"{doubled}"'
