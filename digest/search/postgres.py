"""The index of words on PostgreSQL: a column of tokens (tsvector) with a GIN index over it.

GIN answers which rows hold which tokens, and knows neither order nor weight: whatever is put in order must be fetched
first. A word that stands in a million papers would be fetched a million times. So the hits are looked for in steps
into the past (see plan.py), each narrowed down by labels of time inside the index, and no step is taken once there
are enough; only the newest `counted` hits are ranked.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from zlib import crc32

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from digest.search.asked import Sort
from digest.search.filing import ANY, GAP, Filed
from digest.search.plan import Both, Hits, Plan, Run
from digest.search.query import Field

Value = str | int

TITLE, PAIR = "title:", "~"  # before a word of the title, and before the mark of two words
MARKS = 2**16  # of two words; each word pair as a token of its own would make the index many times as large
MAX_POSITION = 16_383  # of a tsvector
WEIGHTS = "{{0, 0.2, 0.5, 1}}"  # of a label, the abstract, an author, the title; in a text that is still formatted
BY_LENGTH = 1  # ts_rank_cd divides by 1 + log(length)
WEIGHT_OF = {Field.TITLE: "A", Field.ABSTRACT: "C"}
GUARD = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL statement_timeout = '5s'"
"""A scan of the whole table would unpack the words of every paper, which the planner takes for free."""


# OFFSET 0 keeps the planner from walking all papers by place and testing each of them.
_STEP = """
    step{number} AS MATERIALIZED (
        SELECT * FROM (SELECT paper_id, place{terms} FROM digest_paperwords WHERE {where} OFFSET 0) AS found
        ORDER BY place DESC LIMIT %s
    )"""
_TAKE = "SELECT * FROM step{number} WHERE {conditions}"
_TRENDING = """
    trending AS MATERIALIZED (
        SELECT words.paper_id, words.place, paper.trending_score AS score
        FROM (SELECT id, trending_score FROM digest_paper WHERE trending_score > 0
              ORDER BY trending_score DESC LIMIT %s) AS paper
        JOIN digest_paperwords AS words ON words.paper_id = paper.id WHERE {where}
    )"""
_TRENDING_FIRST = """
    SELECT paper_id FROM (
        SELECT paper_id, place, max(score) AS score
        FROM (SELECT * FROM trending UNION ALL SELECT *, 0 FROM ({newest}) AS newest) AS either
        GROUP BY paper_id, place
    ) AS hits ORDER BY score DESC, place DESC"""
_BEST_FIRST = f"""
    SELECT paper_id FROM ({{newest}}) AS hits
    ORDER BY ts_rank_cd('{WEIGHTS}', terms, %s::tsquery, {BY_LENGTH}) DESC, place DESC"""  # noqa: S608 - our own words
_NEWEST_FIRST = "SELECT paper_id FROM ({newest}) AS hits ORDER BY place DESC"


class PostgresIndex:
    """Writes and reads the column `terms`."""

    def write(self, *, filed: Sequence[Filed]) -> None:
        """Write what papers are filed under; see `Index`."""
        sql = """
            INSERT INTO digest_paperwords (paper_id, place, key, terms) VALUES (%s, %s, %s, %s::tsvector)
            ON CONFLICT (paper_id) DO UPDATE SET place = excluded.place, key = excluded.key, terms = excluded.terms
        """
        with connection.cursor() as cursor:
            cursor.executemany(sql, [(one.paper_id, one.place, one.key, vector(filed=one)) for one in filed])

    def look_up(self, *, plan: Plan) -> Hits:
        """Find papers in order; see `Index`."""
        sql, values = statement(plan=plan)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(GUARD)
                cursor.execute(sql, values)
                rows = cursor.fetchall()
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
            return Hits(paper_ids=(), has_more=False, gave_up=True)
        return Hits(paper_ids=tuple(row[0] for row in rows[: plan.counted]), has_more=len(rows) > plan.counted)


INDEX = PostgresIndex()


def vector(*, filed: Filed) -> str:
    """Write tokens as a tsvector with their places: the title weighs A, authors B, the abstract C.

    What GIN could only tell by unpacking the words of every hit stands in it as tokens of their own: the words of the
    title, and marks of every two words that stand side by side.
    """
    words = [_quoted(label) for label in (*filed.labels, *(f"{TITLE}{token}" for token in filed.title))]
    place = 0
    for tokens, weight in ((filed.title, "A"), (filed.abstract, "C"), (filed.authors, "B")):
        for token in tokens:
            place += 1
            if token != GAP:
                words.append(f"{_quoted(token)}:{min(place, MAX_POSITION)}{weight}")
        words += _pairs(tokens)
        place += 1
    return " ".join(words)


def _pairs(tokens: Sequence[str]) -> Iterator[str]:
    """Give a short mark for every two tokens that stand side by side; one in MARKS of all others has the same."""
    for first, second in pairwise(tokens):
        if GAP not in {first, second}:
            yield f"'{PAIR}{crc32(f'{first} {second}'.encode(errors='replace')) % MARKS:x}'"


def statement(*, plan: Plan) -> tuple[str, list[Value]]:
    """Write the SELECT for a plan, and its values in their order."""
    values: list[Value] = []
    steps = [_step(number, plan, values) for number in range(len(plan.steps))]
    newest = _newest(plan)
    if plan.sort is Sort.TRENDING:
        steps.append(_trending(plan, values))
        hits = _TRENDING_FIRST.format(newest=newest)
    elif plan.sort is Sort.RELEVANCE:
        hits = _BEST_FIRST.format(newest=newest)
        values.append(_ranked(plan))
    else:
        hits = _NEWEST_FIRST.format(newest=newest)
    values.append(plan.counted + 1)
    return f"WITH {', '.join(steps)} {hits} LIMIT %s", values


def _step(number: int, plan: Plan, values: list[Value]) -> str:
    """Find the newest hits of a step, unless those of a step before are enough."""
    where = " AND ".join([_where(plan, plan.steps[number], values), *_not_enough_before(number, plan)])
    values.append(plan.counted + 1)
    return _STEP.format(number=number, terms=", terms" if plan.sort is Sort.RELEVANCE else "", where=where)


def _trending(plan: Plan, values: list[Value]) -> str:
    """Find what is trending among the hits: few papers, each looked at by itself."""
    values.append(plan.counted + 1)
    return _TRENDING.format(where=_where(plan, (), values))


def _newest(plan: Plan) -> str:
    """Take the first step that was enough; the last one always is."""
    parts = []
    for number in range(len(plan.steps)):
        conditions = _not_enough_before(number, plan)
        if number < len(plan.steps) - 1:
            conditions.append(_is_enough(number, plan))
        parts.append(_TAKE.format(number=number, conditions=" AND ".join(conditions) or "true"))
    return " UNION ALL ".join(parts)


def _not_enough_before(number: int, plan: Plan) -> list[str]:
    return [f"NOT {_is_enough(before, plan)}" for before in range(number)]


def _is_enough(number: int, plan: Plan) -> str:
    return f"(SELECT count(*) FROM step{number}) > {plan.counted:d}"  # noqa: S608 - two numbers of our own


def _where(plan: Plan, labels: Sequence[str], values: list[Value]) -> str:
    values.append(tsquery(plan=plan, labels=labels))
    parts = ["terms @@ %s::tsquery"]
    for condition, place in (("place >= %s", plan.first), ("place <= %s", plan.last)):
        if place is not None:
            parts.append(condition)
            values.append(place)
    return " AND ".join(parts)


def tsquery(*, plan: Plan, labels: Sequence[str]) -> str:
    """Write what is asked as a tsquery; `labels` are those of time, one of which is enough."""
    asked = [_choice(choice) for choice in (*plan.words, *plan.labels)]
    if labels:
        asked.append(_choice([Run(tokens=(label,)) for label in labels]))
    if not asked:
        asked.append(_quoted(ANY))
    return " & ".join([*asked, *(f"!({_run(run)})" for run in plan.without)])


def _ranked(plan: Plan) -> str:
    """Write the words that papers are ranked by, with their places and texts."""
    return " & ".join(f"({' | '.join(_side_by_side(run) for run in choice)})" for choice in plan.words)


def _choice(choice: Iterable[Run | Both]) -> str:
    return f"({' | '.join(_run(run) for run in choice)})"


def _run(run: Run | Both) -> str:
    """Write a run so that as few papers as can be must be unpacked for it.

    A word, and a word of the title, is a token. Of longer runs, and of those in one text, the marks of pairs narrow
    the papers down, and what is left is looked at word for word.
    """
    if isinstance(run, Both):
        return f"({_run(run.first)} & {_run(run.second)})"
    if len(run.tokens) == 1 and run.field is Field.TITLE:
        return _quoted(f"{TITLE}{run.tokens[0]}")
    return f"({' & '.join([*_pairs(run.tokens), _side_by_side(run)])})"


def _side_by_side(run: Run | Both) -> str:
    if isinstance(run, Both):
        return f"({_side_by_side(run.first)} & {_side_by_side(run.second)})"
    weight = f":{WEIGHT_OF[run.field]}" if run.field in WEIGHT_OF else ""
    return f"({' <-> '.join(f'{_quoted(token)}{weight}' for token in run.tokens)})"


def _quoted(token: str) -> str:
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
