"""What readers like together is learnt, and only where there is something to learn."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import UnreadableTasteMap
from digest.matching._taste import TASTE_WEIGHT, TasteMap, join
from digest.matching._tastefit import FACTORS, MOST_KNOWN, WAVES, fit
from digest.matching._tastejudge import LEAST_JUDGED, Verdict, judge, ndcg
from digest.matching._tastewords import BUCKETS
from digest.types import FloatMatrix
from tests.unit.matching.samples import a_paper
from tests.unit.matching.tastes import FIRST_ID, READERS, SAME_READERS, World, a_world, no_likes

MOST_BYTES = 12_000_000


@pytest.fixture(scope="module")
def world() -> World:
    return a_world()


@pytest.fixture(scope="module")
def fitted(world: World) -> TasteMap:
    return fit(likes=world.likes, docs=world.docs, meaning=world.meaning)


def test_papers_that_the_same_readers_like_lie_together(world: World, fitted: TasteMap) -> None:
    placed = fitted.place(docs=world.docs, meaning=world.meaning)

    cosines = placed @ placed.T
    subjects = np.array(world.subjects)
    other = subjects[:, None] != subjects
    together = subjects[:, None] // SAME_READERS == subjects // SAME_READERS
    assert cosines[other & together].mean() > cosines[other & ~together].mean() + 0.2


def test_a_new_paper_lies_where_those_of_its_subject_do(world: World, fitted: TasteMap) -> None:
    new = [replace(doc, id=doc.id + 10_000) for doc in world.docs]

    placed = fitted.place(docs=new, meaning=world.meaning)

    known = fitted.place(docs=world.docs, meaning=world.meaning)
    same = np.array(world.subjects)[:, None] // SAME_READERS == np.array(world.subjects) // SAME_READERS
    assert (placed @ known.T)[same].mean() > (placed @ known.T)[~same].mean() + 0.2


def test_the_map_is_kept_where_readers_share_a_taste(world: World) -> None:
    verdict = judge(likes=world.likes, docs=world.docs, meaning=world.meaning)

    assert verdict.wins
    assert verdict.n_readers > READERS / 2
    assert 0 < verdict.before < verdict.after <= 1


def test_the_map_is_not_kept_where_readers_like_by_chance() -> None:
    chance = a_world(by_chance=True)

    assert not judge(likes=chance.likes, docs=chance.docs, meaning=chance.meaning).wins


@pytest.mark.parametrize(
    ("verdict", "wins"),
    [
        (Verdict(n_readers=LEAST_JUDGED, before=0.2, after=0.2401, error=0.02), True),
        (Verdict(n_readers=LEAST_JUDGED, before=0.2, after=0.2399, error=0.02), False),
        (Verdict(n_readers=LEAST_JUDGED - 1, before=0.2, after=0.9, error=0.02), False),
        (Verdict(n_readers=LEAST_JUDGED, before=0.2, after=0.2, error=0.0), False),
    ],
)
def test_a_gain_must_exceed_twice_its_error_over_enough_readers(verdict: Verdict, wins: bool) -> None:
    assert verdict.wins is wins


def test_nobody_to_judge_by_is_no_win(world: World) -> None:
    verdict = judge(likes=no_likes(readers=0), docs=world.docs, meaning=world.meaning)

    assert (verdict.n_readers, verdict.wins) == (0, False)


def test_the_first_places_are_what_a_ranking_is_measured_by() -> None:
    scores = np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [1.0, 1.0, 1.0]], dtype=np.float32)
    relevant = np.array([[True, False, False], [False, True, False], [True, False, True]])

    first, second, ties = ndcg(scores=scores, relevant=relevant)

    assert first == 1.0
    assert second == pytest.approx(1 / np.log2(3))
    assert ties == pytest.approx((1 + 1 / 2) / (1 + 1 / np.log2(3)))


def test_the_same_likes_give_the_same_map(world: World, fitted: TasteMap) -> None:
    again = fit(likes=world.likes, docs=world.docs, meaning=world.meaning)

    assert again.to_bytes() == fitted.to_bytes()


def test_the_order_of_readers_changes_next_to_nothing(world: World, fitted: TasteMap) -> None:
    backwards = fit(likes=world.likes[::-1], docs=world.docs, meaning=world.meaning)

    placed, moved = (one.place(docs=world.docs, meaning=world.meaning) for one in (fitted, backwards))
    assert np.abs(placed @ placed.T - moved @ moved.T).max() < 0.01


def test_a_map_survives_being_written_down(world: World, fitted: TasteMap) -> None:
    read = TasteMap.from_bytes(fitted.to_bytes())

    assert np.array_equal(
        read.place(docs=world.docs, meaning=world.meaning), fitted.place(docs=world.docs, meaning=world.meaning)
    )


def test_the_largest_map_stays_small(fitted: TasteMap) -> None:
    draw = np.random.default_rng(0)

    def noise(*shape: int) -> FloatMatrix:
        return draw.normal(size=shape).astype(np.float32)

    largest = replace(
        fitted,
        senses=replace(fitted.senses, rarity=noise(BUCKETS)),
        known=np.cumsum(draw.integers(1, 100, MOST_KNOWN)),
        own=noise(MOST_KNOWN, FACTORS),
        trust=noise(MOST_KNOWN),
        weights=noise(WAVES, FACTORS),
    )

    assert len(largest.to_bytes()) < MOST_BYTES


@settings(max_examples=40, deadline=None)
@given(where=st.floats(0, 1), value=st.integers(1, 255))
def test_damaged_bytes_are_refused_or_harmless(fitted: TasteMap, where: float, value: int) -> None:
    payload = bytearray(fitted.to_bytes())
    payload[int(where * (len(payload) - 1))] ^= value

    try:
        read = TasteMap.from_bytes(bytes(payload))
    except UnreadableTasteMap:
        return
    assert np.array_equal(read.weights, fitted.weights)
    assert np.array_equal(read.own, fitted.own)


@pytest.mark.parametrize("payload", [b"", b"no map", b"PK\x03\x04 half a map"])
def test_what_is_no_map_is_refused(payload: bytes) -> None:
    with pytest.raises(UnreadableTasteMap, match="next fit"):
        TasteMap.from_bytes(payload)


def test_a_cut_off_map_is_refused(fitted: TasteMap) -> None:
    with pytest.raises(UnreadableTasteMap):
        TasteMap.from_bytes(fitted.to_bytes()[:-100])


def test_a_map_with_what_is_no_number_is_refused(fitted: TasteMap) -> None:
    broken = replace(fitted, weights=np.full_like(fitted.weights, np.nan))

    with pytest.raises(UnreadableTasteMap, match="no number"):
        TasteMap.from_bytes(broken.to_bytes())


def test_a_paper_lies_where_it_does_whatever_stands_around_it(world: World, fitted: TasteMap) -> None:
    together = fitted.place(docs=world.docs, meaning=world.meaning)

    alone = fitted.place(docs=world.docs[7:8], meaning=world.meaning[7:8])

    assert np.abs(alone[0] - together[7]).max() < 1e-5


def test_where_there_is_nothing_to_go_by_there_is_no_taste(world: World, fitted: TasteMap) -> None:
    placed = fitted.place_texts(texts=["", "nothing that any paper says"], meaning=0 * world.meaning[:2])

    assert not placed.any()


def test_a_liked_paper_without_a_readable_word_lies_where_its_readers_put_it(world: World, fitted: TasteMap) -> None:
    placed = fitted.place(docs=[a_paper(FIRST_ID, "", "")], meaning=0 * world.meaning[:1])

    assert np.linalg.norm(placed) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(fitted.known[:1], [FIRST_ID])


def test_places_have_length_one(world: World, fitted: TasteMap) -> None:
    placed = fitted.place(docs=world.docs, meaning=world.meaning)

    assert placed.shape == (len(world.docs), fitted.dimensions)
    assert np.linalg.norm(placed, axis=1) == pytest.approx(np.ones(len(placed)), abs=1e-5)


def test_the_meaning_of_another_encoder_is_refused(world: World, fitted: TasteMap) -> None:
    with pytest.raises(ValueError, match="needs a meaning"):
        fitted.place(docs=world.docs, meaning=world.meaning[:, :-1])


def test_meaning_and_taste_stand_beside_each_other() -> None:
    meaning, taste = np.eye(2, 3, dtype=np.float32), np.eye(2, dtype=np.float32)

    joined = join(meaning=meaning, taste=taste)

    assert joined.tolist() == [[1, 0, 0, pytest.approx(TASTE_WEIGHT), 0], [0, 1, 0, 0, pytest.approx(TASTE_WEIGHT)]]


def test_nobody_liking_anything_makes_a_map_that_says_nothing(world: World) -> None:
    empty = fit(likes=no_likes(readers=3), docs=world.docs, meaning=world.meaning)

    placed = empty.place(docs=world.docs, meaning=world.meaning)

    assert not placed.any()
