"""The cycle collector while a chunk is built."""

import gc

import pytest

from digest.pipeline.memory import uncollected


@pytest.fixture(autouse=True)
def collecting() -> None:
    gc.enable()


def test_the_collector_rests_while_a_chunk_is_built_and_works_on_afterwards() -> None:
    with uncollected():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_collector_works_on_after_a_chunk_that_failed() -> None:
    with pytest.raises(ValueError, match="no"), uncollected():
        raise ValueError("no")

    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
