"""The rule of what wins, on papers in memory."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from digest.models import Paper
from digest.pipeline.drafts import Draft
from digest.pipeline.merge import MARKS_KEPT, absorb, mark_of, merge
from digest.types import Author, Identifier, PaperRecord, SignalRecord, VersionRecord

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
FRIDAY, SUNDAY = datetime(2026, 6, 5, tzinfo=UTC), datetime(2026, 6, 7, tzinfo=UTC)


def record(title: str = "A title", *, version: int | None = None, **fields: Any) -> PaperRecord:
    versions = () if version is None else (VersionRecord(number=version),)
    return PaperRecord(
        source="invented",
        identifiers=(Identifier(scheme="arxiv", value="2606.01234"),),
        title=title,
        versions=versions,
        **({"rank": 20} | fields),
    )


def merged(*records: PaperRecord) -> Draft:
    draft = Draft(paper=Paper(first_seen_at=NOW))
    for said in records:
        merge(draft=draft, record=said)
    return draft


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        (record("a", version=1), record("b", version=2), "b"),
        (record("a", version=2), record("b", version=1), "a"),
        (record("a", version=1, rank=30), record("b", version=2, rank=10), "b"),
        (record("a", version=1, rank=30), record("b", version=1, rank=10), "a"),
        (record("a", version=1, rank=10), record("b", version=1, rank=30), "b"),
        (record("a", version=1, as_of=SUNDAY), record("b", version=1, as_of=FRIDAY), "a"),
        (record("a", version=1, as_of=FRIDAY), record("b", version=1, as_of=SUNDAY), "b"),
        (record("a", version=1, as_of=FRIDAY), record("b", version=1, as_of=FRIDAY), "b"),
        (record("a", version=1, as_of=FRIDAY), record("b", version=1), "a"),
        (record("a", version=1, updated_at=FRIDAY), record("b", updated_at=SUNDAY), "b"),
        (record("a", updated_at=SUNDAY), record("b", version=1, updated_at=FRIDAY, rank=30), "a"),
        (record("a", version=3), record("b", rank=0), "a"),
        (record("a", rank=0), record("b", version=1, rank=10), "b"),
    ],
)
def test_newer_wins_then_cleaner_then_later(first: PaperRecord, second: PaperRecord, title: str) -> None:
    draft = merged(first, second)

    assert draft.paper.title == title


def test_what_loses_fills_blanks_and_overwrites_nothing() -> None:
    good = record(version=2, rank=30, authors=(Author(name="Ada Example"),), links={"pdf": "p2"})
    poor = record(
        "other", version=1, authors=(Author(name="A. E."),), comments="2 pages", links={"pdf": "p1", "x": "y"}
    )

    draft = merged(good, poor)

    assert (draft.paper.title, draft.paper.comments) == ("A title", "2 pages")
    assert [author["name"] for author in draft.paper.authors] == ["Ada Example"]
    assert draft.paper.links == {"pdf": "p2", "x": "y"}


def test_a_record_that_was_merged_before_is_not_merged_again() -> None:
    first, second = record("a", version=1), record("b", version=1)

    draft = merged(first, second, first)

    assert draft.paper.title == "b"


def test_only_so_many_readings_of_a_paper_are_remembered() -> None:
    draft = merged(*(record(f"title {number}") for number in range(MARKS_KEPT + 5)))

    assert len(draft.paper.merged_records) == MARKS_KEPT


def test_counts_and_the_sources_name_do_not_make_another_record() -> None:
    plain = record(links={"a": "1", "b": "2"})
    counted = replace(
        plain,
        source="other",
        links={"b": "2", "a": "1"},
        signals=(SignalRecord(kind="huggingface_upvotes", value=3, day=date(2026, 6, 9)),),
    )

    assert mark_of(record=plain) == mark_of(record=counted)
    assert mark_of(record=plain) != mark_of(record=record("another title"))


def test_the_highest_count_of_a_day_is_kept_and_each_day_has_its_own() -> None:
    readings = [(9, 5.0), (9, 3.0), (10, 2.0), (9, 4.0)]
    said = [
        record(signals=(SignalRecord(kind="huggingface_upvotes", value=value, day=date(2026, 6, day)),))
        for day, value in readings
    ]

    draft = merged(*said)

    assert draft.signals == {
        ("huggingface_upvotes", date(2026, 6, 9)): 5.0,
        ("huggingface_upvotes", date(2026, 6, 10)): 2.0,
    }


def counted(value: float, *, listed: int, read: int | None) -> PaperRecord:
    """What a list of one day in June said of a paper when it was read on another; None for a recording."""
    signal = SignalRecord(kind="stars", value=value, day=date(2026, 6, listed))
    return record(signals=(signal,), counted_on=None if read is None else date(2026, 6, read))


def test_a_count_that_still_rises_is_kept_day_by_day() -> None:
    draft = merged(counted(5, listed=9, read=9), counted(8, listed=9, read=10), counted(9, listed=9, read=10))

    assert draft.signals == {("stars", date(2026, 6, 9)): 5.0, ("stars", date(2026, 6, 10)): 9.0}


def test_a_list_that_is_first_read_later_still_says_on_which_day_a_paper_was_listed() -> None:
    draft = merged(counted(5, listed=4, read=9))

    assert draft.signals == {("stars", date(2026, 6, 4)): 5.0, ("stars", date(2026, 6, 9)): 5.0}


@pytest.mark.parametrize("read", [None, 8])
def test_the_day_that_a_list_names_counts_when_nobody_knows_a_later_one(read: int | None) -> None:
    draft = merged(counted(5, listed=9, read=read))

    assert draft.signals == {("stars", date(2026, 6, 9)): 5.0}


def test_the_day_of_the_reading_does_not_make_another_record() -> None:
    assert mark_of(record=counted(5, listed=9, read=None)) == mark_of(record=counted(5, listed=9, read=10))


def test_the_first_day_of_several_announcements_is_kept() -> None:
    draft = merged(record(announced_on=date(2026, 6, 9)), record(announced_on=date(2026, 6, 8)))

    assert draft.paper.announced_on == date(2026, 6, 8)


@pytest.mark.parametrize(
    ("said", "withdrawn"),
    [
        ([(1, None, False), (2, True, False)], True),
        ([(2, True, False), (2, False, True)], False),
        ([(2, False, True), (2, True, False)], False),
        ([(2, False, True), (3, True, False)], True),
        ([(2, True, True), (3, False, True)], False),
        ([(3, False, True), (2, True, True)], False),
        ([(2, True, True), (2, None, False)], True),
    ],
)
def test_a_flag_is_believed_for_its_version_and_words_where_none_has_spoken(
    said: list[tuple[int, bool | None, bool]], *, withdrawn: bool
) -> None:
    draft = merged(
        *(
            record(version=version, withdrawn=word, withdrawn_certain=certain, comments=f"reading {number}")
            for number, (version, word, certain) in enumerate(said)
        )
    )

    assert draft.paper.withdrawn is withdrawn


def test_a_paper_that_takes_another_in_keeps_the_earlier_sight_of_it() -> None:
    draft, other = merged(record()), merged(record("other", comments="2 pages", version=2))
    other.paper.first_seen_at = FRIDAY
    other.signals = {("citations", date(2026, 6, 9)): 4.0}

    absorb(draft=draft, other=other)

    assert (draft.paper.title, draft.paper.comments, draft.paper.first_seen_at) == ("A title", "2 pages", FRIDAY)
    assert (draft.signals, set(draft.versions)) == ({("citations", date(2026, 6, 9)): 4.0}, {2})
