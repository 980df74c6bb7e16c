"""Which encoder's vectors matching reads: the old one until the new one covers what matching needs, and not longer."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from digest.models import EncoderState, Paper, PaperVector
from digest.pipeline import serving
from digest.pipeline.index import index_papers, index_waiting
from digest.pipeline.serving import (
    KEPT_FOR,
    RECENT,
    TURN_TIMEOUT,
    Meaning,
    end_turn,
    meaning,
    serving_encoder,
    take_turn,
    tidy_vectors,
)
from tests.builders import NOW, make_paper
from tests.encoders import MODEL, FakeEncoder, FakeLoader
from tests.threads import at_once

pytestmark = pytest.mark.django_db

A_MOMENT = timedelta(seconds=1)
OLD, NEW = FakeEncoder(version="old"), FakeEncoder(version="new")
OLD_NAME, NEW_NAME = f"{MODEL}@old", f"{MODEL}@new"
Status = EncoderState.Status


def make_papers(number: int) -> list[Paper]:
    """Save papers, the last seen first."""
    return [make_paper(seen=NOW - timedelta(hours=hour)) for hour in range(number)]


def index(encoder: FakeEncoder, *, limit: int = 100, now: datetime = NOW) -> None:
    index_papers(encoder=encoder, now=now, limit=limit)


def statuses() -> dict[str, str]:
    return dict(EncoderState.objects.values_list("encoder", "status"))


# --- who serves -------------------------------------------------------------------------


def test_nothing_serves_where_nobody_chose_an_encoder() -> None:
    make_papers(1)
    index(NEW)

    assert serving_encoder() is None


@pytest.mark.parametrize(("encoded", "serves"), [(2, None), (3, NEW_NAME)], ids=["one is missing", "all are there"])
def test_the_first_encoder_serves_when_all_papers_have_vectors(
    loader: FakeLoader, encoded: int, serves: str | None
) -> None:
    make_papers(3)

    index(NEW, limit=encoded)

    assert serving_encoder() == serves


@pytest.mark.parametrize(("encoded", "serves"), [(2, OLD_NAME), (3, NEW_NAME)], ids=["one is missing", "all are there"])
def test_the_old_encoder_serves_until_the_new_one_has_all_vectors(
    loader: FakeLoader, encoded: int, serves: str
) -> None:
    make_papers(3)
    index(OLD)

    index(NEW, limit=encoded)

    assert serving_encoder() == serves


def test_an_encoder_that_serves_goes_on_while_new_papers_wait(loader: FakeLoader) -> None:
    index(NEW)
    make_papers(3)

    index(NEW, limit=1)

    assert serving_encoder() == NEW_NAME


@pytest.mark.parametrize(
    ("age", "serves"), [(RECENT - A_MOMENT, None), (RECENT, NEW_NAME)], ids=["just young enough", "just too old"]
)
def test_a_paper_seen_long_ago_holds_nobody_up(
    loader: FakeLoader, monkeypatch: pytest.MonkeyPatch, age: timedelta, serves: str | None
) -> None:
    monkeypatch.setattr(serving, "YOUNGEST", 1)
    make_paper(seen=NOW)
    make_paper(seen=NOW - age)

    index(NEW, limit=1)

    assert serving_encoder() == serves


@pytest.mark.parametrize(("youngest", "serves"), [(2, None), (1, NEW_NAME)], ids=["in the background", "behind it"])
def test_the_background_is_needed_however_long_ago_it_was_seen(
    loader: FakeLoader, monkeypatch: pytest.MonkeyPatch, youngest: int, serves: str | None
) -> None:
    monkeypatch.setattr(serving, "YOUNGEST", youngest)
    make_paper(seen=NOW - 2 * RECENT)
    make_paper(seen=NOW - 3 * RECENT)

    index(NEW, limit=1)

    assert serving_encoder() == serves


def test_a_paper_of_which_no_vector_can_be_made_holds_nobody_up(loader: FakeLoader) -> None:
    make_paper(title="Bad", abstract="")
    make_paper(title="Good", abstract="")

    index(FakeEncoder(version="new", spoilt=frozenset({"Bad"})))

    assert serving_encoder() == NEW_NAME


def test_nothing_serves_while_the_chosen_encoder_cannot_be_loaded(loader: FakeLoader) -> None:
    make_papers(1)
    index_waiting(now=NOW)
    loader.damage = "The files are damaged."
    serving.note_broken(model=MODEL, reason=loader.damage, now=NOW)

    assert serving_encoder() is None


def test_an_encoder_that_can_be_loaded_again_serves_at_once(loader: FakeLoader) -> None:
    make_papers(1)
    index_waiting(now=NOW)
    serving.note_broken(model=MODEL, reason="The files are damaged.", now=NOW)

    index_waiting(now=NOW)

    assert serving_encoder() == f"{MODEL}@1"


def test_nothing_serves_in_a_process_that_cannot_see_the_model(loader: FakeLoader) -> None:
    make_papers(1)
    index_waiting(now=NOW)
    loader.trouble = "There is no folder."

    assert serving_encoder() is None


# --- the moves --------------------------------------------------------------------------


def test_whoever_takes_over_retires_all_others() -> None:
    make_papers(2)
    index(OLD)
    index(FakeEncoder(version="given up"), limit=1)

    index(NEW)

    assert statuses() == {OLD_NAME: Status.RETIRED, f"{MODEL}@given up": Status.RETIRED, NEW_NAME: Status.SERVING}


def test_an_old_encoder_that_is_chosen_again_takes_over_again(loader: FakeLoader) -> None:
    make_papers(2)
    index(OLD)
    index(NEW)

    index(OLD)

    assert (serving_encoder(), statuses()[NEW_NAME]) == (OLD_NAME, Status.RETIRED)


def test_taking_over_twice_changes_nothing() -> None:
    make_papers(1)
    index(NEW)
    before = list(EncoderState.objects.values())

    index(NEW, now=NOW + timedelta(hours=1))

    assert list(EncoderState.objects.values()) == before


def test_a_fault_that_stays_is_written_down_once() -> None:
    serving.note_broken(model=MODEL, reason="No folder.", now=NOW)
    serving.note_broken(model=MODEL, reason="No folder.", now=NOW + timedelta(hours=1))

    assert EncoderState.objects.get().changed_at == NOW


def test_another_fault_takes_the_place_of_the_first() -> None:
    serving.note_broken(model=MODEL, reason="No folder.", now=NOW)
    serving.note_broken(model=MODEL, reason="x" * 1000, now=NOW + timedelta(hours=1))

    state = EncoderState.objects.get()
    assert (state.note, state.changed_at) == ("x" * serving.NOTE_LENGTH, NOW + timedelta(hours=1))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_encoders_that_are_ready_at_once_one_serves() -> None:
    make_papers(1)
    ready = [FakeEncoder(version="a"), FakeEncoder(version="b")] * 3

    at_once(workers=6, do=lambda: index(ready.pop()))

    assert sorted(statuses().values()) == [Status.RETIRED, Status.SERVING]


@pytest.mark.parametrize(
    ("waited", "taken"), [(TURN_TIMEOUT - A_MOMENT, False), (TURN_TIMEOUT, True)], ids=["at work", "dead"]
)
def test_a_worker_that_is_at_it_keeps_the_turn_until_it_is_taken_for_dead(waited: timedelta, taken: bool) -> None:
    index(NEW)
    assert take_turn(model=MODEL, now=NOW)

    assert take_turn(model=MODEL, now=NOW + waited) is taken


def test_a_turn_that_has_ended_can_be_taken() -> None:
    index(NEW)
    take_turn(model=MODEL, now=NOW)
    end_turn(model=MODEL)

    assert take_turn(model=MODEL, now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_turn() -> None:
    index(NEW)

    assert sorted(at_once(workers=6, do=lambda: take_turn(model=MODEL, now=NOW))) == [False] * 5 + [True]


# --- what is left behind ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("waited", "left"), [(KEPT_FOR, {OLD_NAME, NEW_NAME}), (KEPT_FOR + A_MOMENT, {NEW_NAME})], ids=["not yet", "now"]
)
def test_vectors_of_a_retired_encoder_go_after_two_days(waited: timedelta, left: set[str]) -> None:
    make_papers(2)
    index(OLD)
    index(NEW)

    tidy_vectors(now=NOW + waited)

    assert {row.encoder for row in PaperVector.objects.all()} == set(statuses()) == left


def test_vectors_go_in_chunks_and_the_encoder_after_the_last() -> None:
    make_papers(3)
    index(OLD)
    index(NEW)
    later = NOW + KEPT_FOR + A_MOMENT

    assert [tidy_vectors(now=later, limit=2) for _ in range(3)] == [2, 1, 0]
    assert statuses() == {NEW_NAME: Status.SERVING}


# --- what people are told ---------------------------------------------------------------


def test_without_an_encoder_people_are_told_so() -> None:
    assert meaning(now=NOW).in_words == "ENCODER is not set: papers are matched by words alone."


def test_people_are_told_how_many_papers_wait(loader: FakeLoader) -> None:
    make_papers(2)

    assert meaning(now=NOW) == Meaning(encoder=None, reason="", waiting=2)
    assert "words alone until there are vectors: 2 papers" in meaning(now=NOW).in_words


def test_people_are_told_what_serves_and_how_many_papers_wait_for_the_encoder_that_is_coming(
    loader: FakeLoader,
) -> None:
    make_papers(3)
    index(OLD)
    index(NEW, limit=2)

    said = meaning(now=NOW)

    assert said == Meaning(encoder=OLD_NAME, reason="", waiting=1)
    assert said.in_words.endswith("(invented/model@old): 1 paper of these weeks to encode.")


def test_people_are_told_what_is_wrong_with_the_files(loader: FakeLoader) -> None:
    loader.damage = "The files are damaged."
    index_waiting(now=NOW)

    assert meaning(now=NOW).in_words == "Papers are matched by words alone. The files are damaged."


def test_a_choice_that_was_taken_back_is_not_called_broken(loader: FakeLoader, settings: LazySettings) -> None:
    serving.note_broken(model=MODEL, reason="The files are damaged.", now=NOW)
    settings.ENCODER = ""

    assert "ENCODER is not set" in meaning(now=NOW).in_words
