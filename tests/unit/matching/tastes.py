"""A small world of papers in many subjects, and of readers who like what lies in a few of them."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.types import FloatMatrix, IdArray, PaperDoc
from tests.unit.matching.samples import a_paper

SUBJECTS = 40
SAME_READERS = 4  # subjects that the same readers like
COMMUNITIES = SUBJECTS // SAME_READERS
PAPERS = 240
READERS = 240
LIKES = 8
WIDTH = 32
FIRST_ID = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    likes: sparse.csr_array
    docs: list[PaperDoc]
    meaning: FloatMatrix
    subjects: list[int]


def a_world(*, by_chance: bool = False, seed: int = 1) -> World:
    """The meaning tells the subjects apart, and says nothing of which go together; by chance, none do."""
    draw = np.random.default_rng(seed)
    subjects = np.arange(PAPERS, dtype=np.int64) % SUBJECTS
    directions = draw.normal(size=(SUBJECTS, WIDTH))
    meaning = directions[subjects] + 0.6 * draw.normal(size=(PAPERS, WIDTH))
    return World(
        likes=_likes(draw, subjects // SAME_READERS, by_chance=by_chance),
        docs=[_paper(draw, place, int(subject)) for place, subject in enumerate(subjects)],
        meaning=(meaning / np.linalg.norm(meaning, axis=1, keepdims=True)).astype(np.float32),
        subjects=subjects.tolist(),
    )


def no_likes(*, readers: int) -> sparse.csr_array:
    """What so many readers like who like nothing."""
    empty: sparse.csr_array = sparse.csr_array(np.zeros((readers, PAPERS), dtype=np.float32))
    return empty


def _likes(draw: np.random.Generator, communities: IdArray, *, by_chance: bool) -> sparse.csr_array:
    likes = np.zeros((READERS, PAPERS), dtype=np.float32)
    for reader in range(READERS):
        choice = np.flatnonzero((communities == reader % COMMUNITIES) | by_chance)
        likes[reader, draw.choice(choice, LIKES, replace=False)] = 1
    return sparse.csr_array(likes)


def _paper(draw: np.random.Generator, place: int, subject: int) -> PaperDoc:
    words = [f"word{subject}x{number}" for number in draw.integers(0, 6, size=5)]
    return a_paper(FIRST_ID + place, f"Paper {place}", " ".join([*words, "we", "show"]))
