"""Papers that are like one paper: by the words of its title, and by meaning where an encoder serves."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import combinations, islice

from digest.matching._filler import FILLER_WORDS, STOP_WORDS
from digest.matching._text import fold, split_words
from digest.models import Paper
from digest.search.asked import Sort
from digest.search.filing import alternatives, label_category
from digest.search.find import load
from digest.search.index import look_up
from digest.search.meaning import near_paper
from digest.search.plan import Both, Choice, Plan, Run, steps
from digest.search.query import Field, Term

MOST_WORDS = 6  # of a title, and of an abstract: of more, their pairs would be too many
ABSTRACT_CHARS = 4_000
CANDIDATES = 200


def similar(*, paper: Paper, most: int, now: datetime) -> tuple[Paper, ...]:
    """Read the papers that are most like one, the likest first, without itself; identifiers are prefetched.

    By words these are the newest papers that share two telling words of the title; where they are too few, those of
    its category that share any, or a word that its abstract repeats. With vectors, those of like meaning among these
    and the newest papers. Of a paper without a telling word nothing is like it by words.
    """
    title = list(islice(_telling(paper.title), MOST_WORDS))
    pairs = tuple(Both(first=_run(first), second=_run(second)) for first, second in combinations(title, 2))
    by_words = list(_ask((pairs,), now)) if pairs else []
    if len(by_words) <= most and (words := dict.fromkeys([*title, *_repeated(paper.abstract)])):
        labels = _category(paper)
        by_words += _ask((tuple(_run(word) for word in words),), now, labels=labels)
    ids = near_paper(paper=paper, by_words=list(dict.fromkeys(by_words)), now=now)
    return load(paper_ids=[pk for pk in ids if pk != paper.pk][:most])


def _ask(words: tuple[Choice, ...], now: datetime, *, labels: tuple[Choice, ...] = ()) -> tuple[int, ...]:
    back = tuple(steps(last_day=now.date(), since=None))
    asked = Plan(words=words, labels=labels, steps=back, sort=Sort.RELEVANCE, counted=CANDIDATES)
    return look_up(plan=asked).paper_ids


def _category(paper: Paper) -> tuple[Choice, ...]:
    label = label_category(name=paper.primary_category)
    return ((Run(tokens=(label,)),),) if paper.primary_category else ()


def _run(word: str) -> Run:
    return Run(tokens=next(alternatives(term=Term(words=(word,), field=Field.ABSTRACT))))


def _telling(text: str) -> Iterator[str]:
    """Give the words of a text that say what it is about, in their order."""
    for word in split_words(fold(text)):
        if word not in STOP_WORDS and word not in FILLER_WORDS and not word.isdecimal():
            yield word


def _repeated(abstract: str) -> list[str]:
    """Give the telling words that an abstract says more than once, the most frequent first."""
    counted = Counter(_telling(abstract[:ABSTRACT_CHARS])).most_common(MOST_WORDS)
    return [word for word, times in counted if times > 1]
