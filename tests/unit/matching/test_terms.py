"""The row of words that is stored of a reader's library: small, the same everywhere, and no part of any day."""

import numpy as np
import pytest

from digest.matching._space import read_papers
from digest.matching._terms import ROW_TERMS, Terms, find_terms, hash_stems, index_terms, load_terms, store_terms
from digest.matching._termspace import quote_term, read_terms
from digest.types import PaperDoc
from tests.unit.matching.samples import a_paper, ordinary_papers

ICE = a_paper(1, "Sea ice", "Ice melts in the Arctic.")
SALE = a_paper(2, "Ice for sale", "Cubes.")


def stored(*liked: PaperDoc, unwanted: tuple[PaperDoc, ...] = (), most: int = ROW_TERMS) -> bytes:
    return store_terms(liked=[(paper, 1.0) for paper in liked], unwanted=unwanted, most=most)


def of(*stems: str) -> int:
    """The number of a word, or of a pair of words."""
    found = find_terms(hashes=hash_stems(stems), owners=np.arange(len(stems)), weights=np.ones(len(stems)))
    return int(found.terms[-1])


def weights(row: bytes, *terms: int) -> list[float]:
    known: Terms = np.unique(np.array(terms, dtype=np.uint32))
    _, places, found = load_terms([row], place_of=index_terms(known))
    by_term = dict(zip(known[places].tolist(), found.tolist(), strict=True))
    return [by_term.get(term, 0.0) for term in terms]


def test_the_numbers_of_words_are_the_same_for_ever() -> None:
    assert (of("ice"), of("sea", "ice")) == (333466, 2140416)


def test_what_stands_in_most_liked_papers_weighs_most_and_a_pair_less_than_a_word() -> None:
    ice, melt, sea_ice = weights(stored(ICE, a_paper(3, "Ice cores")), of("ice"), of("melt"), of("sea", "ice"))

    assert ice == 1.0
    assert 0 < sea_ice < melt < ice


def test_no_pair_reaches_from_the_title_into_the_abstract_or_over_a_word_that_says_nothing() -> None:
    assert weights(stored(ICE), of("ice", "ice"), of("melt", "arctic")) == [0.0, 0.0]


def test_words_of_unwanted_papers_are_taken_away() -> None:
    before = weights(stored(ICE), of("ice"), of("sale"))
    after = weights(stored(ICE, unwanted=(SALE,)), of("ice"), of("sale"))

    assert before[1] == 0.0
    assert after[0] <= before[0]
    assert after[1] < 0


def test_unwanted_papers_alone_and_liked_ones_that_no_longer_count_store_nothing() -> None:
    assert stored(unwanted=(SALE,)) == b""
    assert store_terms(liked=[(ICE, 0.0)], unwanted=(), most=9) == b""
    assert stored(a_paper(4, "", "")) == b""


def test_a_row_keeps_the_strongest_terms_and_stays_small() -> None:
    long = a_paper(5, "Sea ice", " ".join(f"word{number}" for number in range(2_000)))

    row = stored(long, ICE)

    assert len(row) == 4 * ROW_TERMS < 1_000
    assert weights(row, of("ice")) == [1.0]


def test_the_order_of_liked_papers_changes_no_row() -> None:
    papers = ordinary_papers(20)

    assert stored(*papers) == stored(*papers[::-1])


@pytest.mark.parametrize("row", [b"", b"x", b"xxxxx", bytes(8)])
def test_a_row_that_is_damaged_says_nothing_and_hurts_no_other(row: bytes) -> None:
    known: Terms = np.array([of("ice")], dtype=np.uint32)

    owners, _, found = load_terms([row, stored(ICE)], place_of=index_terms(known))

    assert (owners.tolist(), found.tolist()) == ([1], [1.0])


def test_a_term_is_quoted_as_it_stands_in_the_title_before_the_abstract() -> None:
    paper = a_paper(1, "SEA-ICE", "The melting of sea ice, with ice.")

    assert quote_term(paper=paper, term=of("sea", "ice")) == "SEA-ICE"
    assert quote_term(paper=paper, term=of("melt")) == "melting"


def test_a_term_that_a_paper_lacks_is_quoted_by_the_title() -> None:
    assert quote_term(paper=ICE, term=of("sundial")) == "Sea ice"


def test_a_rare_term_weighs_more_than_a_common_one_and_one_of_every_paper_nothing() -> None:
    background = [a_paper(number, f"River {'delta' if number % 10 == 0 else ''}") for number in range(10, 110)]
    paper = a_paper(1, "River delta glacier")

    space = read_terms(read_papers(papers=[paper], background=background))

    at = {name: int(np.searchsorted(space.known, of(name))) for name in ("river", "delta", "glacier")}
    row = space.rows.toarray()[0]
    assert row[at["river"]] == 0
    assert 0 < row[at["delta"]] < row[at["glacier"]]
