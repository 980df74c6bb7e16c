"""Who liked what, and the papers' texts in; the taste map out.

First the papers get factors by who liked them, then a map from their texts to these factors is fitted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._taste import PLACED_AT_ONCE, Senses, TasteMap
from digest.matching._tastewords import count_terms, measure_rarity, texts_of, unit
from digest.types import BoolMatrix, FloatMatrix, IdArray, PaperDoc

FACTORS = 64  # numbers of a taste
CONFIDENCE = 10.0  # what a like weighs beside a paper that was passed over
PENALTY = 5.0
ROUNDS = 10
WAVES = 3_000
RIDGE = 0.5  # of the mean of the diagonal
DOUBT = 2.0  # likes after which a paper's own factors count as much as its text
LEAST_KNOWN = 3  # likes: what one or two readers alone like stays with them, and helps as little as it would tell
MOST_KNOWN = 60_000  # papers whose own factors are kept, those with most likes first: 8 MB
SOLVED_AT_ONCE = 1 << 22  # numbers; bounds a block of gathered factors to 16 MB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """The papers as they are perceived: what does not depend on who liked them, so it is made once.

    `features`: shape (n_papers, features), rows in the order of `ids`.
    """

    senses: Senses
    ids: IdArray
    features: FloatMatrix


def fit(*, likes: sparse.csr_array, docs: Sequence[PaperDoc], meaning: FloatMatrix, seed: int = 0) -> TasteMap:
    """Learn which papers the same readers like, and how their texts show it.

    In: `likes` of shape (n_readers, n_papers), an entry for each like; `docs` the papers of its columns, also some
    that nobody liked, for the rarity of words; `meaning` of shape (n_papers, d), rows of length 1.
    The same map comes of the same input. Readers in another order change no cosine of two places by more than 0.01.
    """
    return fit_material(likes=likes, material=perceive(docs=docs, meaning=meaning, seed=seed))


def perceive(*, docs: Sequence[PaperDoc], meaning: FloatMatrix, seed: int) -> Material:
    """Read papers into features, and learn the rarity of words from them."""
    texts = texts_of(docs)
    senses = Senses(
        seed=seed,
        n_waves=WAVES,
        meaning_width=int(meaning.shape[1]),
        rarity=measure_rarity(count_terms(texts)),
    )
    ids = np.array([doc.id for doc in docs], dtype=np.int64)
    return Material(senses=senses, ids=ids, features=senses.features(texts=texts, meaning=meaning))


def fit_material(*, likes: sparse.csr_array, material: Material) -> TasteMap:
    """Learn from papers that are read already; as `fit`."""
    n_likes = np.bincount(likes.indices, minlength=len(material.ids))
    factors = factorise(likes=likes, seed=material.senses.seed)
    centre, weights = _regress(material, factors, n_likes > 0)
    kept = _most_liked(n_likes, material.ids)
    return TasteMap(
        senses=material.senses,
        centre=centre,
        weights=weights,
        known=material.ids[kept],
        own=_storable(unit(factors[kept])),
        trust=_storable(n_likes[kept] / (n_likes[kept] + DOUBT)),
    )


def factorise(*, likes: sparse.csr_array, seed: int) -> FloatMatrix:
    """Find factors of papers such that a reader's likes are the papers that lie in one direction.

    Returns: shape (n_papers, FACTORS), float32; zeros for papers that nobody liked.
    Source: Hu, Koren & Volinsky 2008, eq. 4 and 5 (alternating least squares on implicit feedback).
    """
    by_reader = sparse.csr_array(likes)
    by_paper = sparse.csr_array(likes.T)
    papers = np.random.RandomState(seed).normal(0, 0.01, (likes.shape[1], FACTORS)).astype(np.float32)
    for _ in range(ROUNDS):
        papers = _solve(by_paper, _solve(by_reader, papers))
    return papers


def _solve(table: sparse.csr_array, other: FloatMatrix) -> FloatMatrix:
    """Answer the best factors of each row of `table`, given those of its columns."""
    solved = np.zeros((table.shape[0], FACTORS), dtype=np.float32)
    ordinary = other.T.astype(np.float64) @ other + PENALTY * np.eye(FACTORS)
    inverse = np.linalg.inv(ordinary).astype(np.float32)
    for rows, columns in _alike(table):
        few = columns.shape[1] <= FACTORS
        chosen = other[columns]
        solved[rows] = _solve_few(chosen, inverse) if few else _solve_many(chosen, ordinary.astype(np.float32))
    return solved


def _solve_few(chosen: FloatMatrix, inverse: FloatMatrix) -> FloatMatrix:
    """Solve in as many unknowns as there are likes (Woodbury). In: shapes (n, n_likes, k) and (k, k)."""
    spread = chosen @ inverse
    system = CONFIDENCE * (spread @ chosen.transpose(0, 2, 1)) + np.eye(chosen.shape[1], dtype=np.float32)
    ones = np.ones((*chosen.shape[:2], 1), dtype=np.float32)
    answer: FloatMatrix = (spread.transpose(0, 2, 1) @ np.linalg.solve(system, ones))[:, :, 0]
    return (1 + CONFIDENCE) * answer


def _solve_many(chosen: FloatMatrix, ordinary: FloatMatrix) -> FloatMatrix:
    """Solve in as many unknowns as there are factors. In: shapes (n, n_likes, k) and (k, k)."""
    system = CONFIDENCE * (chosen.transpose(0, 2, 1) @ chosen) + ordinary
    answer: FloatMatrix = np.linalg.solve(system, chosen.sum(axis=1)[:, :, None])[:, :, 0]
    return (1 + CONFIDENCE) * answer


def _alike(table: sparse.csr_array) -> Iterator[tuple[IdArray, IdArray]]:
    """Cut the rows into blocks of as many entries each. Yields: rows, and their columns, shape (n, n_entries)."""
    lengths = np.diff(table.indptr)
    for length in np.unique(lengths[lengths > 0]).tolist():
        rows = np.flatnonzero(lengths == length).astype(np.int64)
        at_once = max(1, SOLVED_AT_ONCE // (length * FACTORS))
        for start in range(0, len(rows), at_once):
            some = rows[start : start + at_once]
            yield some, table.indices[table.indptr[some][:, None] + np.arange(length)].astype(np.int64)


def _regress(material: Material, factors: FloatMatrix, is_liked: BoolMatrix) -> tuple[FloatMatrix, FloatMatrix]:
    """Fit the ridge regression from the waves of liked papers to their factors.

    Returns: the centre of the waves, and the weights on a scale that float16 can hold.
    """
    directions, phases = material.senses.directions()
    every = max(1, -(-len(material.ids) // PLACED_AT_ONCE))
    centre = _storable(np.cos(material.features[::every] @ directions + phases).mean(axis=0))
    gram, target = np.zeros((WAVES, WAVES), np.float32), np.zeros((WAVES, FACTORS), np.float32)
    liked = np.flatnonzero(is_liked & material.features.any(axis=1))
    for start in range(0, len(liked), PLACED_AT_ONCE):
        rows = liked[start : start + PLACED_AT_ONCE]
        waves = np.cos(material.features[rows] @ directions + phases) - centre
        gram += waves.T @ waves
        target += waves.T @ factors[rows]
    gram[np.diag_indices(WAVES)] += RIDGE * max(float(np.trace(gram)) / WAVES, 1e-6)
    weights = np.linalg.solve(gram, target)
    return centre, _storable(weights / max(float(np.abs(weights).max()), 1e-30))


def _most_liked(n_likes: IdArray, ids: IdArray) -> IdArray:
    """Choose the papers whose own factors are kept, in the order of their ids."""
    liked = np.flatnonzero(n_likes >= LEAST_KNOWN)
    chosen = liked[np.lexsort((ids[liked], -n_likes[liked]))][:MOST_KNOWN]
    return np.asarray(chosen[np.argsort(ids[chosen])], dtype=np.int64)


def _storable(numbers: FloatMatrix) -> FloatMatrix:
    return numbers.astype(np.float16).astype(np.float32)
