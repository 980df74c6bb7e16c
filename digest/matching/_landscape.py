"""Where ordinary papers lie among vectors, and from there how much a paper is what a reader means.

In: vectors as bytes or arrays. Out: the closed-form discriminant, scaled so that it counts standard deviations.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from digest.types import BoolVector, FloatMatrix
from digest.vectors import finite, unpack, width

# The fewer examples, the less their directions are trusted: lambda in multiples of the mean variance, 200 / n.
MOST_TRUST, LEAST_TRUST, TRUST_PER_EXAMPLE = 10.0, 60.0, 200.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landscape:
    """The ordinary papers' centre, the directions in which they differ, and their variance along each.

    `centre` has the shape (d,), `directions` (d, d) with a direction in each column, `variances` (d,), > 0.
    `doubt` is 1 for a very large background, and more the fewer papers the directions were measured on.
    """

    centre: FloatMatrix
    directions: FloatMatrix
    variances: FloatMatrix
    doubt: float = 1.0

    def turn(self, vectors: FloatMatrix) -> FloatMatrix:
        """Give vectors (n, d) as what they differ from the ordinary, direction by direction."""
        return np.asarray((vectors - self.centre) @ self.directions, dtype=np.float32)

    def damping(self, n_examples: FloatMatrix) -> FloatMatrix:
        """Answer `1 / (S + lambda I)` for readers with so many examples (n,); shape (n, d)."""
        trust = np.clip(TRUST_PER_EXAMPLE / np.maximum(n_examples, 1.0), MOST_TRUST, LEAST_TRUST)
        flat = self.doubt * self.variances.mean()
        return np.asarray(1.0 / (self.variances + trust[:, None] * flat), dtype=np.float32)


def survey(vectors: FloatMatrix) -> Landscape:
    """Measure how ordinary papers (n, d) lie; where there are none, every direction is like every other."""
    d = vectors.shape[1]
    if len(vectors) == 0:
        return Landscape(
            centre=np.zeros(d, np.float32), directions=np.eye(d, dtype=np.float32), variances=np.ones(d, np.float32)
        )
    centre = vectors.mean(axis=0, dtype=np.float64)
    apart = vectors.astype(np.float64) - centre
    variances, directions = np.linalg.eigh(apart.T @ apart / len(vectors))
    # Papers that are all alike vary in no direction: then one direction is as good as another.
    least = max(float(variances.mean()), 1e-6) * 1e-3
    return Landscape(
        centre=centre.astype(np.float32),
        directions=directions.astype(np.float32),
        variances=np.maximum(variances, least).astype(np.float32),
        doubt=1.0 + d / len(vectors),
    )


def read_vectors(rows: Sequence[bytes], *, dimensions: int) -> tuple[FloatMatrix, BoolVector]:
    """Read stored vectors, and tell which can be used: of the right length, finite, and not nothing.

    Returns: shape (n, dimensions) with zeros where there is none, and (n,).
    """
    size = width(dimensions=dimensions)
    nothing = bytes(size)
    vectors = unpack(rows=[row if len(row) == size else nothing for row in rows], dimensions=dimensions)
    usable = finite(matrix=vectors) & vectors.any(axis=1)
    vectors[~usable] = 0.0
    return vectors, usable


def common_dimensions(rows: Iterable[bytes]) -> int:
    """Answer how many numbers most of the stored vectors hold, the most of them in a tie; 1 when there is none."""
    lengths = Counter(len(row) // width(dimensions=1) for row in rows)
    return max([1, *(length for length in lengths if length)], key=lambda length: (lengths[length], length))
