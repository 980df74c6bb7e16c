"""The words of a text that a search asked for. Text and terms in, pieces of the text out; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.matching._stems import stem
from digest.matching._text import written_words
from digest.search.query import Field, Term


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
    words = [(stem(written.word), written.start, written.end) for written in written_words(text)]
    stems = [word for word, _, _ in words]
    found: list[tuple[int, int]] = []
    for phrase in wanted:
        for place, word in enumerate(stems):
            if word == phrase[0] and tuple(stems[place : place + len(phrase)]) == phrase:
                found.append((words[place][1], words[place + len(phrase) - 1][2]))
    return sorted(found)


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
