"""The words of a text that a search asked for. Text and terms in, pieces of the text out; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.matching._stems import stem
from digest.matching._text import stems, written_words
from digest.search.query import Field, Term

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Where words are written without spaces, or with signs that Python takes for no letters, the long way is taken.
_OTHER_SCRIPTS = re.compile("[\u0300-\u036f\u0590-\u1cff\u2e80-\U0003ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text; put together, all pieces give the text again."""

    text: str
    is_marked: bool


def highlight(*, text: str, marks: Sequence[Term], where: Field) -> tuple[Piece, ...]:
    """Cut a text where words begin and end that a search asked for in this field.

    A phrase is marked only where its words stand side by side. Words are compared by their stems, as they are found.
    """
    spans = _spans(text, [term for term in marks if term.field in {Field.ANY, where}]) if marks else []
    return tuple(_cut(text, spans))


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    wanted = {tuple(map(stem, term.words)) for term in terms}
    wanted |= {(stem(term.joined),) for term in terms if term.joined}
    firsts = {phrase[0] for phrase in wanted}
    words = list(_stems(text))
    found: list[tuple[int, int]] = []
    for place, (word, start, _) in enumerate(words):
        if word in firsts:
            for phrase in wanted:
                ends = [end for _, _, end in words[place : place + len(phrase)]]
                if tuple(word for word, _, _ in words[place : place + len(phrase)]) == phrase:
                    found.append((start, ends[-1]))
    return sorted(found)


def _stems(text: str) -> Iterator[tuple[str, int, int]]:
    """Give the stem of each word, and where it begins and ends."""
    if _OTHER_SCRIPTS.search(text):
        for written in written_words(text):
            yield stem(written.word), written.start, written.end
        return
    for found in _WORD.finditer(text):
        for word in _stems_of(found[0]):
            yield word, found.start(), found.end()


@lru_cache(maxsize=50_000)
def _stems_of(word: str) -> tuple[str, ...]:
    return stems(word)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    done = 0
    for start, end in spans:
        if start < done:
            start = done  # noqa: PLW2901 - two marks that overlap are one
        if end <= start:
            continue
        if start > done:
            yield Piece(text=text[done:start], is_marked=False)
        yield Piece(text=text[start:end], is_marked=True)
        done = end
    if done < len(text):
        yield Piece(text=text[done:], is_marked=False)
