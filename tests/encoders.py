"""An encoder without a model: a vector comes from the letters of its text, and what was encoded can be asked for."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from digest.encoders import Encoder
from digest.errors import EncoderUnavailable
from digest.types import FloatMatrix

MODEL = "invented/model"


@dataclass(slots=True, kw_only=True)
class FakeEncoder:
    """Encodes at once. `texts` holds all that it was given; a text in `spoilt` comes out as no number; `ill` raises."""

    name: str = MODEL
    version: str = "1"
    dimensions: int = 8
    spoilt: frozenset[str] = frozenset()
    ill: bool = False
    texts: list[str] = field(default_factory=list)

    def encode(self, *, texts: Sequence[str]) -> FloatMatrix:
        if self.ill:
            raise RuntimeError("The model is ill.")
        self.texts += texts
        rows = [self._row(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions)

    def _row(self, text: str) -> FloatMatrix:
        if text in self.spoilt:
            return np.full(self.dimensions, np.nan, dtype=np.float32)
        if not text.strip():
            return np.zeros(self.dimensions, dtype=np.float32)
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        row = np.random.default_rng(seed).normal(size=self.dimensions)
        return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


@dataclass(slots=True, kw_only=True)
class FakeLoader:
    """A loader that a test puts beside the real ones. `trouble` is seen at once, `damage` only when it loads."""

    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    trouble: str = ""
    damage: str = ""
    loads: int = 0

    @property
    def models(self) -> Sequence[str]:
        return (self.encoder.name,)

    def serves(self, *, model: str) -> bool:
        return model == self.encoder.name

    def why_not(self, *, model: str, path: str) -> str:
        return self.trouble

    def load(self, *, model: str, path: str, threads: int | None) -> Encoder:
        self.loads += 1
        if self.trouble or self.damage:
            raise EncoderUnavailable(self.trouble or self.damage)
        return self.encoder
