"""The language of the search field."""

from datetime import date

import pytest

from digest.search import Field, Term, parse
from digest.search.days import Days, read_days
from digest.search.query import MAX_CHARS, MAX_TERMS


def test_words_quotes_and_minus_are_told_apart() -> None:
    query = parse(text='deep "state space" -mamba -"tree search"')

    assert query.wanted == (Term(words=("deep",)), Term(words=("state", "space")))
    assert query.excluded == (Term(words=("mamba",)), Term(words=("tree", "search")))
    assert query.notes == ()


@pytest.mark.parametrize(
    ("text", "field"),
    [("title:x", Field.TITLE), ("ti:x", Field.TITLE), ("ABS:x", Field.ABSTRACT), ("author:x", Field.AUTHOR), ("x", "")],
)
def test_a_prefix_says_where_a_word_stands(text: str, field: Field) -> None:
    assert parse(text=text).wanted == (Term(words=("x",), field=field),)


def test_what_stands_before_a_colon_and_is_no_prefix_is_a_word() -> None:
    assert [term.words for term in parse(text="GPT-4:benchmarks a:b").wanted] == [
        ("gpt", "4", "benchmarks"),
        ("a", "b"),
    ]


def test_a_hyphen_inside_a_word_is_no_minus() -> None:
    assert parse(text="few-shot").wanted == (Term(words=("few", "shot"), joined="fewshot"),)


def test_words_that_say_nothing_are_passed_over_unless_there_are_no_others() -> None:
    assert parse(text="the art of the deal").wanted == (Term(words=("art",)), Term(words=("deal",)))
    assert parse(text="the").wanted == (Term(words=("the",)),)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('"never closed', "is not closed"),
        ("author:", "Nothing stands after"),
        ("since:yesterday", "is no date"),
        ("date:2026-02-30", "is no date"),
        ("id:nothing", "is no arXiv id"),
        ("x" * (MAX_CHARS + 1), f"first {MAX_CHARS} characters"),
        ("a " * (MAX_TERMS + 1), f"first {MAX_TERMS} words"),
    ],
)
def test_what_could_not_be_used_is_said_in_one_sentence(text: str, note: str) -> None:
    notes = parse(text=text).notes

    assert len(notes) == 1
    assert note in notes[0]


def test_an_unclosed_quote_takes_all_that_follows() -> None:
    assert parse(text='deep "state space').wanted == (Term(words=("deep",)), Term(words=("state", "space")))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-05-31", date(2026, 5, 31), date(2026, 5, 31)),
        ("2025..2026-01", date(2025, 1, 1), date(2026, 1, 31)),
        ("2026..", date(2026, 1, 1), None),
        ("..2026", None, date(2026, 12, 31)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, since: date | None, until: date | None) -> None:
    assert read_days(text=text) == Days(since=since, until=until)


@pytest.mark.parametrize("text", ["", "..", "yesterday", "2026-13", "2026-02-30", "0000", "20260531", "2026..x"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_days(text=text) is None


def test_spans_of_days_are_narrowed_by_one_another() -> None:
    assert parse(text="since:2026-02 until:2026-03 date:2026").days == Days(
        since=date(2026, 2, 1), until=date(2026, 3, 31)
    )
