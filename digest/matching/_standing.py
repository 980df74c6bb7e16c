"""Where readers stand among papers: their examples and their own words, as what they differ from the ordinary."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digest.matching._landscape import Landscape, common_dimensions, read_vectors
from digest.matching._terms import AGAINST, HALF_SURE, ROW_TERMS, store_terms
from digest.types import BoolVector, FloatMatrix, PaperDoc, ProfileDoc, Standing
from digest.vectors import pack

# What the reader typed, encoded as one text, counts as two liked papers.
WISH_WEIGHT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stand:
    """What each profile says of its interest, as what that differs from the ordinary; shape (n, d) each.

    The weights, shape (n,), bring them together: `liked_share` and `wish_share` add up to 1 where there is either,
    `against` is what the unwanted are multiplied with. `n_examples` counts what is known of a reader.
    """

    liked: FloatMatrix
    wish: FloatMatrix
    unwanted: FloatMatrix
    liked_share: FloatMatrix
    wish_share: FloatMatrix
    against: FloatMatrix
    n_examples: FloatMatrix

    @property
    def directions(self) -> FloatMatrix:
        """Answer in which direction each reader's interest lies; shape (n, d), zeros for one who says nothing."""
        drawn = self.liked_share[:, None] * self.liked + self.wish_share[:, None] * self.wish
        return np.asarray(drawn - self.against[:, None] * self.unwanted, dtype=np.float32)


def take_stands(*, profiles: Sequence[ProfileDoc], landscape: Landscape) -> Stand:
    """Bring all that profiles say by example and in words into one landscape. A vector that is damaged says nothing."""
    d = len(landscape.centre)
    given = [profile.standing or _by_meaning(profile, d) for profile in profiles]
    liked, has_liked = _turned(landscape, [each.liked for each in given])
    unwanted, has_unwanted = _turned(landscape, [each.disliked for each in given])
    wish, has_wish = _turned(landscape, [profile.wish for profile in profiles])
    liked_weight = np.array([each.liked_weight for each in given], dtype=np.float32) * has_liked
    unwanted_weight = np.array([each.disliked_weight for each in given], dtype=np.float32) * has_unwanted
    wish_weight = np.float32(WISH_WEIGHT) * has_wish
    total = np.maximum(liked_weight + wish_weight, np.float32(1e-9))
    says = (liked_weight + wish_weight > 0).astype(np.float32)
    return Stand(
        liked=liked,
        wish=wish,
        unwanted=unwanted,
        liked_share=liked_weight / total,
        wish_share=wish_weight / total,
        against=says * AGAINST * unwanted_weight / (unwanted_weight + HALF_SURE),
        n_examples=liked_weight,
    )


def stand(*, profile: ProfileDoc) -> Standing:
    """Sum a profile's examples up, so that neither their vectors nor their texts need be read again."""
    dimensions = common_dimensions(paper.vector for paper in (*profile.liked, *profile.disliked))
    return replace(_by_meaning(profile, dimensions), terms=store_library(profile=profile, most=ROW_TERMS))


def store_library(*, profile: ProfileDoc, most: int) -> bytes:
    """Sum the terms of a profile's examples up as they are stored, the `most` strongest."""
    weights = profile.liked_weights or (1.0,) * len(profile.liked)
    return store_terms(liked=list(zip(profile.liked, weights, strict=True)), unwanted=profile.disliked, most=most)


def has_meaning(profile: ProfileDoc, *, dimensions: int) -> bool:
    """Tell whether a profile's examples can be compared by what they mean."""
    if profile.standing is not None:
        return profile.standing.liked_weight > 0 or profile.standing.disliked_weight > 0
    _, usable = read_vectors([paper.vector for paper in (*profile.liked, *profile.disliked)], dimensions=dimensions)
    return bool(usable.any())


def is_placed(profile: ProfileDoc, *, dimensions: int) -> bool:
    """Tell whether a profile can be compared by meaning, through its examples or through what its reader typed."""
    _, usable = read_vectors([profile.wish], dimensions=dimensions)
    return bool(usable[0]) or has_meaning(profile, dimensions=dimensions)


def _by_meaning(profile: ProfileDoc, dimensions: int) -> Standing:
    weights = profile.liked_weights or (1.0,) * len(profile.liked)
    liked, liked_weight = _mean(profile.liked, weights, dimensions)
    disliked, disliked_weight = _mean(profile.disliked, (1.0,) * len(profile.disliked), dimensions)
    return Standing(liked=liked, liked_weight=liked_weight, disliked=disliked, disliked_weight=disliked_weight)


def _mean(papers: Sequence[PaperDoc], weights: Sequence[float], dimensions: int) -> tuple[bytes, float]:
    vectors, usable = read_vectors([paper.vector for paper in papers], dimensions=dimensions)
    counted = np.asarray(weights, dtype=np.float64) * usable
    total = float(counted.sum())
    if total <= 0:
        return b"", 0.0
    return pack(matrix=np.asarray(counted @ vectors / total, dtype=np.float32)[None])[0], total


def _turned(landscape: Landscape, rows: Sequence[bytes]) -> tuple[FloatMatrix, BoolVector]:
    """Turn stored vectors, each once: many profiles may say the same, and many say nothing."""
    place_of = {row: place for place, row in enumerate(dict.fromkeys(rows))}
    vectors, usable = read_vectors([*place_of], dimensions=len(landscape.centre))
    turned = landscape.turn(vectors) * usable[:, None]
    places = np.array([place_of[row] for row in rows], dtype=np.int64)
    return turned[places], usable[places]
