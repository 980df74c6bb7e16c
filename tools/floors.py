"""The least that each stage of a day can cost on this machine: the same rows and bytes, with nothing around them.

A stage is measured against its floor in the same run, so the ratio says what our own work costs, whatever machine
and whatever else runs on it.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from django.db import models, transaction
from lxml import etree
from scipy import sparse

from digest.types import FloatMatrix, PaperDoc, ProfileDoc

BATCH = 500


def seconds(work: Callable[[], Any]) -> float:
    """Do something once, and tell how long it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def inserting(kinds: Sequence[type[models.Model]]) -> float:
    """Measure how long the rows of some tables take to be inserted as they are. Nothing is changed in the end."""
    rows = [list(kind._default_manager.all()) for kind in kinds]
    with undone():
        for kind in reversed(kinds):
            kind._default_manager.all().delete()
        return sum(
            seconds(lambda kind=kind, some=some: kind._default_manager.bulk_create(some, batch_size=BATCH))  # type: ignore[misc] # a default in a lambda
            for kind, some in zip(kinds, rows, strict=True)
        )


def updating(rows: models.QuerySet[Any], **values: Any) -> float:
    """Measure one UPDATE of all the rows. Nothing is changed in the end."""
    with undone():
        return seconds(lambda: rows.update(**values))


def reading_xml(payloads: Sequence[bytes]) -> float:
    """Measure how long the XML takes to be parsed into a tree that nobody looks at."""
    return seconds(lambda: [etree.fromstring(payload) for payload in payloads])


def reading_json(lines: Sequence[str]) -> float:
    """Measure how long the lines take to be parsed."""
    return seconds(lambda: [json.loads(line) for line in lines])


def multiplying(*, profiles: Sequence[ProfileDoc], papers: Sequence[PaperDoc]) -> float:
    """Measure the bare product of profiles and papers: the words of both counted at blanks, one sparse product.

    No stems, phrases, rarity, thresholds, exclusions or reasons: what any matching by words must do at least.
    """
    return seconds(lambda: product(profiles=profiles, papers=papers))


def writing(*, bodies: Sequence[bytes], folder: Path) -> float:
    """Measure how long it takes to write mails into files, with no ledger and nothing rendered."""
    return seconds(lambda: [(folder / f"{n}.eml").write_bytes(body) for n, body in enumerate(bodies)])


@contextmanager
def undone() -> Iterator[None]:
    """Take everything back that the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def product(*, profiles: Sequence[ProfileDoc], papers: Sequence[PaperDoc]) -> FloatMatrix:
    """Count how often each paper holds the words of each profile's keywords. Returns: shape (n_profiles, n_papers)."""
    place_of: dict[str, int] = {}
    wishes = [place_of.setdefault(word, len(place_of)) for one in profiles for word in " ".join(one.keywords).split()]
    wants = [len(" ".join(one.keywords).split()) for one in profiles]
    held = [[place_of.get(word, -1) for word in f"{one.title} {one.abstract}".split()] for one in papers]
    kept = [[place for place in places if place >= 0] for places in held]
    asked = _matrix(wishes, wants, len(place_of))
    holds = _matrix([place for places in kept for place in places], list(map(len, kept)), len(place_of))
    return np.asarray((asked @ holds.T).toarray(), dtype=np.float32)


def _matrix(places: Sequence[int], lengths: Sequence[int], width: int) -> "sparse.csr_array[Any]":
    ends = np.concatenate([[0], np.cumsum(lengths)])
    ones = np.ones(len(places), dtype=np.float32)
    return sparse.csr_array((ones, np.asarray(places, dtype=np.int64), ends), shape=(len(lengths), width))
