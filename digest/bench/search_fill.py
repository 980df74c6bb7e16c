"""Invented papers in any number -> rows and their index, by COPY on PostgreSQL, by INSERT elsewhere.

Words are drawn as in digest/bench/invent.py, a whole batch at once and from a larger vocabulary; a millionth paper
holds no less rare words than the first.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from digest.bench.invent import AUTHORS, CATEGORIES, ZIPF_SHIFT, spell
from digest.matching._stems import stem
from digest.models import Paper, PaperIdentifier
from digest.pipeline.copying import can_copy, copy_rows
from digest.search.filing import MINUTES_A_DAY, NUMBER_BITS, Filed, Text, file_text
from digest.search.index import index_of
from digest.search.postgres import vector

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
VOCABULARY = 200_000
BATCH = 5_000
A_MONTH = 20_000  # papers, as arXiv has them
TITLE_WORDS, ABSTRACT_WORDS, AUTHORS_EACH = 10, 160, 4
TRENDING = 200  # papers
INVENTED = 50_000  # papers at most; older ones are copies of them with other dates
MAKE_INDEX = "CREATE INDEX paper_words_terms ON digest_paperwords USING gin (terms)"
FIELDS = ["id", "title", "abstract", "authors", "categories", "primary_category", "source", "first_seen_at"]
MORE_FIELDS = ["submitted_at", "latest_version", "trending_score", "trending_note"]
_COPY_PAPERS = """
    INSERT INTO digest_paper (id, submitted_at, first_seen_at, trending_score, trending_note, {columns})
    SELECT id + %s, submitted_at - %s, first_seen_at - %s, 0, '', {columns} FROM digest_paper WHERE id <= %s
"""
_NAME_PAPERS = """
    INSERT INTO digest_paperidentifier (paper_id, scheme, value)
    SELECT number, 'arxiv', 'bench/' || lpad(number::text, 7, '0') FROM generate_series(%s, %s) AS number
"""
_COPY_WORDS = """
    INSERT INTO digest_paperwords (paper_id, place, key, terms)
    SELECT paper_id + %s, place - %s, 'copy', ts_delete(terms, ARRAY[
        'day:' || left(to_char(submitted_at, 'YYYYMMDD'), 7), 'month:' || to_char(submitted_at, 'YYYYMM')
    ]) || array_to_tsvector(ARRAY[
        'day:' || left(to_char(submitted_at - %s, 'YYYYMMDD'), 7), 'month:' || to_char(submitted_at - %s, 'YYYYMM')
    ])
    FROM digest_paperwords JOIN digest_paper ON id = paper_id WHERE paper_id <= %s
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Invented:
    """One paper: its text, and what it is filed under."""

    text: Text
    filed: Filed


class Library:
    """Invents the same papers every time."""

    def __init__(self, *, seed: int = 2026) -> None:
        self._dice = np.random.default_rng(seed)
        self.words = spell(number=VOCABULARY)
        self._stems = [stem(word) for word in self.words]
        odds = 1.0 / (np.arange(VOCABULARY) + ZIPF_SHIFT)
        self._heights = np.cumsum(odds / odds.sum())
        names = self._dice.integers(VOCABULARY // 10, VOCABULARY, size=(AUTHORS * 10, 2))
        self.authors = [f"{self.words[a].title()} {self.words[b].title()}" for a, b in names.tolist()]

    def papers(self, *, number: int) -> Iterator[list[Invented]]:
        """Invent papers batch by batch, the oldest first, so that the last one is submitted at NOW."""
        for start in range(0, number, BATCH):
            size = min(BATCH, number - start)
            drawn = np.searchsorted(self._heights, self._dice.random((size, TITLE_WORDS + ABSTRACT_WORDS)))
            people = self._dice.integers(len(self.authors), size=(size, AUTHORS_EACH))
            subjects = self._dice.integers(len(CATEGORIES), size=(size, 2))
            rows = zip(drawn.clip(max=VOCABULARY - 1).tolist(), people.tolist(), subjects.tolist(), strict=True)
            yield [self._paper(start + place, number, *row) for place, row in enumerate(rows, start=1)]

    def _paper(self, pk: int, last: int, drawn: list[int], people: list[int], subjects: list[int]) -> Invented:
        categories = tuple(dict.fromkeys(CATEGORIES[each] for each in subjects))
        text = Text(
            paper_id=pk,
            title=" ".join(self.words[each] for each in drawn[:TITLE_WORDS]),
            abstract=" ".join(self.words[each] for each in drawn[TITLE_WORDS:]),
            authors=[self.authors[each] for each in people],
            categories=categories,
            source="bench",
            moment=NOW - timedelta(days=30) * ((last - pk) / A_MONTH),
            is_shown=True,
        )
        return Invented(text=text, filed=self._file(text, drawn))

    def _file(self, text: Text, drawn: list[int]) -> Filed:
        """File a paper as `file_text` does, without reading its words again."""
        stems = tuple(self._stems[each] for each in drawn)
        filed = file_text(text=replace(text, title="", abstract=""))
        return replace(filed, title=stems[:TITLE_WORDS], abstract=stems[TITLE_WORDS:])


def fill_library(*, papers: int) -> Library:
    """Write papers into an empty database, and let it gather its statistics. Returns: what they are made of."""
    library = Library()
    with connection.cursor() as cursor:
        if can_copy():
            cursor.execute("DROP INDEX IF EXISTS paper_words_terms")
        newest = min(papers, INVENTED) if can_copy() else papers
        for batch in library.papers(number=newest):
            with transaction.atomic():
                _write(batch, last=newest)
        for first in range(newest, papers, newest):
            _repeat(cursor, first=first, number=min(newest, papers - first))
        if can_copy():
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute(f"{MAKE_INDEX} WITH (fastupdate = off)")
        cursor.execute("VACUUM ANALYZE" if can_copy() else "ANALYZE")
    return library


def _write(batch: Sequence[Invented], *, last: int) -> None:
    rows = [_row(paper.text, last) for paper in batch]
    names = [(paper.text.paper_id, "arxiv", f"bench/{paper.text.paper_id:07d}") for paper in batch]
    if not can_copy():
        fields = [*FIELDS, *MORE_FIELDS]
        loaded = [dict(zip(fields, row, strict=True)) for row in rows]
        for one in loaded:
            one |= {name: json.loads(str(one[name])) for name in ("authors", "categories")}
        Paper.objects.bulk_create([Paper(**one) for one in loaded])
        PaperIdentifier.objects.bulk_create(
            [PaperIdentifier(paper_id=pk, scheme=scheme, value=value) for pk, scheme, value in names]
        )
        index_of(vendor=connection.vendor).write(filed=[paper.filed for paper in batch])
        return
    copy_rows(model=Paper, fields=[*FIELDS, *MORE_FIELDS], rows=rows)
    copy_rows(model=PaperIdentifier, fields=["paper", "scheme", "value"], rows=names)
    _copy_words([paper.filed for paper in batch])


def _repeat(cursor: Any, *, first: int, number: int) -> None:
    """Copy the invented papers as older ones, so many months back as they are papers."""
    back = timedelta(days=30 * first // A_MONTH)
    moved = {"id", "submitted_at", "first_seen_at", "trending_score", "trending_note"}
    fields = [field for field in Paper._meta.concrete_fields if not field.generated and field.name not in moved]
    columns = ", ".join(str(field.column) for field in fields)
    cursor.execute(_COPY_PAPERS.format(columns=columns), [first, back, back, number])
    cursor.execute(_NAME_PAPERS, [first + 1, first + number])
    shift = ((back.days * MINUTES_A_DAY) << NUMBER_BITS) - first
    cursor.execute(_COPY_WORDS, [first, shift, back, back, number])


def _copy_words(filed: Sequence[Filed]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY digest_paperwords (paper_id, place, key, terms) FROM STDIN") as to,
    ):
        for one in filed:
            to.write_row((one.paper_id, one.place, f"{one.paper_id}", vector(filed=one)))


def _row(text: Text, last: int) -> tuple[object, ...]:
    people = [{"name": name, "affiliations": [], "is_group": False} for name in text.authors]
    is_trending = last - text.paper_id < TRENDING * 10 and text.paper_id % 10 == 0
    return (
        text.paper_id,
        text.title.capitalize(),
        f"{text.abstract.capitalize()}.",
        json.dumps(people),
        json.dumps(list(text.categories)),
        text.categories[0],
        text.source,
        text.moment,
        text.moment,
        1,
        *((1.0 + text.paper_id % 97, "12 upvotes") if is_trending else (0.0, "")),
    )
