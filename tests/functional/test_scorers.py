"""The scorers that a benchmark of match quality calls: papers and profiles in frames, scores out."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from digest.matching.bench import Engine, WordsOnly
from tests.conftest import existing

OLD = ("Sundials of the antique world", "Counting bees in winter", "Rivers and their bridges", "Looms and weavers")
NEW = ("A gnomon and its shadow on sundials", "Bees count too", "Bridges over wide rivers", "Weaving on a loom")
ITEMS = pd.DataFrame(
    {
        "item": [f"old{n}" for n in range(4)] + [f"new{n}" for n in range(4)],
        "role": ["warm"] * 4 + ["new"] * 4,
        "text": [*OLD, *NEW],
        "tags": "",
    }
)
NOBODY = pd.DataFrame({"user": [], "item": []})
READERS: list[dict[str, Any]] = [
    {"liked": ["old0"], "keywords": []},
    {"liked": [], "keywords": ["bees", "counting"]},
    {"liked": ["old2", "old2"], "keywords": ["rivers"]},
    {"liked": [], "keywords": []},
]
CANDIDATES = [f"new{n}" for n in (3, 1, 2, 0)]


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", [Engine, WordsOnly])
def test_each_reader_s_own_paper_scores_highest(kind: type[Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = existing(variable="MODELS_DIR", default="../shared/models") / "all-MiniLM-L6-v2"
    monkeypatch.setenv("ENCODER_PATH", str(folder))
    scorer = kind()
    scorer.fit(ITEMS, NOBODY)

    scores = scorer.score(READERS, CANDIDATES)

    assert scores.shape == (4, 4)
    assert [CANDIDATES[best] for best in scores[:3].argmax(axis=1)] == ["new0", "new1", "new2"]
    assert not scores[3].any()
    assert np.isfinite(scores).all()


@pytest.mark.sqlite
def test_without_an_encoder_words_alone_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCODER_PATH", "/nowhere")
    scorer = WordsOnly()
    scorer.fit(ITEMS, NOBODY)

    assert scorer.score(READERS[:1], CANDIDATES)[0].argmax() == CANDIDATES.index("new0")
