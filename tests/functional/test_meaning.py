"""A day with a real model: papers are encoded before they are matched, near in numbers where near in meaning."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings

from digest.day import run_day
from digest.pipeline.encoding import forget_encoder
from digest.pipeline.index import encode_texts, load_vectors
from digest.pipeline.serving import serving_encoder
from digest.vectors import unpack
from tests.builders import NOW, make_paper, make_reader
from tests.conftest import existing
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(settings: LazySettings) -> Iterator[Path]:
    """The folder of a real model, chosen by the settings."""
    folder = existing(variable="MODELS_DIR", default="../shared/models") / "all-MiniLM-L6-v2"
    settings.ENCODER, settings.ENCODER_PATH = "sentence-transformers/all-MiniLM-L6-v2", str(folder)
    forget_encoder()
    yield folder
    forget_encoder()


def test_a_reader_is_near_to_what_they_mean_although_no_word_is_shared(model: Path, mailbox: Mailbox) -> None:
    stars = make_paper(title="Classifying astronomical images", abstract="Neural networks sort galaxies by shape.")
    swims = make_paper(title="Teaching children to swim", abstract="A trial in forty schools.")
    make_reader(profiles=[{"keywords": ["galaxies"]}])

    assert run_day(now=NOW)["sent"] == 1

    encoder = serving_encoder()
    assert encoder is not None
    vectors = load_vectors(paper_ids=[stars.pk, swims.pk], encoder=encoder)
    asked = encode_texts(texts=["deep learning in cosmology"])
    assert asked is not None
    likeness = unpack(rows=[vectors[stars.pk], vectors[swims.pk]], dimensions=384) @ asked[0]
    assert likeness[0] > likeness[1] + 0.2
    assert np.linalg.norm(asked[0]) == pytest.approx(1.0, abs=1e-5)
