"""What `make bench` measures with: the same inventions every time, and floors that leave nothing behind."""

from pathlib import Path

import pytest

from digest.encoders.onnx import ENCODER, SentenceEncoder
from digest.models import Paper, PaperIdentifier
from digest.pipeline.ingest import ingest
from digest.types import PaperDoc, ProfileDoc
from tests.builders import NOW, make_paper
from tests.conftest import existing
from tools import bench, bench_encode, bench_preview, floors
from tools.invented import PAPERS_AN_ANSWER, Inventor


def test_two_runs_invent_the_same() -> None:
    first, second = ((list(i.answers(papers=3)), i.readers(number=3)) for i in (Inventor(), Inventor()))

    assert first == second


@pytest.mark.django_db
def test_every_invented_paper_can_be_ingested() -> None:
    answers = list(Inventor().answers(papers=PAPERS_AN_ANSWER + 1))

    report = ingest(source_name="arxiv", payloads=answers, now=NOW)

    assert (len(answers), report.new, report.rejected) == (2, PAPERS_AN_ANSWER + 1, ())


@pytest.mark.django_db
def test_measuring_an_insertion_leaves_the_rows_as_they_were() -> None:
    make_paper(title="Reefs at dusk")
    before = list(Paper.objects.values())

    took = floors.inserting([Paper, PaperIdentifier])

    assert took > 0
    assert list(Paper.objects.values()) == before
    assert PaperIdentifier.objects.count() == 1


@pytest.mark.django_db
def test_measuring_an_update_leaves_the_rows_as_they_were() -> None:
    make_paper(title="Reefs at dusk")

    floors.updating(Paper.objects.all(), title="Another")

    assert Paper.objects.get().title == "Reefs at dusk"


def test_the_bare_product_counts_the_words_that_profile_and_paper_share() -> None:
    paper = PaperDoc(id=1, title="reefs at dusk", abstract="of reefs", authors=(), categories=())
    wishes = [ProfileDoc(id=n, name="", keywords=words) for n, words in enumerate([("reefs",), ("dusk", "dawn"), ()])]

    product = floors.product(profiles=wishes, papers=[paper, paper])

    assert product.tolist() == [[2, 2], [1, 1], [0, 0]]


def test_the_bytes_that_are_written_are_the_same(tmp_path: Path) -> None:
    floors.writing(bodies=[b"one", b"two"], folder=tmp_path)

    assert sorted(file.read_bytes() for file in tmp_path.iterdir()) == [b"one", b"two"]


def test_a_stage_is_told_by_its_ratio_to_the_floor(capsys: pytest.CaptureFixture[str]) -> None:
    bench.tell("plan", 100, bench.Watch(seconds=2.0), floor=0.5, floor_is="insert the rows")

    told = " ".join(capsys.readouterr().out.split())
    assert told == "plan 100 in 2.00 s 50 a second 4.0 x the 0.500 s that it takes to insert the rows"


def test_two_runs_invent_the_same_abstracts_of_150_to_250_words() -> None:
    first, second = (bench_encode.abstracts(number=20) for _ in range(2))

    assert first == second
    assert all(150 <= len(text.split()) <= 250 for text in first)


def test_encoding_is_measured_beside_the_bare_model() -> None:
    folder = existing(variable="MODELS_DIR", default="../shared/models") / "all-MiniLM-L6-v2"
    encoder = ENCODER.load(model=bench_encode.MODEL, path=str(folder), threads=None)
    assert isinstance(encoder, SentenceEncoder)

    measured = bench_encode.measure(encoder=encoder, texts=["bees and hives"] * 40)

    assert list(measured) == ["texts", "encode_s", "onnxruntime_s", "batching_s", "ratio"]
    assert measured["ratio"] > 0


@pytest.mark.django_db
def test_what_is_previewed_is_invented_alike_each_time_and_names_papers_of_the_week() -> None:
    interests = [bench_preview.interest(which) for which in (0, 0, 1)]

    words = [{*interest.keywords, *interest.exclude, *interest.description.split()} for interest in interests]
    assert words[0] == words[1]
    assert not words[0] & words[2]
    assert len({*bench_preview.liked(0), *bench_preview.liked(1)}) == 2 * bench_preview.LIKED
