"""What was found by words -> the same by meaning too, where an encoder serves: ordered anew, and near papers added.

Bounded whatever there is: the first hits by words and the newest papers' vectors, which a process keeps for some
minutes. No page loads a model: where this process has none, what was looked for is the middle of what was found first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from digest.encoders import label
from digest.models import Paper, PaperVector
from digest.pipeline.encoding import loaded_encoder
from digest.pipeline.index import load_vectors
from digest.pipeline.serving import dimensions_of, serving_encoder
from digest.search.plan import Plan
from digest.types import FloatMatrix
from digest.vectors import finite, unpack, width

RANKED_ANEW = 200  # hits by words
FIRST_HITS = 10  # whose middle stands for what was asked
NEWEST = 5_000  # papers whose vectors are kept
KEPT_FOR = timedelta(minutes=10)
ADDED = 20  # papers that do not hold the words
NEAR = 0.6  # cosine; papers of one narrow subject
SMOOTH = 60  # of reciprocal rank fusion (Cormack, Clarke & Buettcher 2009)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recent:
    """The newest papers' vectors, row by row, of length 1, and since when they are kept."""

    ids: tuple[int, ...]
    matrix: FloatMatrix
    at: datetime


_kept: dict[str, Recent] = {}
"""What this process keeps, by encoder."""


def forget_recent() -> None:
    """Forget the vectors that are kept: another database may lie behind the same ids."""
    _kept.clear()


def by_meaning(*, text: str, by_words: Sequence[int], plan: Plan, now: datetime) -> tuple[int, ...]:
    """Put the first hits by words in order by their meaning too, and add papers that are near what was asked.

    Papers are added only where nothing but plain words was asked: of these is not known whether they hold what else
    was. Without an encoder that serves the hits are given back as they are.
    """
    encoder = serving_encoder()
    if encoder is None:
        return tuple(by_words)
    first = list(by_words[:RANKED_ANEW])
    vectors = _vectors(first, encoder)
    wish = _wish(text, [vectors[pk] for pk in first[:FIRST_HITS] if pk in vectors], encoder)
    if wish is None:
        return tuple(by_words)
    is_plain = not (plan.labels or plan.without or plan.first or plan.last)
    added = _nearest(wish, encoder, now) if is_plain else []
    return (*_fused(first, vectors, wish, added), *(pk for pk in by_words[RANKED_ANEW:] if pk not in set(added)))


def near_paper(*, paper: Paper, by_words: Sequence[int], now: datetime) -> tuple[int, ...]:
    """Put papers that share words with one in order by their meaning too, and add those that are near it."""
    encoder = serving_encoder()
    own = load_vectors(paper_ids=[paper.pk], encoder=encoder).get(paper.pk) if encoder else None
    if encoder is None or own is None:
        return tuple(by_words)
    wish = _unit(unpack(rows=[own], dimensions=len(own) // width(dimensions=1)))[0]
    first = list(by_words[:RANKED_ANEW])
    return tuple(_fused(first, _vectors(first, encoder), wish, _nearest(wish, encoder, now)))


def _wish(text: str, first: Sequence[FloatMatrix], encoder: str) -> FloatMatrix | None:
    """Give the direction of what was asked: as the encoder reads it, else the middle of the first hits."""
    loaded = loaded_encoder()
    if loaded is not None and label(encoder=loaded) == encoder and text.strip():
        return np.asarray(_unit(loaded.encode(texts=[text]))[0], dtype=np.float32)
    return np.asarray(_unit(np.mean(first, axis=0, keepdims=True))[0], dtype=np.float32) if first else None


def _fused(first: Sequence[int], vectors: dict[int, FloatMatrix], wish: FloatMatrix, added: Sequence[int]) -> list[int]:
    """Fuse the order by words with that by meaning: a paper's ranks count, whatever the scores."""
    near = sorted((pk for pk in first if pk in vectors), key=lambda pk: -float(vectors[pk] @ wish))
    scores: dict[int, float] = {}
    for order in (first, [*dict.fromkeys([*near])], added):
        for rank, pk in enumerate(order):
            scores[pk] = scores.get(pk, 0.0) + 1.0 / (SMOOTH + rank)
    return sorted(scores, key=lambda pk: -scores[pk])


def _nearest(wish: FloatMatrix, encoder: str, now: datetime) -> list[int]:
    recent = _recent(encoder, now)
    if not recent.ids:
        return []
    cosines = recent.matrix @ wish
    best = np.argsort(-cosines, kind="stable")[:ADDED]
    return [recent.ids[place] for place in best.tolist() if cosines[place] >= NEAR]


def _recent(encoder: str, now: datetime) -> Recent:
    kept = _kept.get(encoder)
    if kept is None or not kept.at <= now < kept.at + KEPT_FOR:
        kept = _kept[encoder] = _read_recent(encoder, now)
    return kept


def _read_recent(encoder: str, now: datetime) -> Recent:
    rows = PaperVector.objects.filter(encoder=encoder, paper__in=Paper.objects.mailable()).order_by("-paper_id")
    dimensions = dimensions_of(space=encoder) or 0
    found = [
        (pk, bytes(vector))
        for pk, vector in rows.values_list("paper_id", "vector")[:NEWEST]
        if len(vector) == width(dimensions=dimensions)
    ]
    matrix = unpack(rows=[vector for _, vector in found], dimensions=dimensions)
    whole = finite(matrix=matrix)
    ids = tuple(pk for (pk, _), is_whole in zip(found, whole.tolist(), strict=True) if is_whole)
    return Recent(ids=ids, matrix=_unit(matrix[whole]), at=now)


def _vectors(paper_ids: Sequence[int], encoder: str) -> dict[int, FloatMatrix]:
    found = load_vectors(paper_ids=paper_ids, encoder=encoder) if paper_ids else {}
    if not found:
        return {}
    rows = list(found.values())
    matrix = _unit(unpack(rows=rows, dimensions=len(rows[0]) // width(dimensions=1)))
    return dict(zip(found, matrix, strict=True))


def _unit(matrix: FloatMatrix) -> FloatMatrix:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-9), dtype=np.float32)
