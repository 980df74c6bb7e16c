"""How long a page of search takes, by kind of query, beside a page that only shows 20 papers by their numbers."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from django.db import connection

from digest.bench.search_fill import NOW, Library, fill_library
from digest.errors import PermanentError
from digest.models import Paper
from digest.search import Asked, Found, Sort, find
from digest.search.asked import PER_PAGE
from digest.search.find import load

ROUNDS = 40
WARM_UP = 3
RARE, MIDDLE, COMMON = (100_000, 200_000), (2_000, 10_000), (0, 5)  # ranks of words by how often they stand
HOSTILE = ('"((( a & !b', "'; DROP TABLE digest_paper; --", "x" * 10_000, "大" * 1_000, "-a " * 300)

Show = Callable[[Asked, Found], bytes]
Query = Callable[[np.random.Generator], Asked]


def measure_search(*, papers: int, rounds: int = ROUNDS, show: Show) -> dict[str, Any]:
    """Fill an empty database and measure each kind of query; `show` renders a page.

    Returns: milliseconds at the middle and at the 95th of 100: of the selector alone, of the whole page, and of this
    process's own work in it, without the database's; and how many times longer the page takes than the floor's.
    Raises: PermanentError when the database holds papers.
    """
    if Paper.objects.exists():
        raise PermanentError("The bench fills a database with invented papers: give it an empty one.")
    began = time.perf_counter()
    library = fill_library(papers=papers)
    filled_s = time.perf_counter() - began
    floor = _floor(papers, rounds, show)
    kinds = {name: _measure(query, rounds, show) for name, query in _kinds(library)}
    for took in kinds.values():
        took["page_to_floor_p95"] = round(took["page_ms_p95"] / floor["page_ms_p95"], 2)
    return {
        "papers": papers,
        "database": connection.vendor,
        "rounds": rounds,
        "fill_s": round(filled_s, 1),
        "floor": floor,
        "kinds": kinds,
    }


def _kinds(library: Library) -> Iterator[tuple[str, Query]]:
    words, authors = library.words, library.authors

    def word(dice: np.random.Generator, ranks: tuple[int, int]) -> str:
        return words[int(dice.integers(*ranks))]

    yield "rare word", lambda dice: Asked(text=word(dice, RARE))
    yield "middling word", lambda dice: Asked(text=word(dice, MIDDLE))
    yield "common word", lambda dice: Asked(text=word(dice, COMMON))
    yield "common words", lambda dice: Asked(text=f"{word(dice, COMMON)} {word(dice, MIDDLE)}")
    yield "phrase", lambda dice: Asked(text=f'"{word(dice, COMMON)} {word(dice, (5, 50))}"')
    yield "phrase of no paper", lambda dice: Asked(text=f'"{word(dice, MIDDLE)} {word(dice, MIDDLE)}"')
    yield "title", lambda dice: Asked(text=f"title:{word(dice, (50, 500))}")
    yield "author", lambda dice: Asked(text=f'author:"{authors[int(dice.integers(len(authors)))]}"')
    yield "category and dates", lambda _: Asked(text="since:2026-02-01 until:2026-04-30", categories=("cs.LI",))
    yield "category, dates, word", lambda dice: Asked(text=f"{word(dice, COMMON)} cat:cs.LI since:2026-01")
    yield "newest of a common word", lambda dice: Asked(text=word(dice, COMMON), sort=Sort.NEWEST)
    yield "trending of a common word", lambda dice: Asked(text=word(dice, COMMON), sort=Sort.TRENDING)
    yield "last page", lambda dice: Asked(text=word(dice, COMMON), page=50)
    yield "without a word", lambda dice: Asked(text=f"-{word(dice, COMMON)}")
    yield "nothing asked", lambda _: Asked()
    yield "no hit", lambda _: Asked(text="qqqzzz unheard")
    yield "hostile", lambda dice: Asked(text=HOSTILE[int(dice.integers(len(HOSTILE)))])


def _measure(query: Query, rounds: int, show: Show) -> dict[str, float]:
    dice = np.random.default_rng(7)
    selector, page, work, totals = [], [], [], []
    for number in range(rounds + WARM_UP):
        asked = query(dice)
        began, worked = time.perf_counter(), time.process_time()
        found = find(asked=asked, now=NOW)
        in_between = time.perf_counter()
        show(asked, found)
        ended = time.perf_counter()
        if number >= WARM_UP:
            selector.append(in_between - began)
            page.append(ended - began)
            work.append(time.process_time() - worked)
            totals.append(found.total)
    spread = _spread("selector", selector) | _spread("page", page) | _spread("own_work", work)
    return spread | {"hits_p50": float(np.median(totals))}


def _floor(papers: int, rounds: int, show: Show) -> dict[str, float]:
    """Measure the same page with 20 papers that are read by their numbers."""
    dice = np.random.default_rng(7)
    took, work = [], []
    for number in range(rounds + WARM_UP):
        ids = (dice.integers(papers, size=PER_PAGE) + 1).tolist()
        began, worked = time.perf_counter(), time.process_time()
        rows = load(paper_ids=ids)
        show(Asked(), Found(papers=rows, total=PER_PAGE, has_more_than_total=False, page=1, has_next=False))
        if number >= WARM_UP:
            took.append(time.perf_counter() - began)
            work.append(time.process_time() - worked)
    return _spread("page", took) | _spread("own_work", work)


def _spread(name: str, seconds: list[float]) -> dict[str, float]:
    middle, high = np.percentile(seconds, [50, 95])
    return {f"{name}_ms_p50": round(middle * 1000, 1), f"{name}_ms_p95": round(high * 1000, 1)}
