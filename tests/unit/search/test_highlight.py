"""Which words of a text are marked."""

import hypothesis
import pytest
from hypothesis import strategies

from digest.search import Field, parse
from digest.search.highlight import highlight


def marks(text: str, asked: str, *, where: Field = Field.ABSTRACT) -> list[str]:
    """The stretches that are marked."""
    pieces = highlight(text=text, marks=parse(text=asked).wanted, where=where)
    return [piece.text for piece in pieces if piece.is_marked]


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Models of a model.", "model", ["Models", "model"]),
        ("State space, state and space", '"state space"', ["State space"]),
        ("Pre-training and pretraining", "pre-training", ["Pre-training", "pretraining"]),
        ("Na\u00efve naive", "naive", ["Na\u00efve", "naive"]),
        ("大语言模型读唐诗", "唐诗", ["唐诗"]),
        ("Быстрые алгоритмы", "АЛГОРИТМЫ", ["алгоритмы"]),
        ("The reader's view", "readers", ["reader's"]),
        ("nothing here", "else", []),
    ],
)
def test_words_are_marked_as_they_are_found(text: str, asked: str, expected: list[str]) -> None:
    assert marks(text, asked) == expected


def test_a_word_asked_for_in_one_field_is_marked_in_that_alone() -> None:
    assert marks("a model", "title:model", where=Field.ABSTRACT) == []
    assert marks("a model", "title:model", where=Field.TITLE) == ["model"]


@hypothesis.given(text=strategies.text(max_size=80), asked=strategies.text(max_size=30))
def test_put_together_the_pieces_are_the_text(text: str, asked: str) -> None:
    pieces = highlight(text=text, marks=parse(text=asked).wanted, where=Field.TITLE)

    assert "".join(piece.text for piece in pieces) == text
