"""An unwanted paper in; out: words and categories that would keep papers like it away, and what they would cost.

A proposal is something that the paper dwells on, that is rare among recent papers, that the reader never asked for
and that next to none of the papers they like has. What it counts is what the exclusion itself would find.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from digest.matching._arxiv import canonical, category_values, codes_of
from digest.matching._filler import FILLER_WORDS, STOP_WORDS
from digest.matching._reading import ABSTRACT_LIMIT, ABSTRACT_WEIGHT, TITLE_LIMIT, TITLE_WEIGHT
from digest.matching._stems import stem
from digest.matching._text import WrittenWord, fold, is_spaceless, joined_words, split_words, stems, written_words
from digest.matching._wording import read_keyword
from digest.types import PaperDoc

MOST_PROPOSALS = 5
MOST_COMMON = 0.1  # of the recent papers may hold what is telling
MOST_LIKED = 0.05  # of the papers that the reader likes may hold what is proposed
LEAST_MENTIONS = 2.0  # once in the title, or twice in the abstract: what a paper is about it says again
HALF_TOLD = 1.5  # mentions that tell half of what many do
PHRASE = 1.5  # two words together say more closely what is not wanted than either, and take less else along
SHORTEST_WORD = 3  # letters
WORD = re.compile(r"[^\W_]+")
WORDS = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")  # no sign, no formula: a reader shall know what they tick


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something to exclude, and what it would have done.

    It would have kept out `kept_out` of the `n_sent` papers sent; `liked` of the `n_liked` papers that the reader
    likes have it too.
    """

    term: str
    is_category: bool
    kept_out: int
    n_sent: int
    liked: int
    n_liked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A paper as exclusions read it: its stems in a row, and the codes of its categories."""

    paper_id: int
    line: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A word, two words or a category of the paper, and how much it dwells on them."""

    term: str
    stems: frozenset[str]
    mentions: float
    ways: tuple[str, ...] = ()
    code: str = ""

    def count(self, pages: Iterable[_Page]) -> int:
        """Count the papers that excluding this would keep out."""
        if self.code:
            return sum(self.code in page.codes for page in pages)
        return sum(any(way in page.line for way in self.ways) for page in pages)


def propose_exclusions(
    *,
    paper: PaperDoc,
    liked: Sequence[PaperDoc],
    sent: Sequence[PaperDoc],
    recent: Sequence[PaperDoc],
    wanted: Sequence[str],
) -> tuple[Proposal, ...]:
    """Propose what a reader could exclude who does not want the topic of a paper, the most telling first.

    `recent` papers stand for the ordinary; `wanted` is what the reader asked for in words: keywords, categories, a
    description. Returns: at most MOST_PROPOSALS, no two with a word in common.
    """
    liked_pages, sent_pages = _read_all(liked), _read_all(sent)
    others = [page for page in _read_all(recent) if page.paper_id != paper.id]
    asked = frozenset(word for text in wanted for word in stems(text)) | {canonical(text) for text in wanted}
    ranked = []
    for candidate in _candidates(paper, asked):
        held = candidate.count(others)
        is_rare = held <= max(1, MOST_COMMON * len(others))
        is_liked = candidate.count(liked_pages) > MOST_LIKED * len(liked)
        if is_rare and not is_liked:
            ranked.append((*_rank(candidate, held=held, n_others=len(others)), candidate))
    chosen = _apart(candidate for *_, candidate in sorted(ranked, key=lambda entry: entry[:-1]))
    return tuple(
        Proposal(
            term=candidate.term,
            is_category=bool(candidate.code),
            kept_out=candidate.count(sent_pages),
            n_sent=len(sent),
            liked=candidate.count(liked_pages),
            n_liked=len(liked),
        )
        for candidate in chosen
    )


def _rank(candidate: _Candidate, *, held: int, n_others: int) -> tuple[bool, float, str]:
    """Put a word that keeps out nothing but this one paper behind the rest: it is a name, and no topic."""
    is_phrase = len(candidate.stems) > 1
    dwells = candidate.mentions / (candidate.mentions + HALF_TOLD) * (PHRASE if is_phrase else 1.0)
    is_name = held == 0 and not (is_phrase and candidate.mentions > LEAST_MENTIONS)
    return is_name, -dwells * log((n_others + 2) / (held + 1)), candidate.term


def _apart(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Take the first few that say something new."""
    chosen: list[_Candidate] = []
    for candidate in candidates:
        if len(chosen) < MOST_PROPOSALS and not any(candidate.stems & other.stems for other in chosen):
            chosen.append(candidate)
    return chosen


def _candidates(paper: PaperDoc, asked: frozenset[str]) -> list[_Candidate]:
    """Collect what a paper dwells on and nobody asked for, each thing as it is written first."""
    spelled: dict[frozenset[str], str] = {}
    mentions: dict[frozenset[str], float] = {}
    for text, counts in ((paper.title[:TITLE_LIMIT], TITLE_WEIGHT), (paper.abstract[:ABSTRACT_LIMIT], ABSTRACT_WEIGHT)):
        for term in _terms(text):
            key = frozenset(stems(term))
            spelled.setdefault(key, term)
            mentions[key] = mentions.get(key, 0.0) + counts
    dwelt_on = {key: count for key, count in mentions.items() if count >= LEAST_MENTIONS and not key & asked}
    words = (_word(spelled[key], key, count) for key, count in dwelt_on.items())
    codes = (code for code in dict.fromkeys(paper.categories) if asked.isdisjoint(codes_of(code)))
    return [*filter(None, words), *map(_category, codes)]


def _terms(text: str) -> Iterator[str]:
    """Find the telling words of a text, and pairs of them with nothing but a blank or a hyphen in between."""
    words = list(written_words(text))
    for word in words:
        yield from _spelled(text, word, word)
    for one, other in pairwise(words):
        if text[one.end : other.start] in {" ", "-", "\n"}:
            yield from _spelled(text, one, other)


def _spelled(text: str, first: WrittenWord, last: WrittenWord) -> Iterator[str]:
    is_command = text[: first.start].endswith("\\")  # of TeX
    if not is_command and all(_is_telling(found.word) for found in {first, last}):
        term = " ".join(text[first.start : last.end].split())
        if WORDS.fullmatch(term):
            yield WORD.sub(lambda found: found[0] if any(map(str.isupper, found[0][1:])) else found[0].lower(), term)


def _is_telling(word: str) -> bool:
    plain = len(word) >= SHORTEST_WORD and word.isalpha() and not is_spaceless(word)
    return plain and word not in STOP_WORDS and word not in FILLER_WORDS


def _word(term: str, key: frozenset[str], mentions: float) -> _Candidate | None:
    keyword = read_keyword(term)
    if keyword is None:
        return None
    ways = tuple(f" {' '.join(way)} " for way in keyword.ways)
    return _Candidate(term=term, stems=key, mentions=mentions, ways=ways)


def _category(code: str) -> _Candidate:
    own = canonical(code)
    return _Candidate(term=code, stems=frozenset({own}), mentions=TITLE_WEIGHT, code=own)


def _read_all(papers: Sequence[PaperDoc]) -> list[_Page]:
    return [_read(paper) for paper in papers]


def _read(paper: PaperDoc) -> _Page:
    fields = [fold(paper.title[:TITLE_LIMIT]), fold(paper.abstract[:ABSTRACT_LIMIT])]
    rows = [words(field) for field in fields for words in (split_words, joined_words)]
    line = " | ".join(" ".join(map(stem, row)) for row in rows)
    return _Page(paper_id=paper.id, line=f" {line} ", codes=frozenset(category_values(paper)))
