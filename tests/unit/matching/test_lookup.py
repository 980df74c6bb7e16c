"""Keywords in the papers of a run, each looked up once."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from digest.matching import _lookup
from digest.matching._lookup import Found, Lookup
from digest.matching._space import PaperBatch, forget_batches, read_papers
from digest.matching._wording import Keyword, keyword_key, keyword_of, read_keyword
from tests.unit.matching.samples import a_paper, ordinary_papers

WISHES = ("bees", "state space model", "mapping rivers", "unheard-of things")


@pytest.fixture
def papers() -> PaperBatch:
    return read_papers(
        papers=[a_paper(1, "A state space model", "We map bees."), a_paper(2, "Of bees", "A model of space.")],
        background=ordinary_papers(),
    )


def assert_same(one: Found, other: Found) -> None:
    for name in ("whole", "holds", "shares"):
        np.testing.assert_array_equal(getattr(one, name).toarray(), getattr(other, name).toarray())
    np.testing.assert_array_equal(one.variances, other.variances)


def test_a_keyword_is_answered_alike_alone_among_others_and_again(papers: PaperBatch) -> None:
    things = [keyword_key(wish) for wish in WISHES]
    lookup = Lookup(papers)

    one_by_one = [lookup.find(things=[thing], papers=papers) for thing in reversed(things)]
    together = Lookup(papers).find(things=things, papers=papers)

    for place, alone in enumerate(reversed(one_by_one)):
        assert_same(alone, together.take(np.array([place])))
    assert_same(lookup.find(things=things, papers=papers), together)


def test_asked_for_nothing_it_answers_nothing(papers: PaperBatch) -> None:
    found = Lookup(papers).find(things=(), papers=papers)

    assert found.holds.shape == (0, 2)


def test_a_keyword_that_is_asked_for_twice_at_once_confuses_nothing(papers: PaperBatch) -> None:
    things = [keyword_key(wish) for wish in WISHES]
    lookup = Lookup(papers)

    lookup.find(things=[things[0], things[0], things[1]], papers=papers)

    assert_same(lookup.find(things=things, papers=papers), Lookup(papers).find(things=things, papers=papers))


@pytest.mark.parametrize(
    ("limit", "most", "looked_up"),
    [("KEYWORDS_KEPT", 4, 4), ("KEYWORDS_KEPT", 3, 6), ("BYTES_KEPT", 100_000, 4), ("BYTES_KEPT", 1, 6)],
)
def test_what_was_asked_is_forgotten_only_when_it_becomes_too_much(
    papers: PaperBatch, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, looked_up: int
) -> None:
    asked: list[str] = []

    def read(*, key: str) -> Keyword:
        asked.append(key)
        return keyword_of(key=key)

    monkeypatch.setattr(_lookup, limit, most)
    monkeypatch.setattr(_lookup, "keyword_of", read)
    things = [keyword_key(wish) for wish in WISHES]
    lookup = Lookup(papers)

    for some in (things[:2], things[2:], things[:2]):
        lookup.find(things=some, papers=papers)

    assert len(asked) == looked_up


def test_an_answer_is_complete_even_when_it_is_forgotten_at_once(
    papers: PaperBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = [keyword_key(wish) for wish in WISHES]
    right = Lookup(papers).find(things=things, papers=papers)
    monkeypatch.setattr(_lookup, "BYTES_KEPT", 0)
    lookup = Lookup(papers)

    lookup.find(things=things[:2], papers=papers)

    assert_same(lookup.find(things=things, papers=papers), right)


def test_many_threads_are_answered_alike(papers: PaperBatch) -> None:
    things = [keyword_key(wish) for wish in WISHES]
    lookup, right = Lookup(papers), Lookup(papers).find(things=things, papers=papers)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: lookup.find(things=things, papers=papers), range(40)))

    for answer in answers:
        assert_same(answer, right)


def test_papers_that_nobody_needs_any_more_are_freed_at_once_with_what_was_looked_up_in_them() -> None:
    batch = read_papers(papers=[a_paper(1, "Of bees")], background=())
    batch.once(Lookup).find(things=[keyword_key("bees")], papers=batch)
    remembered = weakref.ref(batch.once(Lookup))
    gc.disable()
    try:
        forget_batches()
        del batch

        assert remembered() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("text", [*WISHES, '"antique world"', "few-shot", "C++", "状态空间", "state-of-the-art dials"])
def test_a_keyword_can_be_read_back_from_its_key(text: str) -> None:
    assert keyword_of(key=keyword_key(text)) == read_keyword(text)


@pytest.mark.parametrize("text", ["", "the of", "…"])
def test_what_says_nothing_has_no_key(text: str) -> None:
    assert keyword_key(text) == ""
