"""Small steps over sparse matrices that SciPy has no word for; all of them vectorised, none knows of papers."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from digest.types import FloatMatrix, IdArray

FloatVector = npt.NDArray[np.float64]
# Rows that are multiplied at once; bounds the dense block of scores to this many rows.
CHUNK_ROWS = 1024


def matrix(
    *, rows: Sequence[int] | IdArray, columns: Sequence[int] | IdArray, values: object, shape: tuple[int, int]
) -> sparse.csr_array:
    """Put entries into a sparse matrix with sorted indices, adding up those that fall on the same place."""
    triplets = (np.asarray(values, dtype=np.float64), (np.asarray(rows, np.int64), np.asarray(columns, np.int64)))
    built = sparse.csr_array(sparse.coo_array(triplets, shape=shape))
    built.sum_duplicates()
    return built


def scale_rows(vectors: sparse.csr_array, factors: FloatVector) -> sparse.csr_array:
    """Multiply each row by its factor."""
    scaled = vectors.copy()
    scaled.data = scaled.data * np.repeat(factors, np.diff(scaled.indptr))
    return scaled


def lookup(table: sparse.csr_array, rows: IdArray, columns: IdArray) -> FloatVector:
    """Read many single cells of a matrix whose indices are sorted; an empty cell reads as 0."""
    if table.nnz == 0:
        return np.zeros(len(rows))
    width = table.shape[1]
    filled = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr)) * width + table.indices
    wanted = rows * width + columns
    place = np.minimum(np.searchsorted(filled, wanted), len(filled) - 1)
    return np.where(filled[place] == wanted, table.data[place], 0.0)


def unsum(
    *, left: sparse.csr_array, right: sparse.csr_array, rows: IdArray, columns: IdArray
) -> tuple[IdArray, IdArray, FloatVector]:
    """Take single cells of the product `left @ right` apart into the terms that were added up.

    Returns: for each term that is not zero, which of the cells it belongs to, its place in `left.data`, its amount.
    """
    cell, place = expand(left, rows)
    amount = left.data[place] * lookup(right, left.indices[place].astype(np.int64), columns[cell])
    kept = amount != 0
    return cell[kept], place[kept], amount[kept]


def expand(table: sparse.csr_array, rows: IdArray) -> tuple[IdArray, IdArray]:
    """List the entries of many rows: for each, which of the asked rows it belongs to and its place in `table.data`."""
    starts = table.indptr[rows].astype(np.int64)
    lengths = table.indptr[rows + 1].astype(np.int64) - starts
    asked = np.repeat(np.arange(len(rows)), lengths)
    offsets = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return asked, np.arange(len(asked)) - offsets + np.repeat(starts, lengths)


def add(total: FloatMatrix, addend: sparse.csr_array) -> None:
    """Add a sparse matrix without duplicate entries to a dense one in place."""
    rows = np.repeat(np.arange(addend.shape[0]), np.diff(addend.indptr))
    total.reshape(-1)[rows * addend.shape[1] + addend.indices] += addend.data.astype(np.float32)


def multiply_rows(
    *, left: sparse.csr_array, right: sparse.csr_array, rows: IdArray, columns: IdArray
) -> tuple[IdArray, IdArray, FloatVector]:
    """Multiply row `rows[i]` of the one with row `columns[i]` of the other, entry by entry; `rows` rise.

    Returns: for each product that is not 0 its i, its place in `right.data`, and itself. A row of the one is spread out
    once for all that it is multiplied with.
    """
    cells, places = expand(right, columns)
    spread = np.zeros(left.shape[1], dtype=left.dtype)
    found = np.empty(len(cells), dtype=left.dtype)
    groups = [*np.flatnonzero(np.diff(rows, prepend=-1)).tolist(), len(rows)]
    for (first, _), (start, end) in zip(pairwise(groups), pairwise(np.searchsorted(cells, groups)), strict=True):
        entries = slice(left.indptr[rows[first]], left.indptr[rows[first] + 1])
        spread[left.indices[entries]] = left.data[entries]
        found[start:end] = spread[right.indices[places[start:end]]]
        spread[left.indices[entries]] = 0
    kept = np.flatnonzero(found)
    return cells[kept], places[kept], (found[kept] * right.data[places[kept]]).astype(np.float64)
