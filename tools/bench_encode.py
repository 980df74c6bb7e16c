"""What our own work around a sentence model costs: encoding abstracts beside the bare model on the very same batches.

Both are measured in turns, portion by portion, and the better of two rounds counts, for other programs run here too.
MODELS_DIR says where the model's folder is, BENCH_TEXTS how many abstracts there are. The last line is JSON.
"""

import json
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from digest.demo.papers import load_papers
from digest.encoders.onnx import ENCODER, SentenceEncoder
from tools.floors import seconds

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
MODELS_DIR = Path(os.environ.get("MODELS_DIR", "../shared/models"))
TEXTS = int(os.environ.get("BENCH_TEXTS", "1000"))
SHORTEST, LONGEST = 150, 250  # words of an abstract
PORTION = 100  # texts
ROUNDS = 2


def main() -> None:
    """Load the model, measure, print."""
    encoder = ENCODER.load(model=MODEL, path=str(MODELS_DIR / MODEL.rpartition("/")[2]), threads=None)
    print(json.dumps(measure(encoder=cast(SentenceEncoder, encoder), texts=abstracts(number=TEXTS))))


def abstracts(*, number: int) -> list[str]:
    """Invent abstracts of the words of the demo's, the same every time."""
    dice = random.Random(2026)  # noqa: S311 - invented texts, no secret
    words = [word for paper in load_papers() for word in paper.abstract.split()]
    return [" ".join(dice.choices(words, k=dice.randint(SHORTEST, LONGEST))) for _ in range(number)]


def measure(*, encoder: SentenceEncoder, texts: Sequence[str]) -> dict[str, float]:
    """Measure both ways on the same texts.

    Returns: seconds for all texts by us, for their batches by the bare model, and (part of ours) for cutting and
    padding them; and how many times the bare model's time ours is.
    """
    portions = [texts[start : start + PORTION] for start in range(0, len(texts), PORTION)]
    measured = [_measure_portion(encoder, portion) for portion in portions]
    ours, bare, batching = (sum(times) for times in zip(*measured, strict=True))
    return {
        "texts": len(texts),
        "encode_s": round(ours, 2),
        "onnxruntime_s": round(bare, 2),
        "batching_s": round(batching, 2),
        "ratio": round(ours / bare, 3),
    }


def _measure_portion(encoder: SentenceEncoder, texts: Sequence[str]) -> tuple[float, float, float]:
    """Take the best time of each way; each is the first one in turn, since the first may find the machine cold."""
    feeds: list[Any] = []
    batching = seconds(lambda: feeds.extend(b.feed(inputs=encoder.inputs) for _, b in encoder.batches(texts=texts)))

    def run_bare() -> None:
        for feed in feeds:
            encoder.session.run(None, feed)  # nobody looks at what comes out

    ways: tuple[Callable[[], object], ...] = (lambda: encoder.encode(texts=texts), run_bare)
    times: list[list[float]] = [[], []]
    for number in range(ROUNDS):
        for which in (0, 1) if number % 2 == 0 else (1, 0):
            times[which].append(seconds(ways[which]))
    return min(times[0]), min(times[1]), batching


if __name__ == "__main__":
    main()
