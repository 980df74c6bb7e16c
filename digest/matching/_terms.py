"""Texts -> hashed words and pairs of neighbouring words, and from a reader's examples the row of them that is stored.

How rare a term is belongs to the papers of a day, so a row is never made anew because the world writes of other things.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from digest.matching._filler import ROUTINE_WORDS, STOP_WORDS
from digest.matching._reading import fields_of
from digest.matching._sparse import FloatVector
from digest.matching._stems import stem
from digest.matching._text import split_words
from digest.types import BoolVector, IdArray, PaperDoc

Terms = npt.NDArray[np.uint32]

ROW_TERMS = 240  # the strongest of a library, which are stored; four bytes each
PAIR_WEIGHT = 0.5  # of a pair of words beside a single one, in what is liked and in what is new
# What the reader did not want is taken away with at most half of its weight, and with less while it is little.
AGAINST, HALF_SURE = 0.5, 2.0
SILENCE = np.uint32(0)  # the hash of what says nothing, and of the gap between two fields
SILENT_STEMS = frozenset(stem(word) for word in STOP_WORDS | ROUTINE_WORDS)
PAPERS_KEPT = 5_000  # liked papers whose terms a process remembers; some 20 MB
# A term and its weight in one number: 22 bits say which, 10 how much, from -511 to 511 beside the strongest.
TERM_BITS, LEVEL_BITS, MOST, MIDDLE = 22, 10, 511, 512
UNKNOWN = -1  # in place of a term's place
_STORED = np.dtype("<u4")
# Odd numbers that spread the bits of a product well: Knuth's, and one of MurmurHash3.
_PAIR, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)


class Found(NamedTuple):
    """Terms as they stand in some texts: whose each is, which one, what it counts there, and whether it is a pair."""

    owners: IdArray
    terms: Terms
    weights: FloatVector
    is_pair: BoolVector


def hash_stems(stems: Iterable[str]) -> Terms:
    """Give each stem its number, the same in every process and for ever; SILENCE for one that says nothing."""
    numbers = [int(SILENCE) if word in SILENT_STEMS else crc32(word.encode()) for word in stems]
    return np.array(numbers, dtype=np.uint32)


def find_terms(*, hashes: Terms, owners: IdArray, weights: FloatVector) -> Found:
    """List the words and pairs of neighbours in a row of hashed stems; SILENCE stands between fields."""
    said = hashes != SILENCE
    both = said[:-1] & said[1:]
    pairs = hashes[:-1][both] * _PAIR ^ hashes[1:][both]
    mixed = np.concatenate([hashes[said], pairs])
    mixed = (mixed ^ mixed >> np.uint32(16)) * _MIX
    return Found(
        owners=np.concatenate([owners[said], owners[:-1][both]]),
        terms=mixed >> np.uint32(LEVEL_BITS),
        weights=np.concatenate([weights[said], weights[:-1][both]]),
        is_pair=np.arange(len(mixed)) >= len(mixed) - len(pairs),
    )


def store_terms(*, liked: Sequence[tuple[PaperDoc, float]], unwanted: Sequence[PaperDoc], most: int) -> bytes:
    """Sum up which terms stand in liked papers, each with its weight, and take away those of unwanted ones.

    Returns: the `most` strongest as they are stored; nothing where nothing is liked.
    """
    total = sum(weight for _, weight in liked)
    if total <= 0:
        return b""
    against = AGAINST / (len(unwanted) + HALF_SURE)  # of each, so n / (n + 2) halves of them all
    shares = [(paper, weight / total) for paper, weight in liked] + [(paper, -against) for paper in unwanted]
    found = [(terms, share * weights) for (terms, weights), share in ((_terms_of(p), share) for p, share in shares)]
    terms, places = np.unique(np.concatenate([terms for terms, _ in found]), return_inverse=True)
    summed: FloatVector = np.zeros(len(terms))
    np.add.at(summed, places, np.concatenate([weights for _, weights in found]))
    return _pack(terms, summed, most)


def load_terms(rows: Sequence[bytes], *, place_of: npt.NDArray[np.int32]) -> tuple[IdArray, IdArray, FloatVector]:
    """Read stored rows; terms that have no place in `place_of` (see `index_terms`) fall out, and so do damaged rows.

    Returns: for each term whose row it is in, its place among the known ones, and its weight (-1..1), in order.
    """
    usable = [row if len(row) % _STORED.itemsize == 0 else b"" for row in rows]
    stored = np.frombuffer(b"".join(usable), dtype=_STORED)
    owners = np.repeat(np.arange(len(rows)), [len(row) // _STORED.itemsize for row in usable])
    places = place_of[stored >> LEVEL_BITS]
    kept = np.flatnonzero(places != UNKNOWN)
    levels = (stored[kept] & ((1 << LEVEL_BITS) - 1)).astype(np.float64) - MIDDLE
    return owners[kept], places[kept].astype(np.int64), levels / MOST


def index_terms(known: Terms) -> npt.NDArray[np.int32]:
    """Answer for every term there can be its place among the known ones, or UNKNOWN; 16 MB."""
    place_of = np.full(1 << TERM_BITS, UNKNOWN, dtype=np.int32)
    place_of[known] = np.arange(len(known))
    return place_of


@lru_cache(maxsize=PAPERS_KEPT)
def _terms_of(paper: PaperDoc) -> tuple[Terms, FloatVector]:
    """Weigh the terms of one liked paper, `1 + log tf` each, brought to length 1."""
    hashes, weights = [], []
    for folded, weight in fields_of(paper):
        stems = hash_stems(map(stem, split_words(folded)))
        hashes += [stems, np.array([SILENCE])]
        weights += [np.full(len(stems) + 1, weight)]
    sequence = np.concatenate(hashes)
    found = find_terms(hashes=sequence, owners=np.zeros(len(sequence), np.int64), weights=np.concatenate(weights))
    terms, first, places = np.unique(found.terms, return_index=True, return_inverse=True)
    counts = np.bincount(places, weights=found.weights, minlength=len(terms))
    weighed = (1 + np.log(np.maximum(counts, 1.0))) * np.where(found.is_pair[first], PAIR_WEIGHT, 1.0)
    return terms, weighed / max(float(np.linalg.norm(weighed)), 1e-9)


def _pack(terms: Terms, weights: FloatVector, most: int) -> bytes:
    strongest = np.sort(np.argsort(-np.abs(weights), kind="stable")[:most])
    top = np.abs(weights).max(initial=1e-9)
    levels = np.rint(weights[strongest] / top * MOST).astype(np.int64)
    said = levels != 0
    packed = terms[strongest][said].astype(_STORED) << LEVEL_BITS | (levels[said] + MIDDLE).astype(_STORED)
    return bytes(packed.tobytes())
