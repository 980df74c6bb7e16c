"""What a chunk of readers does to the memory of its process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the cycle collector rest while a chunk of readers is planned or built.

    A chunk makes a million small objects that live to its end and hang in no cycle: looking through them again and
    again finds nothing and takes as long as all the rest. Whatever else made cycles meanwhile is collected later.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
