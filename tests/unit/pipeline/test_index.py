"""Papers become vectors: each once, anew when its text changes, and none that is no vector."""

import logging
from datetime import timedelta

import numpy as np
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.models import EncoderState, Paper, PaperVector
from digest.pipeline import index
from digest.pipeline.index import (
    BATCH,
    LONGEST_TURN,
    IndexReport,
    encode_texts,
    index_in_turn,
    index_papers,
    index_waiting,
    load_vectors,
    text_of,
)
from digest.pipeline.serving import serving_encoder, take_turn
from digest.vectors import pack, unpack
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.encoders import MODEL, FakeEncoder, FakeLoader
from tests.threads import at_once
from tests.unit.pipeline.moments import FakeTime

pytestmark = pytest.mark.django_db
NAME = f"{MODEL}@1"


def vector_of(paper: Paper) -> list[float]:
    rows = load_vectors(paper_ids=[paper.pk], encoder=NAME)
    return [float(number) for number in unpack(rows=list(rows.values()), dimensions=8)[0]]


def expected(text: str) -> list[float]:
    packed = pack(matrix=FakeEncoder().encode(texts=[text]))
    return [float(number) for number in unpack(rows=packed, dimensions=8)[0]]


def test_a_paper_is_encoded_by_its_title_and_its_abstract() -> None:
    paper = make_paper(title="Reefs at dusk", abstract="We dive.")

    report = index_papers(encoder=FakeEncoder(), now=NOW)

    assert report == IndexReport(encoded=1)
    assert vector_of(paper) == expected("Reefs at dusk. We dive.")


@pytest.mark.parametrize(
    ("title", "abstract", "text"),
    [("Reefs", "We dive.", "Reefs. We dive."), ("Reefs", "", "Reefs"), ("", "We dive.", "We dive.")],
)
def test_what_a_paper_lacks_leaves_no_trace_in_its_text(title: str, abstract: str, text: str) -> None:
    assert text_of(title=title, abstract=abstract) == text


def test_a_paper_without_a_word_is_not_encoded() -> None:
    make_paper(title="Reefs", abstract="")
    Paper.objects.update(title="")
    encoder = FakeEncoder()

    assert index_papers(encoder=encoder, now=NOW) == IndexReport()
    assert encoder.texts == []


def test_a_second_time_encodes_nothing_and_changes_nothing() -> None:
    make_paper()
    index_papers(encoder=FakeEncoder(), now=NOW)
    before = list(PaperVector.objects.values())
    encoder = FakeEncoder()

    report = index_papers(encoder=encoder, now=NOW + timedelta(hours=1))

    assert (report, encoder.texts, list(PaperVector.objects.values())) == (IndexReport(), [], before)


@pytest.mark.parametrize("change", [{"title": "Reefs at dawn"}, {"abstract": "We swim."}])
def test_a_corrected_text_is_encoded_anew_in_the_same_row(change: dict[str, str]) -> None:
    paper = make_paper(title="Reefs at dusk", abstract="We dive.")
    index_papers(encoder=FakeEncoder(), now=NOW)
    Paper.objects.update(**change)

    index_papers(encoder=FakeEncoder(), now=NOW + timedelta(hours=1))

    paper.refresh_from_db()
    assert vector_of(paper) == expected(text_of(title=paper.title, abstract=paper.abstract))
    assert PaperVector.objects.get().made_at == NOW + timedelta(hours=1)


def test_what_is_not_text_may_change_without_encoding_anew() -> None:
    make_paper()
    index_papers(encoder=FakeEncoder(), now=NOW)
    Paper.objects.update(comments="12 pages", trending_score=1.0)

    assert index_papers(encoder=FakeEncoder(), now=NOW) == IndexReport()


def test_a_text_that_is_corrected_while_it_is_encoded_is_encoded_again() -> None:
    make_paper(title="Reefs at dusk", abstract="")

    class Slow(FakeEncoder):
        def encode(self, *, texts):  # type: ignore[no-untyped-def]
            Paper.objects.update(title="Reefs at dawn")
            return FakeEncoder.encode(self, texts=texts)

    index_papers(encoder=Slow(), now=NOW)
    encoder = FakeEncoder()
    index_papers(encoder=encoder, now=NOW)

    assert encoder.texts == ["Reefs at dawn"]


def test_the_papers_seen_last_come_first() -> None:
    make_paper(title="Old", abstract="", seen=NOW - timedelta(days=400))
    make_paper(title="New", abstract="", seen=NOW)
    encoder = FakeEncoder()

    report = index_papers(encoder=encoder, now=NOW, limit=1)

    assert (report, encoder.texts) == (IndexReport(encoded=1, more=True), ["New"])


@pytest.mark.parametrize(("papers", "more"), [(2, True), (1, False)], ids=["a full chunk", "one less"])
def test_a_full_chunk_says_that_there_may_be_more(papers: int, more: bool) -> None:
    for _ in range(papers):
        make_paper()

    assert index_papers(encoder=FakeEncoder(), now=NOW, limit=2).more is more


def test_papers_of_readers_libraries_are_encoded_like_all_others() -> None:
    paper = make_paper(arxiv="1904.00001", seen=NOW - timedelta(days=900))
    make_profile(reader=make_reader(), likes=["1904.00001"])

    index_papers(encoder=FakeEncoder(), now=NOW)

    assert list(load_vectors(paper_ids=[paper.pk], encoder=NAME)) == [paper.pk]


def test_a_turn_that_takes_too_long_ends_between_two_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    for _ in range(5):
        make_paper()
    time = FakeTime(NOW)

    class Slow(FakeEncoder):
        def encode(self, *, texts):  # type: ignore[no-untyped-def]
            time.passes(seconds=LONGEST_TURN.total_seconds() / 2)
            return FakeEncoder.encode(self, texts=texts)

    report = index_papers(encoder=Slow(), now=NOW, clock=time.clock)

    assert report == IndexReport(encoded=4, more=True)


def test_what_comes_out_as_no_number_is_not_stored_and_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    bad, good = make_paper(title="Bad", abstract=""), make_paper(title="Good", abstract="")
    caplog.set_level(logging.WARNING)

    report = index_papers(encoder=FakeEncoder(spoilt=frozenset({"Bad"})), now=NOW)

    assert report == IndexReport(encoded=1, rejected=(bad.pk,))
    assert [row.paper_id for row in PaperVector.objects.all()] == [good.pk]
    assert caplog.messages == [f"{MODEL} made no vector of these papers: [{bad.pk}]"]


def test_a_text_in_which_there_is_nothing_to_read_gets_no_vector() -> None:
    paper = make_paper(title="\u2003", abstract="")

    assert index_papers(encoder=FakeEncoder(), now=NOW).rejected == (paper.pk,)
    assert not PaperVector.objects.exists()


def test_papers_that_are_always_rejected_ring_for_no_further_turn() -> None:
    make_paper(title="Bad", abstract="")

    assert not index_papers(encoder=FakeEncoder(spoilt=frozenset({"Bad"})), now=NOW, limit=1).more


@pytest.mark.django_db(transaction=True)  # a missing paper shows when the transaction ends
def test_a_paper_that_is_gone_when_its_vector_comes_costs_itself_alone() -> None:
    make_paper(title="Gone", abstract="")
    kept = make_paper(title="Kept", abstract="")

    class Slow(FakeEncoder):
        def encode(self, *, texts):  # type: ignore[no-untyped-def]
            Paper.objects.filter(title="Gone").delete()
            return FakeEncoder.encode(self, texts=texts)

    with (
        connection.constraint_checks_disabled() if connection.vendor == "sqlite" else CaptureQueriesContext(connection)
    ):
        index_papers(encoder=Slow(), now=NOW)

    assert list(load_vectors(paper_ids=[kept.pk], encoder=NAME)) == [kept.pk]


def test_the_number_of_queries_does_not_grow_with_the_papers_of_a_batch() -> None:
    def queries(papers: int) -> int:
        for _ in range(papers):
            make_paper()
        with CaptureQueriesContext(connection) as captured:
            index_papers(encoder=FakeEncoder(), now=NOW)
        return len(captured)

    queries(1)
    assert queries(2) == queries(BATCH)


# --- load_vectors -----------------------------------------------------------------------


def test_vectors_of_another_encoder_are_not_read() -> None:
    paper = make_paper()
    index_papers(encoder=FakeEncoder(version="2"), now=NOW)

    assert load_vectors(paper_ids=[paper.pk], encoder=NAME) == {}


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"\x00" * 14, b"\x00" * 18, pack(matrix=np.array([[np.nan] + [0] * 7], dtype=np.float32))[0]],
    ids=["empty", "a number short", "a number long", "no number"],
)
def test_a_damaged_vector_is_left_out_with_one_line_in_the_log(spoilt: bytes, caplog: pytest.LogCaptureFixture) -> None:
    damaged, whole = make_paper(), make_paper()
    index_papers(encoder=FakeEncoder(), now=NOW)
    PaperVector.objects.filter(paper=damaged).update(vector=spoilt)

    found = load_vectors(paper_ids=[damaged.pk, whole.pk], encoder=NAME)

    assert list(found) == [whole.pk]
    assert caplog.messages == [f"Stored vectors of {NAME} are damaged and were left out: 1"]


def test_an_encoder_that_was_never_here_has_no_vectors() -> None:
    assert load_vectors(paper_ids=[make_paper().pk], encoder="nobody/knows@1") == {}


# --- the chosen encoder -----------------------------------------------------------------


def test_without_an_encoder_nothing_is_encoded_and_the_reason_is_given() -> None:
    make_paper()

    assert index_waiting(now=NOW).stopped == "ENCODER is not set: papers are matched by words alone."
    assert not EncoderState.objects.exists()


def test_a_turn_at_the_index_is_taken_and_given_back(loader: FakeLoader) -> None:
    make_paper()

    assert index_in_turn(now=NOW) == IndexReport(encoded=1)
    make_paper()
    assert index_in_turn(now=NOW) == IndexReport(encoded=1)


def test_a_turn_is_left_to_the_worker_that_is_at_it(loader: FakeLoader) -> None:
    index_waiting(now=NOW)
    take_turn(model=MODEL, now=NOW)
    make_paper()

    assert index_in_turn(now=NOW) == IndexReport(stopped="Another worker is encoding.")


def test_a_turn_that_failed_is_given_back(loader: FakeLoader) -> None:
    index_waiting(now=NOW)
    make_paper()
    loader.encoder.ill = True

    with pytest.raises(RuntimeError, match="ill"):
        index_in_turn(now=NOW)

    assert take_turn(model=MODEL, now=NOW)


def test_an_encoder_that_cannot_be_loaded_is_written_down_and_breaks_nothing(loader: FakeLoader) -> None:
    make_paper()
    loader.damage = "The files are damaged."

    report = index_waiting(now=NOW)

    assert report == IndexReport(stopped="The files are damaged.")
    assert str(EncoderState.objects.get()) == f"{MODEL}: Cannot be loaded"


def test_what_readers_wrote_is_encoded_by_the_encoder_that_serves(loader: FakeLoader) -> None:
    make_paper()
    index_waiting(now=NOW)

    matrix = encode_texts(texts=["deep sea", ""])

    assert matrix is not None
    assert matrix.tolist() == FakeEncoder().encode(texts=["deep sea", ""]).tolist()


def test_before_an_encoder_serves_nothing_is_loaded_to_encode_what_readers_wrote(loader: FakeLoader) -> None:
    assert encode_texts(texts=["deep sea"]) is None
    assert loader.loads == 0


def test_while_the_old_encoder_serves_what_readers_wrote_cannot_be_encoded(
    loader: FakeLoader, settings: LazySettings
) -> None:
    make_paper()
    index_papers(encoder=FakeEncoder(version="0"), now=NOW)

    assert serving_encoder() == f"{MODEL}@0"
    assert encode_texts(texts=["deep sea"]) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_the_rows_that_one_makes() -> None:
    papers = [make_paper(seen=NOW - timedelta(minutes=number)) for number in range(200)]

    reports = at_once(workers=2, do=lambda: index_papers(encoder=FakeEncoder(), now=NOW))

    assert 200 <= sum(report.encoded for report in reports) <= 400
    assert PaperVector.objects.count() == 200
    assert all(
        vector_of(paper) == expected(text_of(title=paper.title, abstract=paper.abstract)) for paper in papers[:20]
    )
    assert EncoderState.objects.get().status == EncoderState.Status.SERVING
