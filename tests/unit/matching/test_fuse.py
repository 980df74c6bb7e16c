"""One scale, thresholds on it, and the choice of the best."""

import numpy as np
import pytest

from digest.matching._evidence import Parts, Term, collect_wishes, rarity_weight, spread_of, variance_of
from digest.matching._fuse import THRESHOLDS, choose, deviations, thresholds
from digest.matching._reasons import MOST_REASONS, explain
from digest.matching._sparse import FloatVector, matrix
from digest.types import FloatMatrix, IdArray
from tests.unit.matching.samples import a_profile

IDS = np.array([10, 20, 30, 40])


class Told:
    """Evidence that was told its parts: (amount, term) of the one cell there is."""

    def __init__(self, *told: tuple[float, str]) -> None:
        self.told = told

    @property
    def spread(self) -> FloatVector:
        return np.zeros(1)

    def scores(self, rows: slice) -> FloatMatrix:
        return np.array([[sum(amount for amount, _ in self.told)]], dtype=np.float32)[rows]

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        amounts, terms = zip(*self.told, strict=True)
        return Parts(
            cells=np.zeros(len(terms), dtype=np.int64),
            amounts=np.array(amounts),
            name=lambda at: [Term(terms[place]) for place in at.tolist()],
        )


def explained(**kinds: Told) -> list[tuple[str, str, float]]:
    (reasons,) = explain(evidence=tuple(kinds.items()), rows=np.array([0]), columns=np.array([0]))
    return [(reason.kind, reason.term, round(reason.share, 3)) for reason in reasons]


def chosen(*scores: float, top_k: int = 4) -> list[int]:
    rows = np.zeros(len(scores), dtype=np.int64)
    places = choose(rows=rows, scores=np.array(scores, dtype=np.float32), top_k=np.array([top_k]))
    return [int(IDS[place]) for place in places]


@pytest.mark.parametrize(
    ("top_k", "best"), [(0, []), (1, [20]), (2, [20, 40]), (3, [20, 40, 10]), (9, [20, 40, 10, 30])]
)
def test_the_best_come_first_and_ties_at_the_cut_go_by_order(top_k: int, best: list[int]) -> None:
    assert chosen(2.0, 3.0, 2.0, 3.0, top_k=top_k) == best


def test_each_row_has_its_own_choice_in_whatever_order_its_cells_come() -> None:
    places = choose(
        rows=np.array([2, 0, 2, 0]),
        scores=np.array([4.0, 1.0, 5.0, 2.0], dtype=np.float32),
        top_k=np.array([2, 2, 1]),
    )

    assert places.tolist() == [3, 1, 2]


def test_the_pickier_the_higher_the_threshold_and_an_unknown_word_means_balanced() -> None:
    asked = [a_profile(keywords=["bees"], pickiness=word) for word in ("broad", "balanced", "picky", "whatever")]

    broad, balanced, picky, unknown = thresholds(asked)

    assert broad < balanced < picky
    assert unknown == balanced == THRESHOLDS["balanced"]


def test_the_scale_is_never_finer_than_one_wish_can_vary() -> None:
    scale = deviations([np.array([0.0, 0.1, 4.0]), np.array([0.0, 0.1, 5.0])])

    assert scale.tolist() == [0.5, 0.5, 3.0]


@pytest.mark.parametrize(("n_holding", "weight"), [(0, 2.0), (10_000, 1.0), (1_000, 1.25), (10, 1.75)])
def test_rarity_counts_a_quarter_for_each_tenth_part(n_holding: float, weight: float) -> None:
    found = rarity_weight(n_holding=np.array([n_holding]), n_background=10_000)

    assert found[0] == pytest.approx(weight, abs=0.02)


def test_a_single_common_wish_does_not_widen_the_scale_without_bounds() -> None:
    wishes = collect_wishes(texts=[["bees"]], read=str)
    holds = matrix(rows=[0] * 50, columns=list(range(50)), values=[9.0] * 50, shape=(1, 100))

    assert spread_of(wishes=wishes.table, variances=variance_of(holds=holds)).tolist() == [0.125]


def test_a_thing_that_a_profile_names_twice_counts_once_as_it_was_named_first() -> None:
    wishes = collect_wishes(texts=[["Bees", "looms", "bees"], [], ["", "looms"]], read=str.casefold)

    assert wishes.things == ("bees", "looms")
    assert wishes.table.toarray().tolist() == [[1, 1], [0, 0], [0, 1]]
    assert wishes.labels == ("Bees", "looms", "looms")


def test_reasons_come_strongest_first_and_their_shares_add_up_to_one() -> None:
    reasons = explained(keyword=Told((1.0, "bees"), (3.0, "looms")), author=Told((2.0, "A. Beispiel")))

    assert reasons == [
        ("keyword", "looms", 0.5),
        ("author", "A. Beispiel", 0.333),
        ("keyword", "bees", 0.167),
    ]


def test_what_speaks_against_a_paper_is_no_reason_for_it() -> None:
    assert explained(keyword=Told((1.0, "bees")), paper=Told((-0.5, ""))) == [("keyword", "bees", 1.0)]


def test_one_word_of_two_keywords_is_one_reason() -> None:
    assert explained(keyword=Told((1.0, "model"), (1.0, "model"))) == [("keyword", "model", 1.0)]


def test_what_hardly_counts_is_not_named() -> None:
    assert explained(keyword=Told((1.0, "bees")), category=Told((0.05, "cs.CL"))) == [("keyword", "bees", 1.0)]


def test_a_reader_is_shown_a_handful_of_reasons() -> None:
    assert len(explained(keyword=Told(*((1.0, f"word{number}") for number in range(15))))) == MOST_REASONS
