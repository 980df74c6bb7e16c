"""Vectors as they are stored: half the bytes, hardly another direction."""

import numpy as np
import pytest

from digest.vectors import finite, pack, unpack


def unit_rows(*, number: int, dimensions: int) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(number, dimensions))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_what_was_packed_comes_back_nearly_as_it_was() -> None:
    matrix = unit_rows(number=50, dimensions=384)

    back = unpack(rows=pack(matrix=matrix), dimensions=384)

    assert back.dtype == np.float32
    np.testing.assert_allclose(back @ back.T, matrix @ matrix.T, rtol=0, atol=0.0005)


def test_a_number_takes_two_bytes_the_lower_first() -> None:
    assert pack(matrix=np.array([[1.0, -2.0]], dtype=np.float32)) == [b"\x00\x3c\x00\xc0"]


def test_no_rows_are_a_matrix_without_rows() -> None:
    assert unpack(rows=[], dimensions=3).shape == (0, 3)


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="does not hold 3 numbers"):
        unpack(rows=[b"\x00\x3c"], dimensions=3)


def test_a_row_with_one_number_that_is_none_is_not_finite() -> None:
    matrix = np.array([[0, 1], [np.nan, 1], [0, np.inf]], dtype=np.float32)

    assert finite(matrix=matrix).tolist() == [True, False, False]
