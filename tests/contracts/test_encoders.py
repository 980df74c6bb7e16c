"""Every encoder of digest/encoders keeps the promises of `digest.encoders.Encoder`, on a real model."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from digest.encoders import TOLERANCE, Encoder, EncoderLoader, label, loaders
from digest.errors import EncoderUnavailable
from digest.types import FloatMatrix
from tests.conftest import cannot_run, existing

TEXTS = (
    "Sundials of the antique world. Gnomons cast shadows, and shadows tell the hour.",
    "Counting bees. " + "A state space model of hives. " * 40,
    "蜜蜂的状态空间模型。我们数蜜蜂。",
    "Пчёлы и солнечные часы. Мы считаем пчёл.",
    "نحل وساعات شمسية",
    "$L_2$-norms of C++ 🐝 \u200b\ufeff",
    "a",
)
EACH = pytest.mark.parametrize("name", list(loaders()))


def a_folder(loader: EncoderLoader) -> tuple[str, Path]:
    """Find a model of this loader in the folder of models, by the last part of its name."""
    models = existing(variable="MODELS_DIR", default="../shared/models")
    folders = {model: models / model.rpartition("/")[2] for model in loader.models}
    there = next(((model, folder) for model, folder in folders.items() if folder.is_dir()), None)
    return there or cannot_run(f"MODELS_DIR holds none of {', '.join(loader.models)}: {models}")


_loaded: dict[str, Encoder] = {}


@pytest.fixture
def encoder(name: str) -> Encoder:
    """The encoder of one file, loaded once for all tests."""
    if name not in _loaded:
        model, folder = a_folder(loaders()[name])
        _loaded[name] = loaders()[name].load(model=model, path=str(folder), threads=None)
    return _loaded[name]


def one_by_one(encoder: Encoder, texts: Sequence[str]) -> FloatMatrix:
    return np.vstack([encoder.encode(texts=[text]) for text in texts])


def test_there_are_encoders() -> None:
    assert loaders()


@EACH
def test_each_text_gets_a_finite_row_of_length_one(name: str, encoder: Encoder) -> None:
    matrix = encoder.encode(texts=TEXTS)

    assert (*matrix.shape, matrix.dtype.name) == (len(TEXTS), encoder.dimensions, "float32")
    assert np.isfinite(matrix).all()
    np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=1e-5)


@EACH
def test_the_same_text_has_the_same_vector_every_time(name: str, encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode(texts=TEXTS), encoder.encode(texts=TEXTS))


@EACH
def test_the_order_of_the_texts_changes_nothing(name: str, encoder: Encoder) -> None:
    forwards, backwards = encoder.encode(texts=TEXTS), encoder.encode(texts=TEXTS[::-1])

    np.testing.assert_allclose(forwards, backwards[::-1], rtol=0, atol=TOLERANCE)


@EACH
def test_a_text_has_the_vector_among_others_that_it_has_alone(name: str, encoder: Encoder) -> None:
    texts = [*TEXTS, *(f"{text} Number {number}." for number, text in enumerate(TEXTS * 6))]

    np.testing.assert_allclose(encoder.encode(texts=texts), one_by_one(encoder, texts), rtol=0, atol=TOLERANCE)


@EACH
def test_other_texts_have_other_vectors(name: str, encoder: Encoder) -> None:
    likeness = encoder.encode(texts=TEXTS) @ encoder.encode(texts=TEXTS).T

    assert (likeness[~np.eye(len(TEXTS), dtype=bool)] < 0.99).all()


@EACH
def test_what_means_the_same_is_nearer_than_what_shares_a_word(name: str, encoder: Encoder) -> None:
    asked, same, other = encoder.encode(
        texts=["deep learning for galaxies", "neural networks classify astronomical images", "learning to swim"]
    )

    assert asked @ same > asked @ other


@EACH
def test_no_texts_give_no_rows(name: str, encoder: Encoder) -> None:
    assert encoder.encode(texts=[]).shape == (0, encoder.dimensions)


@EACH
@pytest.mark.parametrize("blank", ["", " \n\t", "\x00", "\u200b"])
def test_a_blank_text_gets_a_row_of_zeros_and_disturbs_no_other(name: str, encoder: Encoder, blank: str) -> None:
    matrix = encoder.encode(texts=[TEXTS[0], blank])

    np.testing.assert_allclose(matrix[0], encoder.encode(texts=TEXTS[:1])[0], rtol=0, atol=TOLERANCE)
    assert not matrix[1].any()


@EACH
def test_a_text_of_30_000_characters_is_cut_and_not_refused(name: str, encoder: Encoder) -> None:
    matrix = encoder.encode(texts=["bees and hives, " * 1875, "b" * 30_000])

    np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=1e-5)


@EACH
def test_half_a_character_is_no_reason_to_fail(name: str, encoder: Encoder) -> None:
    assert np.isfinite(encoder.encode(texts=["bees \ud83d and hives"])).all()


@EACH
def test_an_encoder_is_known_by_its_name_and_its_bytes(name: str, encoder: Encoder) -> None:
    assert loaders()[name].serves(model=encoder.name)
    assert label(encoder=encoder) == f"{encoder.name}@{encoder.version}"
    assert encoder.version.isalnum()


@EACH
def test_a_model_of_no_file_is_served_by_none(name: str) -> None:
    assert not loaders()[name].serves(model="nobody/knows-this")


@EACH
def test_a_folder_that_is_not_there_is_said_before_and_refused_when_loading(name: str, tmp_path: Path) -> None:
    loader = loaders()[name]
    model, nowhere = loader.models[0], str(tmp_path / "nowhere")

    assert nowhere in loader.why_not(model=model, path=nowhere)
    with pytest.raises(EncoderUnavailable, match="ENCODER_PATH"):
        loader.load(model=model, path=nowhere, threads=1)
