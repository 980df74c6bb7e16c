"""Papers that are like one paper: by the words of its title, and by meaning where an encoder serves."""

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from digest.matching._filler import FILLER_WORDS, STOP_WORDS
from digest.matching._text import fold, split_words
from digest.models import Paper
from digest.search.asked import Sort
from digest.search.filing import alternatives
from digest.search.find import load
from digest.search.index import look_up
from digest.search.meaning import near_paper
from digest.search.plan import Both, Plan, Run, steps
from digest.search.query import Field, Term

TITLE_WORDS = 6  # that say something: of more, their pairs would be too many
CANDIDATES = 200


def similar(*, paper: Paper, most: int, now: datetime) -> tuple[Paper, ...]:
    """Read the papers that are most like one, the likest first, without itself; identifiers are prefetched.

    Without vectors these are the newest papers that share two telling words of the title; with them, those of like
    meaning too, among these and the newest papers. Of a title without such words nothing is like it by words.
    """
    by_words = look_up(plan=_plan(paper, now)).paper_ids if len(list(_telling(paper.title))) > 1 else ()
    ids = near_paper(paper=paper, by_words=by_words, now=now)
    return load(paper_ids=[pk for pk in ids if pk != paper.pk][:most])


def _plan(paper: Paper, now: datetime) -> Plan:
    words = [
        Run(tokens=next(alternatives(term=Term(words=(word,), field=Field.ABSTRACT)))) for word in _telling(paper.title)
    ]
    pairs = tuple(Both(first=first, second=second) for first, second in combinations(words, 2))
    return Plan(
        words=(pairs,), steps=tuple(steps(last_day=now.date(), since=None)), sort=Sort.RELEVANCE, counted=CANDIDATES
    )


def _telling(title: str) -> Iterator[str]:
    """Give the words of a title that say what it is about, TITLE_WORDS at most."""
    words = dict.fromkeys(split_words(fold(title)))
    telling = [word for word in words if word not in STOP_WORDS and word not in FILLER_WORDS and not word.isdecimal()]
    yield from telling[:TITLE_WORDS]
