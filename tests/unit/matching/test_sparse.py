"""Small steps over sparse matrices."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from digest.matching._sparse import lookup, matrix, multiply_rows, scale_rows, unsum

TABLE = hnp.arrays(np.float64, (4, 5), elements=st.sampled_from([0.0, 0.0, 1.0, 2.5, -3.0]))
OTHER = hnp.arrays(np.float64, (5, 3), elements=st.sampled_from([0.0, 0.0, 1.0, 0.5]))


@given(left=TABLE, right=OTHER)
def test_the_terms_of_a_product_add_up_to_it(left: np.ndarray, right: np.ndarray) -> None:
    rows, columns = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)

    cells, _, amounts = unsum(left=sparse.csr_array(left), right=sparse.csr_array(right), rows=rows, columns=columns)

    sums = np.bincount(cells, weights=amounts, minlength=12).reshape(4, 3)
    np.testing.assert_allclose(sums, left @ right, atol=1e-12)


@given(table=TABLE)
def test_single_cells_are_read_as_they_stand(table: np.ndarray) -> None:
    rows, columns = (index.ravel().astype(np.int64) for index in np.indices(table.shape))

    assert np.array_equal(lookup(sparse.csr_array(table), rows, columns), table.ravel())


def test_entries_on_one_place_are_added_up() -> None:
    built = matrix(rows=[0, 0], columns=[1, 1], values=[2.0, 3.0], shape=(1, 2))

    assert built.toarray().tolist() == [[0.0, 5.0]]


def test_each_row_is_multiplied_by_its_own_factor() -> None:
    scaled = scale_rows(sparse.csr_array(np.array([[1.0, 2.0], [3.0, 0.0]])), np.array([2.0, 10.0]))

    assert scaled.toarray().tolist() == [[2.0, 4.0], [30.0, 0.0]]


@given(left=TABLE, right=hnp.arrays(np.float64, (3, 5), elements=st.sampled_from([0.0, 0.0, 1.0, 0.5])))
def test_rows_are_multiplied_entry_by_entry(left: np.ndarray, right: np.ndarray) -> None:
    rows, columns = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
    table = sparse.csr_array(right)

    cells, places, products = multiply_rows(left=sparse.csr_array(left), right=table, rows=rows, columns=columns)

    found = np.zeros((12, 5))
    found[cells, table.indices[places]] = products
    np.testing.assert_array_equal(found, left[rows] * right[columns])
