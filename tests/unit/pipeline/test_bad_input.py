"""Odd interests, odd papers and a broken encoder: the run goes on, and a reader gets papers or is told why none."""

from typing import Any

import numpy as np
import pytest

from digest.models import Digest, Paper, PaperVector, ProfileVector
from digest.pipeline.build import build
from digest.pipeline.encoding import forget_encoder
from digest.pipeline.index import index_waiting
from digest.pipeline.plan import plan_due
from digest.pipeline.standing import stand_waiting
from digest.vectors import pack
from subscriptions.models import Subscriber
from tests.builders import NOW, make_paper, make_reader
from tests.encoders import FakeLoader
from tests.unit.pipeline.tastes import LONG_AGO

pytestmark = pytest.mark.django_db
READY, EMPTY = Digest.Status.READY, Digest.Status.EMPTY
NO_NUMBER = pack(matrix=np.full((1, 8), np.nan, dtype=np.float32))[0]
SUBJECTS = (
    "harbours",
    "violins",
    "bridges",
    "glaciers",
    "orchards",
    "lanterns",
    "quarries",
    "canals",
    "kites",
    "mills",
)


@pytest.fixture(params=["by words alone", "by meaning", "by stored stands"])
def way(request: pytest.FixtureRequest) -> str:
    """How interests are compared in this test."""
    if request.param != "by words alone":
        request.getfixturevalue("loader")
    return str(request.param)


@pytest.fixture(autouse=True)
def ordinary_papers() -> None:
    """Thirty papers of today, and one that an ordinary reader asks for."""
    for number in range(30):
        make_paper(title=f"On {SUBJECTS[number % 10]}", abstract=f"Report {number} on {SUBJECTS[(number + 3) % 10]}.")
    make_paper(title="Sundials at noon")


def run(way: str, **interest: Any) -> Digest:
    """Build the digest of one odd interest beside that of an ordinary reader, who gets theirs in any case."""
    ordinary = make_reader(profiles=[{"keywords": ["sundials"]}], max_papers=50)
    return digests(way, make_reader(profiles=[interest], max_papers=50), ordinary)[0]


def digests(way: str, odd: Subscriber, ordinary: Subscriber) -> tuple[Digest, list[str]]:
    if way != "by words alone":
        index_waiting(now=NOW)
    if way == "by stored stands":
        stand_waiting(now=NOW)
    build(digest_ids=plan_due(now=NOW).digest_ids, now=NOW)
    assert "Sundials at noon" in titles(Digest.objects.get(subscriber=ordinary))
    found = Digest.objects.get(subscriber=odd)
    assert (found.status, bool(found.empty_reason)) in [(READY, False), (EMPTY, True)]
    return found, titles(found)


def titles(digest: Digest) -> list[str]:
    return [item.paper.title for item in digest.items.order_by("position").select_related("paper")]


@pytest.mark.parametrize(
    "interest",
    [
        {},
        {"keywords": ["the", "of"], "description": "and the"},
        {"exclude": ["sundials"]},
        {"keywords": ["", "  ", "“”", "?!"]},
    ],
    ids=["nothing", "only stop words", "only exclusions", "only signs"],
)
def test_an_interest_that_asks_for_nothing_gets_nothing_and_is_told_so(way: str, interest: dict[str, Any]) -> None:
    digest = run(way, pickiness="broad", **interest)

    assert (digest.status, titles(digest)) == (EMPTY, [])
    assert digest.empty_reason


def test_ten_thousand_keywords_find_the_papers_of_one_of_them(way: str) -> None:
    digest = run(way, keywords=[*(f"plugh{number}" for number in range(9_999)), "sundials"])

    assert "Sundials at noon" in titles(digest)


@pytest.mark.parametrize("word", ["日时计", "солнечные часы", "مزولة", "שעון", "ηλιακό ρολόι", "สุริยคติ"])
def test_keywords_in_other_scripts_are_found(way: str, word: str) -> None:
    make_paper(title=f"On {word}")

    assert f"On {word}" in titles(run(way, keywords=[word]))


def test_a_liked_paper_that_was_deleted_leaves_the_rest_of_the_interest(way: str) -> None:
    paper = make_paper(arxiv="1904.00001", seen=LONG_AGO)
    odd = make_reader(profiles=[{"likes": ["1904.00001", "1904.99999"], "keywords": ["sundials"]}])
    if way != "by words alone":
        index_waiting(now=NOW)
        stand_waiting(now=NOW)
    Paper.objects.filter(pk=paper.pk).delete()

    _, found = digests(way, odd, make_reader(profiles=[{"keywords": ["sundials"]}]))

    assert "Sundials at noon" in found


def test_a_liked_paper_without_an_abstract_finds_its_like(way: str) -> None:
    make_paper(title="Gnomons and shadows", abstract="", arxiv="1904.00001", seen=LONG_AGO)
    make_paper(title="Gnomons and shadows", abstract="")

    assert "Gnomons and shadows" in titles(run(way, likes=["1904.00001"], pickiness="broad"))


@pytest.mark.parametrize(
    "text",
    [
        {"title": "Gnomons", "abstract": ""},
        {"title": "Gnomons", "abstract": "shadow " * 5_000},
        {"title": "Gnomons", "abstract": "\x01 \N{ZERO WIDTH SPACE} \N{OBJECT REPLACEMENT CHARACTER}"},
    ],
    ids=["no abstract", "35,000 characters", "signs alone"],
)
def test_an_odd_paper_is_found_by_its_title(way: str, text: dict[str, Any]) -> None:
    make_paper(**text)

    assert "Gnomons" in titles(run(way, keywords=["gnomons"]))


def test_papers_that_are_all_alike_come_in_the_order_of_their_ids(way: str) -> None:
    Paper.objects.exclude(title="Sundials at noon").update(title="Sundials", abstract="Alike.")

    digest = run(way, keywords=["sundials"])

    alike = [item.paper_id for item in digest.items.order_by("position") if item.paper.title == "Sundials"]
    assert alike == sorted(alike)
    assert len(alike) == 30


@pytest.mark.parametrize("damage", [b"", b"\x00\x3c", NO_NUMBER, bytes(16)], ids=["none", "too short", "NaN", "zeros"])
def test_damaged_vectors_of_papers_and_interests_say_nothing(loader: FakeLoader, damage: bytes) -> None:
    likes = [make_paper(arxiv=f"1904.0000{number}", seen=LONG_AGO) for number in range(3)]
    index_waiting(now=NOW)
    odd = make_reader(profiles=[{"likes": ["1904.00000", "1904.00001"], "keywords": ["sundials"]}])
    ordinary = make_reader(profiles=[{"keywords": ["sundials"]}])
    stand_waiting(now=NOW)
    ProfileVector.objects.filter(profile__subscriber=odd).update(wish=damage, liked=damage)
    PaperVector.objects.filter(paper__in=[likes[0], *Paper.objects.filter(title="On kites")]).update(vector=damage)

    _, found = digests("by meaning", odd, ordinary)

    assert "Sundials at noon" in found


@pytest.mark.parametrize("trouble", [{"trouble": "There is no folder."}, {"damage": "model.onnx is damaged."}])
@pytest.mark.parametrize("served", [True, False], ids=["it served before", "never served"])
def test_an_encoder_that_cannot_be_loaded_leaves_the_words(
    loader: FakeLoader, trouble: dict[str, str], served: bool
) -> None:
    if served:
        index_waiting(now=NOW)
        forget_encoder()
    for name, why in trouble.items():
        setattr(loader, name, why)

    assert "Sundials at noon" in titles(run("by meaning", keywords=["sundials"]))
