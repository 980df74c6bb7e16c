"""Sentence models: how far they read, how they are told apart, and what is said of a folder that cannot be used."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from digest.encoders import find_loader, onnx
from digest.encoders.onnx import ENCODER, SentenceEncoder
from digest.errors import EncoderUnavailable
from tests.conftest import existing

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
FILES = ("model.onnx", "tokenizer.json", "tokenizer_config.json")


@pytest.fixture(scope="module")
def whole() -> Path:
    """The folder of a real model."""
    return existing(variable="MODELS_DIR", default="../shared/models") / "all-MiniLM-L6-v2"


@pytest.fixture(scope="module")
def encoder(whole: Path) -> SentenceEncoder:
    """A real model, loaded."""
    return load(whole)


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    """A copy of the folder that a test may spoil."""
    return Path(shutil.copytree(whole, tmp_path / "copy", copy_function=shutil.copyfile))


def load(folder: Path) -> SentenceEncoder:
    found = ENCODER.load(model=MODEL, path=str(folder), threads=1)
    assert isinstance(found, SentenceEncoder)
    return found


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def filled_with_words(file: Path) -> None:
    file.write_text("<html>Not found</html>", "utf-8")


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def test_the_257th_token_is_not_read_and_the_254th_word_is(encoder: SentenceEncoder) -> None:
    words = ["bee"] * 253  # and two tokens around them
    full, one_more, another_last = encoder.encode(
        texts=[" ".join([*words, "hive"]), " ".join([*words, "hive", "river"]), " ".join([*words, "river"])]
    )

    assert np.array_equal(full, one_more)
    assert not np.allclose(full, another_last, atol=1e-4)


def test_the_loop_makes_what_the_library_makes(encoder: SentenceEncoder, whole: Path) -> None:
    from fastembed import TextEmbedding

    texts = ["Sundials of the antique world", "Counting bees", "蜜蜂"]
    theirs = np.array(list(TextEmbedding(MODEL, specific_model_path=str(whole)).embed(texts)))

    np.testing.assert_allclose(encoder.encode(texts=texts), theirs, rtol=0, atol=1e-5)


def test_batches_are_padded_no_further_than_their_longest(encoder: SentenceEncoder) -> None:
    texts = ["bee " * length for length in range(onnx.BATCH * 2, 0, -1)]

    batches = list(encoder.batches(texts=texts))

    assert [batch.ids.shape for _, batch in batches] == [(onnx.BATCH, onnx.BATCH + 2), (onnx.BATCH, onnx.BATCH * 2 + 2)]
    assert sorted(np.concatenate([rows for rows, _ in batches])) == list(range(len(texts)))


def test_the_same_bytes_are_the_same_version_wherever_they_lie(encoder: SentenceEncoder, copy: Path) -> None:
    assert load(copy).version == encoder.version


@pytest.mark.parametrize("file", ["tokenizer_config.json", "config.json"])
def test_other_bytes_are_another_version(encoder: SentenceEncoder, copy: Path, file: str) -> None:
    with (copy / file).open("a") as text:
        text.write("\n")

    assert load(copy).version != encoder.version


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_missing_is_named(copy: Path, file: str) -> None:
    (copy / file).unlink()

    assert f"holds no {file}" in ENCODER.why_not(model=MODEL, path=str(copy))
    with pytest.raises(EncoderUnavailable, match=f"holds no {file}"):
        load(copy)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("spoil", [cut_short, filled_with_words, emptied])
def test_a_file_that_is_damaged_is_named(copy: Path, file: str, spoil: Callable[[Path], None]) -> None:
    spoil(copy / file)

    assert f"{file} cannot be read" in ENCODER.why_not(model=MODEL, path=str(copy))
    with pytest.raises(EncoderUnavailable, match=f"{file} cannot be read"):
        load(copy)


def test_damage_that_only_shows_when_it_is_loaded_is_an_error_of_ours(copy: Path) -> None:
    (copy / "tokenizer.json").write_text('{"version": "1.0"}', "utf-8")

    assert ENCODER.why_not(model=MODEL, path=str(copy)) == ""
    with pytest.raises(EncoderUnavailable, match=r"cannot be used \(.+\)\. Set ENCODER_PATH"):
        load(copy)


def test_a_whole_folder_may_work(whole: Path) -> None:
    assert ENCODER.why_not(model=MODEL, path=str(whole)) == ""


def test_without_its_library_it_says_what_to_install(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx, "LIBRARY", "no_such_library")

    with pytest.raises(EncoderUnavailable, match=r"Install requirements/semantic\.txt"):
        load(whole)


def test_a_model_that_cannot_be_downloaded_is_an_error_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTEMBED_CACHE_PATH", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    with pytest.raises(EncoderUnavailable, match="it is not here and cannot be downloaded"):
        ENCODER.load(model=MODEL, path="", threads=1)


def test_an_unknown_model_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(EncoderUnavailable, match=f"invented/unknown is unknown here.*{MODEL}"):
        find_loader(model="invented/unknown")


def test_nothing_of_the_library_is_imported_before_a_model_is_loaded() -> None:
    import subprocess

    script = "import sys, digest.encoders; digest.encoders.loaders(); print('fastembed' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "False"
