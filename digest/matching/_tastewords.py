"""Texts in, their telling words as short vectors out: hashed, so that a text is placed without any list of words."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy import sparse

from digest.matching._reading import ABSTRACT_LIMIT, TITLE_LIMIT
from digest.matching._stems import stem
from digest.matching._text import fold, split_words
from digest.types import FloatMatrix, PaperDoc

BUCKETS = 1 << 18  # that words and pairs of words fall into; what is known of a word is known of its bucket
COMMON = 0.15  # a word of more papers than this part tells nothing
# In a handful of papers, a word of few of them is not common.
LEAST_COMMON = 5
SEEN = 2  # papers that must hold a word before anything is known of it
READ_AT_ONCE = 4_096  # texts; bounds the list of all their words
TEXT_LIMIT = TITLE_LIMIT + ABSTRACT_LIMIT  # characters
TINY = 1e-9
# Odd numbers that spread the bits of a product well: Knuth's, and those of MurmurHash3.
_PAIR, _MIX_1, _MIX_2 = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_FIELD_GAP = " . "
Hashes = npt.NDArray[np.uint32]


class _HashTable(dict[str, int]):
    """A number for each word, the same for all forms of it, in every process and for ever."""

    def __missing__(self, word: str) -> int:
        self[word] = crc32(stem(word).encode())
        return self[word]


def texts_of(docs: Sequence[PaperDoc]) -> list[str]:
    """Write what is read of each paper."""
    return [f"{doc.title[:TITLE_LIMIT]}{_FIELD_GAP}{doc.abstract[:ABSTRACT_LIMIT]}" for doc in docs]


def count_terms(texts: Sequence[str]) -> sparse.csr_array:
    """Count the words and the pairs of neighbours of each text, by their buckets.

    Returns: shape (len(texts), BUCKETS), float32.
    """
    table = _HashTable()
    blocks = [_count(texts[start : start + READ_AT_ONCE], table) for start in range(0, len(texts), READ_AT_ONCE)]
    return sparse.vstack(blocks, format="csr") if blocks else _count(texts, table)


def measure_rarity(counts: sparse.csr_array) -> FloatMatrix:
    """Say how telling each bucket is: by the papers that hold it; 0 where it is common, or hardly known.

    Returns: shape (BUCKETS,), float32, exact in float16, for so it is stored.
    """
    n_papers = counts.shape[0]
    n_holding = np.bincount(counts.indices, minlength=BUCKETS)
    rarity = np.log((1 + n_papers) / (1 + n_holding)) + 1
    rarity[(n_holding < SEEN) | (n_holding > max(LEAST_COMMON, COMMON * n_papers))] = 0.0
    return rarity.astype(np.float16).astype(np.float32)


def shorten(counts: sparse.csr_array, *, rarity: FloatMatrix, width: int) -> FloatMatrix:
    """Weigh the words of each text and fold them into `width` numbers, each word up or down as its hash decides.

    Returns: shape (n_texts, width), float32, rows of length 1, or of zeros where no word tells anything.
    Source: Weinberger et al. 2009 (feature hashing).
    """
    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * rarity[weighed.indices]
    return unit(np.asarray((weighed @ _folding(width)).toarray(), dtype=np.float32))


def unit(matrix: FloatMatrix) -> FloatMatrix:
    """Bring each row to length 1; rows of zeros stay zeros."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: FloatMatrix = np.where(lengths > TINY, matrix / np.maximum(lengths, TINY), 0).astype(np.float32)
    return scaled


def _count(texts: Sequence[str], table: _HashTable) -> sparse.csr_array:
    words = [[table[word] for word in split_words(fold(text[:TEXT_LIMIT]))] for text in texts]
    lengths = [len(some) for some in words]
    hashes = np.array([number for some in words for number in some], dtype=np.uint32)
    owner = np.repeat(np.arange(len(texts)), lengths)
    together = owner[1:] == owner[:-1]
    pairs = (hashes[:-1] * _PAIR ^ hashes[1:])[together]
    rows = np.concatenate([owner, owner[1:][together]])
    columns = _bucket(np.concatenate([hashes, pairs]))
    ones = np.ones(len(rows), dtype=np.float32)
    counted = sparse.csr_array(sparse.coo_array((ones, (rows, columns)), shape=(len(texts), BUCKETS)))
    counted.sum_duplicates()
    return counted


def _bucket(hashes: Hashes) -> npt.NDArray[np.int32]:
    mixed = (hashes ^ hashes >> np.uint32(16)) * _MIX_1
    mixed = (mixed ^ mixed >> np.uint32(13)) * _MIX_2
    return ((mixed ^ mixed >> np.uint32(16)) % np.uint32(BUCKETS)).astype(np.int32)


def _folding(width: int) -> sparse.csr_array:
    """Answer the matrix that takes a bucket to its place: the lower part of its number says where, the next bit how."""
    buckets = np.arange(BUCKETS)
    signs = np.where(buckets // width % 2, 1, -1).astype(np.float32)
    return sparse.csr_array((signs, (buckets, buckets % width)), shape=(BUCKETS, width))
