"""Keywords in the papers of a run, each looked up once."""

import numpy as np
import pytest

from digest.matching import _lookup
from digest.matching._lookup import Found, Lookup
from digest.matching._space import PaperBatch, read_papers
from digest.matching._wording import keyword_key, keyword_of, read_keyword
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

    one_by_one = [lookup.find(things=[thing]) for thing in reversed(things)]
    together = Lookup(papers).find(things=things)

    for place, alone in enumerate(reversed(one_by_one)):
        assert_same(alone, together.take(np.array([place])))
    assert_same(lookup.find(things=things), together)


def test_asked_for_nothing_it_answers_nothing(papers: PaperBatch) -> None:
    found = Lookup(papers).find(things=())

    assert found.holds.shape == (0, 2)


def test_what_was_asked_is_forgotten_when_it_is_too_much_and_answered_anew(
    papers: PaperBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_lookup, "KEYWORDS_KEPT", 1)
    things = [keyword_key(wish) for wish in WISHES]
    lookup = Lookup(papers)
    lookup.find(things=things[:2])

    found = lookup.find(things=things[2:])

    assert_same(found, Lookup(papers).find(things=things[2:]))


@pytest.mark.parametrize("text", [*WISHES, '"antique world"', "few-shot", "C++", "状态空间", "state-of-the-art dials"])
def test_a_keyword_can_be_read_back_from_its_key(text: str) -> None:
    assert keyword_of(key=keyword_key(text)) == read_keyword(text)


@pytest.mark.parametrize("text", ["", "the of", "…"])
def test_what_says_nothing_has_no_key(text: str) -> None:
    assert keyword_key(text) == ""
