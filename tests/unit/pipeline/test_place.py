"""The space that matching reads: the old one serves until the new one is complete, and what is damaged costs little."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.matching._taste import TASTE_WEIGHT
from digest.models import FittedTaste, Paper, PaperVector
from digest.pipeline import serving, taste
from digest.pipeline.index import encode_texts, index_papers, load_vectors
from digest.pipeline.place import PlaceReport, place_waiting
from digest.pipeline.serving import MAP_KEPT_FOR, MAP_SERVES_FOR, MAPS_KEPT, RECENT, matching_space, tidy_vectors
from digest.pipeline.taste import fit_taste
from digest.pipeline.tastemaps import forget_maps
from digest.vectors import pack, unpack
from subscriptions.models import Subscriber
from tests.builders import NOW, make_paper, make_reader, make_taste
from tests.encoders import MODEL, FakeEncoder, FakeLoader
from tests.unit.pipeline.tastes import like
from tests.unit.pipeline.test_taste import WINS

pytestmark = pytest.mark.django_db
A_MOMENT = timedelta(seconds=1)
TOMORROW = NOW + timedelta(days=1)
NAME = f"{MODEL}@1"
Status = FittedTaste.Status


@pytest.fixture(autouse=True)
def few_readers(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Iterator[None]:
    """Four readers are enough, and any map helps."""
    settings.TASTE_MIN_READERS = 4
    monkeypatch.setattr(taste, "judge_material", lambda **_: WINS)
    forget_maps()
    yield
    forget_maps()


def make_papers(number: int, *, seen: datetime = NOW) -> list[Paper]:
    return [make_paper(title=f"Reefs {letter}", abstract="We dive at dusk.", seen=seen) for letter in range(number)]


def make_readers() -> list[Subscriber]:
    """Four readers who like the same two papers, with their vectors."""
    liked = make_papers(2)
    index_papers(encoder=FakeEncoder(), now=NOW)
    readers = [make_reader(shares_taste=True) for _ in range(4)]
    for reader in readers:
        like(reader, liked)
    return readers


def fit(*, now: datetime = NOW) -> FittedTaste:
    fit_taste(now=now)
    return FittedTaste.objects.latest("pk")


def spaces() -> set[str]:
    return set(PaperVector.objects.values_list("encoder", flat=True))


# --- what serves ------------------------------------------------------------------------


def test_a_vector_in_a_space_is_the_stored_meaning_with_the_taste_beside_it(loader: FakeLoader) -> None:
    make_readers()
    space = fit().space
    loader.encoder.ill = True  # nothing is encoded anew

    report = place_waiting(now=NOW)

    ids = list(Paper.objects.values_list("pk", flat=True))
    assert (report, matching_space()) == (PlaceReport(placed=2), space)
    joined = unpack(rows=list(load_vectors(paper_ids=ids, encoder=space).values()), dimensions=8 + 64)
    meaning = unpack(rows=list(load_vectors(paper_ids=ids, encoder=NAME).values()), dimensions=8)
    assert np.array_equal(joined[:, :8], meaning)
    assert np.linalg.norm(joined[:, 8:], axis=1) == pytest.approx(TASTE_WEIGHT * np.ones(2), abs=0.01)


def test_a_map_serves_for_a_week_after_the_last_fit_that_came_to_it(loader: FakeLoader) -> None:
    make_readers()
    row = fit()
    place_waiting(now=NOW)

    place_waiting(now=NOW + MAP_SERVES_FOR)
    assert matching_space() == row.space

    place_waiting(now=NOW + MAP_SERVES_FOR + A_MOMENT)
    row.refresh_from_db()
    assert (matching_space(), row.status) == (NAME, Status.RETIRED)
    assert row.note == "No fit has come to it for 7 days: look at beat and the workers."


def test_a_fit_that_comes_to_the_same_map_lets_it_serve_on(loader: FakeLoader) -> None:
    make_readers()
    row = fit()
    place_waiting(now=NOW)
    fit_taste(now=NOW + MAP_SERVES_FOR)

    place_waiting(now=NOW + MAP_SERVES_FOR + timedelta(days=1))

    assert matching_space() == row.space


def test_without_an_encoder_nothing_is_placed(loader: FakeLoader, settings: LazySettings) -> None:
    make_readers()
    fit()
    settings.ENCODER = ""

    assert (place_waiting(now=NOW), matching_space()) == (PlaceReport(), None)


@pytest.mark.parametrize(("limit", "complete"), [(4, False), (5, True)], ids=["one is missing", "all are there"])
def test_the_old_space_serves_until_the_new_one_is_complete(loader: FakeLoader, limit: int, complete: bool) -> None:
    readers = make_readers()
    old = fit()
    place_waiting(now=NOW)
    more = make_papers(3)
    index_papers(encoder=FakeEncoder(), now=NOW)
    like(readers[0], more)
    new = fit(now=TOMORROW)

    place_waiting(now=TOMORROW, limit=limit)

    assert matching_space() == (new if complete else old).space
    old.refresh_from_db()
    assert old.status == (Status.RETIRED if complete else Status.SERVING)


def test_the_space_that_serves_gets_new_papers_while_another_is_filled(loader: FakeLoader) -> None:
    readers = make_readers()
    old = fit()
    place_waiting(now=NOW)
    more = make_papers(3)
    index_papers(encoder=FakeEncoder(), now=NOW)
    like(readers[0], more)
    fit(now=TOMORROW)

    place_waiting(now=TOMORROW, limit=3)

    assert len(load_vectors(paper_ids=[paper.pk for paper in more], encoder=old.space)) == 3


def test_the_encoder_serves_until_the_first_space_is_complete(loader: FakeLoader) -> None:
    make_readers()
    fit()

    assert place_waiting(now=NOW, limit=1) == PlaceReport(placed=1, more=True)
    assert matching_space() == NAME


def test_a_map_of_another_encoder_is_not_read(loader: FakeLoader) -> None:
    make_readers()
    fit()
    place_waiting(now=NOW)

    index_papers(encoder=FakeEncoder(version="2"), now=NOW)

    assert (matching_space(), place_waiting(now=NOW)) == (f"{MODEL}@2", PlaceReport())


def test_a_damaged_map_costs_the_taste_and_nothing_else(loader: FakeLoader) -> None:
    make_readers()
    row = fit()
    place_waiting(now=NOW)
    FittedTaste.objects.update(payload=b"damaged")
    forget_maps()

    assert matching_space() == NAME
    place_waiting(now=NOW)

    row.refresh_from_db()
    assert (row.status, row.note) == (Status.RETIRED, "Its bytes are damaged.")


def test_a_retired_map_is_not_brought_back_by_a_turn_that_was_under_way(loader: FakeLoader) -> None:
    make_readers()
    row = fit()
    FittedTaste.objects.update(status=Status.RETIRED)

    serving.let_taste_serve(taste=row, now=NOW)

    assert matching_space() == NAME


# --- placing ----------------------------------------------------------------------------


def test_a_second_time_places_nothing_and_changes_nothing(loader: FakeLoader) -> None:
    make_readers()
    fit()
    place_waiting(now=NOW)
    before = list(PaperVector.objects.values()), list(FittedTaste.objects.values())

    assert place_waiting(now=TOMORROW) == PlaceReport()
    assert (list(PaperVector.objects.values()), list(FittedTaste.objects.values())) == before


def test_a_corrected_text_is_placed_anew_once_it_is_encoded_anew(loader: FakeLoader) -> None:
    make_readers()
    fit()
    place_waiting(now=NOW)
    Paper.objects.filter(title="Reefs 0").update(title="Bees")
    assert place_waiting(now=NOW) == PlaceReport()

    index_papers(encoder=FakeEncoder(), now=NOW)

    assert place_waiting(now=NOW) == PlaceReport(placed=1)


def test_a_paper_whose_meaning_is_damaged_holds_nobody_up(loader: FakeLoader) -> None:
    make_readers()
    row = fit()
    PaperVector.objects.filter(paper__title="Reefs 0").update(vector=b"damaged")

    place_waiting(now=NOW)

    assert matching_space() == row.space


@pytest.mark.parametrize(("liked", "placed"), [(True, 1), (False, 0)], ids=["that a reader likes", "that nobody likes"])
def test_of_old_papers_only_those_are_placed(
    loader: FakeLoader, monkeypatch: pytest.MonkeyPatch, liked: bool, placed: int
) -> None:
    monkeypatch.setattr(serving, "YOUNGEST", 1)
    readers = make_readers()
    fit()
    place_waiting(now=NOW)
    old = make_papers(1, seen=NOW - RECENT)
    index_papers(encoder=FakeEncoder(), now=NOW)
    if liked:
        like(readers[0], old)

    assert place_waiting(now=NOW).placed == placed


def test_the_number_of_queries_does_not_grow_with_the_papers_of_a_batch(loader: FakeLoader) -> None:
    make_readers()
    fit()

    def queries(papers: int) -> int:
        make_papers(papers)
        index_papers(encoder=FakeEncoder(), now=NOW)
        with CaptureQueriesContext(connection) as captured:
            place_waiting(now=NOW)
        return len(captured)

    queries(1)
    assert queries(2) == queries(100)


# --- what readers wrote -----------------------------------------------------------------


def test_what_readers_wrote_is_placed_in_the_space_that_serves(loader: FakeLoader) -> None:
    make_readers()
    fit()
    place_waiting(now=NOW)

    matrix = encode_texts(texts=["reefs at dusk", ""])

    assert matrix is not None
    assert matrix.shape == (2, 8 + 64)
    assert np.array_equal(matrix[0, :8], FakeEncoder().encode(texts=["reefs at dusk"])[0])
    assert np.linalg.norm(matrix[:, 8:], axis=1).tolist() == [pytest.approx(TASTE_WEIGHT, abs=1e-5), 0]


def test_what_readers_wrote_is_placed_in_the_space_that_was_asked_for(loader: FakeLoader) -> None:
    make_readers()
    space = matching_space()
    fit()
    place_waiting(now=NOW)

    matrix = encode_texts(texts=["reefs"], space=space)

    assert matrix is not None
    assert matrix.shape == (1, 8)


def test_a_space_that_is_gone_answers_nothing() -> None:
    assert encode_texts(texts=["reefs"], space="gone@1+taste7") is None
    assert load_vectors(paper_ids=[1], encoder="gone@1+taste7") == {}
    assert load_vectors(paper_ids=[1], encoder="gone@1+tasteful") == {}


# --- what is left behind ----------------------------------------------------------------


@pytest.mark.parametrize(("waited", "left"), [(MAP_KEPT_FOR, True), (MAP_KEPT_FOR + A_MOMENT, False)])
def test_what_a_retired_map_had_learnt_goes_after_some_hours(loader: FakeLoader, waited: timedelta, left: bool) -> None:
    make_readers()
    row = fit()
    place_waiting(now=NOW)
    serving.retire_tastes(note="", now=NOW)

    tidy_vectors(now=NOW + waited)

    row.refresh_from_db()
    assert (row.space in spaces()) is bool(row.payload) is left
    assert NAME in spaces()


def test_vectors_in_a_space_go_when_their_papers_are_needed_no_more(
    loader: FakeLoader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "YOUNGEST", 0)
    make_readers()
    (paper,) = make_papers(1)
    index_papers(encoder=FakeEncoder(), now=NOW)
    row = fit()
    place_waiting(now=NOW)

    tidy_vectors(now=NOW + RECENT + A_MOMENT)

    assert set(PaperVector.objects.filter(paper=paper).values_list("encoder", flat=True)) == {NAME}
    assert PaperVector.objects.filter(encoder=row.space).count() == 2  # what readers like stays


def test_the_maps_of_the_last_nights_are_kept() -> None:
    for _ in range(MAPS_KEPT + 2):
        make_taste(status=Status.REFUSED)

    tidy_vectors(now=NOW + MAP_KEPT_FOR + A_MOMENT)

    youngest = FittedTaste.objects.order_by("-pk").values_list("pk", flat=True)
    assert len(youngest) == MAPS_KEPT


def test_vectors_are_stored_as_float16(loader: FakeLoader) -> None:
    make_readers()
    row = fit()
    place_waiting(now=NOW)

    vector = PaperVector.objects.filter(encoder=row.space).values_list("vector", flat=True)[0]

    assert len(bytes(vector)) == len(pack(matrix=np.zeros((1, row.dimensions), dtype=np.float32))[0])
