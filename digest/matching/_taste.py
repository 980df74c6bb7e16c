"""The taste map: a paper's text in, its place among papers that the same readers like out.

What readers liked together is learnt in `_tastefit`; here a paper is placed, known or new, and a map becomes bytes.
"""

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from digest.errors import UnreadableTasteMap
from digest.matching._tastewords import BUCKETS, count_terms, shorten, texts_of, unit
from digest.types import FloatMatrix, IdArray, PaperDoc

TASTE_WEIGHT = 0.8  # the length of a taste beside a meaning of length 1
WORDS_WEIGHT = 0.5  # the length of the words beside a meaning of length 1
WORDS_WIDTH = 512  # numbers for the words
PLACED_AT_ONCE = 2_048  # papers; bounds the block of waves to 25 MB
FORMAT = 1  # of the bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Senses:
    """How a text is perceived before anything is learnt: its meaning and telling words as waves of random direction.

    `rarity`: shape (BUCKETS,), see `measure_rarity`.
    A product of two texts' waves approximates the Gaussian kernel of their distance.
    Source: Rahimi & Recht 2007 (random Fourier features).
    """

    seed: int
    n_waves: int
    meaning_width: int
    rarity: FloatMatrix

    def features(self, *, texts: Sequence[str], meaning: FloatMatrix) -> FloatMatrix:
        """Put the meaning and the telling words of each text beside each other.

        In: `meaning` of shape (len(texts), meaning_width), rows of length 1.
        Returns: shape (len(texts), features), float32; a row of zeros where there is nothing to go by.
        Raises: ValueError when the meaning is another encoder's.
        """
        if meaning.shape != (len(texts), self.meaning_width):
            raise ValueError(f"This map needs a meaning of {self.meaning_width} numbers for each text.")
        words = shorten(count_terms(texts), rarity=self.rarity, width=WORDS_WIDTH)
        return np.hstack([meaning, WORDS_WEIGHT * words]).astype(np.float32)

    def directions(self) -> tuple[FloatMatrix, FloatMatrix]:
        """Draw the waves. Returns: their directions, shape (features, n_waves), and their phases, shape (n_waves,)."""
        # The one generator whose stream NumPy promises never to change: the waves need not be stored.
        draw = np.random.RandomState(self.seed)
        directions = draw.standard_normal((self.meaning_width + WORDS_WIDTH, self.n_waves)).astype(np.float32)
        return directions, draw.uniform(0, 2 * np.pi, self.n_waves).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TasteMap:
    """What was learnt from readers' likes. It holds numbers of papers and of words; no row of it is a reader's.

    `centre`: shape (n_waves,), the mean of the papers' waves. `weights`: shape (n_waves, k), from waves to taste.
    `known`: the papers that several readers liked, ids ascending. `own`: shape (n_known, k), their taste by who liked
    them, rows of length 1. `trust`: shape (n_known,), in [0, 1), how much that counts beside what their text says.
    All numbers are exact in float16, for so they are stored.
    """

    senses: Senses
    centre: FloatMatrix
    weights: FloatMatrix
    known: IdArray
    own: FloatMatrix
    trust: FloatMatrix

    @property
    def dimensions(self) -> int:
        """How many numbers a taste holds."""
        return int(self.weights.shape[1])

    def place(self, *, docs: Sequence[PaperDoc], meaning: FloatMatrix) -> FloatMatrix:
        """Place papers by their text, and those that several readers liked by that too.

        In: `meaning` of shape (len(docs), meaning_width), rows of length 1.
        Returns: shape (len(docs), dimensions), float32, rows of length 1, or of zeros where there is nothing to go by.
        A row depends on its paper and the map alone.
        Raises: ValueError when the meaning is another encoder's.
        """
        told = self.place_texts(texts=texts_of(docs), meaning=meaning)
        return self.blend(ids=np.array([doc.id for doc in docs], dtype=np.int64), told=told)

    def place_texts(self, *, texts: Sequence[str], meaning: FloatMatrix) -> FloatMatrix:
        """Place texts, such as what a reader wishes for; as `place`."""
        return self.learnt(features=self.senses.features(texts=texts, meaning=meaning))

    def learnt(self, *, features: FloatMatrix) -> FloatMatrix:
        """Tell the taste from features of texts; shape (n, dimensions), rows of length 1 or 0."""
        placed = np.zeros((len(features), self.dimensions), dtype=np.float32)
        directions, phases = self.senses.directions()
        for start in range(0, len(features), PLACED_AT_ONCE):
            rows = slice(start, start + PLACED_AT_ONCE)
            placed[rows] = (np.cos(features[rows] @ directions + phases) - self.centre) @ self.weights
        return unit(placed * features.any(axis=1, keepdims=True))

    def blend(self, *, ids: IdArray, told: FloatMatrix) -> FloatMatrix:
        """Mix what the text of papers tells with what is known of those that readers liked."""
        if not len(self.known):
            return told
        place = np.minimum(np.searchsorted(self.known, ids), len(self.known) - 1)
        trust = np.where(self.known[place] == ids, self.trust[place], 0)[:, None].astype(np.float32)
        return unit(trust * self.own[place] + (1 - trust) * told)

    def to_bytes(self) -> bytes:
        """Write the map down: numbers as float16, at most 12 MB."""
        file = io.BytesIO()
        head = np.array([FORMAT, self.senses.seed, self.senses.n_waves, self.senses.meaning_width], dtype=np.int64)
        halves: dict[str, Any] = {name: array.astype("<f2") for name, array in _arrays(self).items()}
        np.savez_compressed(file, head=head, known=self.known, **halves)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, payload: bytes) -> "TasteMap":
        """Read a map as `to_bytes` wrote it.

        Raises: UnreadableTasteMap when the bytes are damaged, or of another format.
        """
        try:
            with np.load(io.BytesIO(payload), allow_pickle=False) as file:
                read = _map_of({name: file[name] for name in file.files})
        except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise UnreadableTasteMap(
                f"The stored taste map cannot be read ({error}). The next fit mends it."
            ) from error
        return read


def join(*, meaning: FloatMatrix, taste: FloatMatrix) -> FloatMatrix:
    """Put meaning and taste into one vector.

    In: rows of length 1 or 0, shapes (n, d) and (n, k). Returns: shape (n, d + k), float32.
    """
    return np.hstack([meaning, TASTE_WEIGHT * taste]).astype(np.float32)


def _arrays(taste: TasteMap) -> dict[str, FloatMatrix]:
    arrays = {name: getattr(taste, name) for name in ("centre", "weights", "own", "trust")}
    return {"rarity": taste.senses.rarity, **arrays}


def _map_of(stored: dict[str, FloatMatrix]) -> TasteMap:
    """Put a map together. Raises: ValueError when the parts do not fit, KeyError when one is missing."""
    version, seed, n_waves, meaning_width = (int(number) for number in stored["head"])
    senses = Senses(seed=seed, n_waves=n_waves, meaning_width=meaning_width, rarity=stored["rarity"].astype(np.float32))
    numbers = {name: stored[name].astype(np.float32) for name in ("centre", "weights", "own", "trust")}
    read = TasteMap(senses=senses, known=stored["known"].astype(np.int64), **numbers)
    n_known, k = len(read.known), read.dimensions
    shapes = {"rarity": (BUCKETS,), "centre": (n_waves,), "weights": (n_waves, k), "own": (n_known, k)}
    shapes["trust"] = (n_known,)
    arrays = _arrays(read)
    if version != FORMAT or any(arrays[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("its parts do not fit together")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("it holds what is no number")
    return read
