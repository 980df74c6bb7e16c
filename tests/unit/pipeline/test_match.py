"""From rows to matches: which papers are news for whom, and each once under the interest where it ranks best."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from digest.matching import Cells
from digest.models import Digest
from digest.pipeline.match import load_window, pick
from digest.pipeline.papers import load_background
from digest.pipeline.profiles import load_profiles
from tests.builders import make_profile

Make = Callable[..., Any]

ROWS_OF_ONE = np.zeros(2, dtype=np.int64)  # two interests of one reader


def best(*cells: tuple[int, int, float]) -> Cells:
    rows, columns, scores = zip(*cells, strict=True)
    return Cells(
        rows=np.array(rows),
        columns=np.array(columns),
        scores=np.array(scores, dtype=np.float32),
        is_lifted=np.zeros(len(rows), dtype=bool),
    )


def test_a_paper_stands_under_the_profile_where_it_ranks_best() -> None:
    cells = best((0, 10, 9.0), (0, 11, 8.0), (1, 11, 3.0))

    picked = pick(best=cells, reader_of=ROWS_OF_ONE, limits=np.array([10]))

    assert [(int(cells.rows[place]), int(cells.columns[place])) for place in picked.places] == [(0, 10), (1, 11)]
    assert picked.also == {1: [0]}


def test_every_interest_is_heard_before_one_repeats_itself() -> None:
    cells = best((0, 10, 9.0), (0, 11, 8.0), (0, 12, 7.0), (1, 20, 2.0))

    picked = pick(best=cells, reader_of=ROWS_OF_ONE, limits=np.array([2]))

    assert cells.columns[picked.places].tolist() == [10, 20]


def test_readers_are_merged_each_for_themselves() -> None:
    cells = best((0, 10, 9.0), (0, 11, 8.0), (1, 10, 7.0), (2, 10, 6.0), (2, 11, 5.0))

    picked = pick(best=cells, reader_of=np.array([0, 1, 1]), limits=np.array([1, 5]))

    assert cells.rows[picked.places].tolist() == [0, 1, 2]
    assert cells.columns[picked.places].tolist() == [10, 10, 11]
    assert picked.also == {1: [2]}


def test_what_ranks_and_scores_the_same_goes_by_the_paper() -> None:
    cells = best((0, 11, 5.0), (0, 12, 5.0), (1, 10, 5.0))

    picked = pick(best=cells, reader_of=ROWS_OF_ONE, limits=np.array([3]))

    assert cells.columns[picked.places].tolist() == [10, 11, 12]


def planned(reader: Any, now: datetime, **fields: Any) -> Digest:
    values = {
        "digest_date": now.date(),
        "window_start": now - timedelta(days=1),
        "window_end": now,
        "horizon_days": 7,
        "planned_at": now,
        **fields,
    }
    return Digest(subscriber=reader, **values)


def news(digest: Digest) -> list[int]:
    window = load_window(digests=[digest])
    return [doc.id for doc, is_new in zip(window.docs, window.news(digests=[digest])[0], strict=True) if is_new]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seen", "is_news"),
    [
        (timedelta(days=1), False),  # the moment the window opens belongs to the window before
        (timedelta(days=1) - timedelta(seconds=1), True),
        (timedelta(0), True),
        (timedelta(seconds=-1), False),
    ],
)
def test_a_paper_is_news_in_the_window_in_which_it_was_first_seen(
    make_paper: Make, make_reader: Make, now: datetime, seen: timedelta, is_news: bool
) -> None:
    make_paper(seen=now - seen, submitted_at=now - timedelta(days=2))

    assert len(news(planned(make_reader(), now))) == is_news


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "is_news"), [(timedelta(days=7), True), (timedelta(days=7, seconds=1), False)])
def test_a_backfill_mails_nobody_the_past(
    make_paper: Make, make_reader: Make, now: datetime, age: timedelta, is_news: bool
) -> None:
    make_paper(submitted_at=now - age)

    assert len(news(planned(make_reader(), now))) == is_news


@pytest.mark.django_db
def test_a_paper_of_which_nobody_says_how_old_it_is_is_no_news(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    make_paper(submitted_at=None, announced_on=None)

    assert news(planned(make_reader(), now)) == []


@pytest.mark.django_db
def test_without_a_submission_date_the_day_of_the_announcement_counts(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    paper = make_paper(submitted_at=None, announced_on=now.date() - timedelta(days=1))

    assert news(planned(make_reader(), now)) == [paper.pk]


@pytest.mark.django_db
def test_a_withdrawn_paper_is_no_news(make_paper: Make, make_reader: Make, now: datetime) -> None:
    make_paper(withdrawn=True)

    assert news(planned(make_reader(), now)) == []


@pytest.mark.django_db
def test_a_paused_interest_matches_nothing(make_reader: Make, now: datetime) -> None:
    reader = make_reader(profiles=[{"name": "On"}, {"name": "Off", "active": False}])

    _, profiles = load_profiles(moments={reader.pk: now}, space=None)

    assert [profile.name for profile in profiles] == ["On"]


@pytest.mark.django_db
def test_the_library_brings_the_text_of_papers_that_are_known(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    paper = make_paper(arxiv="2606.04321", title="A liked paper")
    reader = make_reader()
    make_profile(reader=reader, likes=["2606.04321", "2606.99999"])

    _, profiles = load_profiles(moments={reader.pk: now}, space=None)

    assert [(doc.id, doc.title) for doc in profiles[0].liked] == [(paper.pk, "A liked paper")]


@pytest.mark.django_db
def test_reading_profiles_takes_the_same_queries_for_one_reader_and_for_twenty(
    make_paper: Make, make_reader: Make, now: datetime, django_assert_num_queries: Any
) -> None:
    make_paper(arxiv="2606.04321")
    readers = [make_reader(profiles=[{"name": "One", "likes": ["2606.04321"]}]) for _ in range(20)]

    with django_assert_num_queries(5):
        load_profiles(moments=dict.fromkeys((reader.pk for reader in readers), now), space=None)


@pytest.mark.django_db
def test_the_ordinary_are_the_youngest_papers_by_their_own_dates(
    make_paper: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.pipeline.papers.BACKGROUND_PAPERS", 2)
    make_paper(submitted_at=None)
    make_paper(title="Old", seen=now, submitted_at=now - timedelta(days=3000))
    young = [make_paper(submitted_at=now - timedelta(days=day)) for day in (2, 3)]

    assert {doc.id for doc in load_background(space=None)} == {paper.pk for paper in young}
