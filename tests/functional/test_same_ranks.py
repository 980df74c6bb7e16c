"""The same world gives the same digests: on SQLite and on PostgreSQL, by one worker and by four."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from digest.chaos.programs import die_with_parent
from digest.matching._fuse import SCORE_STEP
from tests.conftest import PROJECT
from tests.encoders import FakeLoader
from tests.environment import TEST_ENVIRONMENT
from tests.ranks import (
    WORKERS,
    RankedInterest,
    RankedPaper,
    RankedWorld,
    digests,
    forget_world,
    store_world,
)

pytestmark = pytest.mark.django_db(transaction=True)

Ask = Callable[[RankedWorld], list[Any]]

SUBJECTS = ("graph", "neural", "quantum", "reef", "galaxy", "protein", "model", "learning", "state", "space")
FILLER = ("of", "the", "we", "study", "show", "large", "fast", "doped", "doping", "few-shot", "C++", "量子")
NAMES = ("Ada Example", "A. Example", "Ben Sample", "Yann Roe", "Zoë Müller")
CATEGORIES = ("cs.CL", "cs.LG", "math.MP", "math-ph", "stat.TH")

WORDS = st.sampled_from(SUBJECTS + FILLER)


def some(of: st.SearchStrategy[Any], *, most: int, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few things, each once."""
    return st.lists(of, min_size=least, max_size=most, unique=True).map(tuple)


def text(*, least: int, most: int) -> st.SearchStrategy[str]:
    """Words in a row, some of them twice."""
    return st.lists(WORDS, min_size=least, max_size=most).map(" ".join)


PAPERS = st.builds(
    RankedPaper,
    title=text(least=2, most=5),
    abstract=text(least=0, most=12),
    authors=some(st.sampled_from(NAMES), most=2),
    categories=some(st.sampled_from(CATEGORIES), most=2, least=1),
)
OLD = 8
INTERESTS = st.builds(
    RankedInterest,
    keywords=some(text(least=1, most=2), most=4),
    exclude=some(WORDS, most=1),
    authors=some(st.sampled_from(NAMES), most=1),
    categories=some(st.sampled_from(CATEGORIES), most=1),
    description=text(least=0, most=6),
    pickiness=st.sampled_from(["broad", "balanced", "picky"]),
    liked=some(st.integers(0, OLD - 1), most=4),
    unwanted=some(st.integers(0, OLD - 1), most=2),
)
WORLDS = st.builds(
    RankedWorld,
    old=st.tuples(*[PAPERS] * OLD),
    # Every paper comes twice: what is alike to the letter must stand in the order of its numbers, whoever sums up.
    new=st.lists(PAPERS, min_size=8, max_size=12).map(lambda papers: (*papers, *papers)),
    readers=st.lists(st.lists(INTERESTS, min_size=1, max_size=3).map(tuple), min_size=5, max_size=9).map(tuple),
    is_stood=st.booleans(),
)


def differences(one: Any, other: Any, *, where: str = "") -> Iterator[str]:
    """Name the places in which two answers differ; of numbers, those that are further apart than a step of a score."""
    if isinstance(one, float) and isinstance(other, float):
        is_same = abs(one - other) <= 1.01 * SCORE_STEP
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        is_same = True
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, where=f"{where}[{place}]")
    else:
        is_same = one == other
    if not is_same:
        yield f"{where}: {one} or {other}"


@pytest.fixture
def ask_other(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Have a world's digests built by another process, on the kind of database that this run is not on."""
    address = "sqlite://:memory:"
    if connection.vendor == "sqlite":
        server = urlsplit(request.getfixturevalue("postgres_url"))
        address = server._replace(path="/ranks").geturl()  # its own name: the other half may be under way
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.ranks"],
        env={**os.environ, **TEST_ENVIRONMENT, "DATABASE_URL": address},
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no lock is taken
    )
    assert other.stdin is not None
    assert other.stdout is not None
    with other, other.stdin as worlds, other.stdout as answers:

        def ask(world: RankedWorld) -> list[Any]:
            worlds.write(json.dumps(asdict(world)) + "\n")
            worlds.flush()
            answer: list[Any] = json.loads(answers.readline())
            return answer

        yield ask


@settings(max_examples=20, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(world=WORLDS)
def test_both_databases_and_any_number_of_workers_give_the_same_digests(
    loader: FakeLoader, ask_other: Ask, world: RankedWorld
) -> None:
    forget_world()
    store_world(world=world)

    alone = digests(chunks=1)
    by_four = digests(chunks=WORKERS, at_once=connection.vendor == "postgresql")
    others = ask_other(world)

    assert list(differences(by_four, alone)) == []
    assert list(differences(others, [alone, alone])) == []
