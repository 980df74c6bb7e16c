"""Where interests stand among papers: stored, never stale, the same whether it is read or made."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from digest.matching._fading import HALF_LIFE
from digest.models import Feedback, Paper, ProfileVector
from digest.pipeline import standing
from digest.pipeline.feedback import give_feedback, take_back
from digest.pipeline.index import index_waiting
from digest.pipeline.profiles import load_profiles
from digest.pipeline.serving import serving_encoder
from digest.pipeline.standing import load_stood, stand_waiting
from digest.vectors import unpack
from subscriptions.models import InterestProfile
from subscriptions.services.learning import set_profile_fades
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.encoders import MODEL, FakeLoader
from tests.threads import at_once

pytestmark = pytest.mark.django_db
SPACE = f"{MODEL}@1"
MORE, LESS = Feedback.Verdict.MORE, Feedback.Verdict.LESS


@pytest.fixture(autouse=True)
def serving(loader: FakeLoader) -> None:
    """Three papers whose vectors serve."""
    for number in range(3):
        make_paper(arxiv=f"2606.0000{number}", title=f"Paper {number}", seen=NOW, submitted_at=NOW)
    index_waiting(now=NOW)
    assert serving_encoder() == SPACE


def an_interest(**fields: object) -> InterestProfile:
    return make_profile(reader=make_reader(), **fields)  # type: ignore[arg-type]


def stood(profile: InterestProfile, *, now: datetime = NOW) -> standing.Stood:
    profile.refresh_from_db()
    return load_stood(profiles=[profile], space=SPACE, now=now)[profile.pk]


def vector(stored: bytes) -> list[float]:
    return [float(number) for number in unpack(rows=[stored], dimensions=8)[0]]


def test_what_is_stored_is_what_would_be_made_anew() -> None:
    profile = an_interest(likes=["2606.00000", "2606.00001"], keywords=["reefs"], description="and corals")
    made = stood(profile)

    assert stand_waiting(now=NOW) == 1

    assert ProfileVector.objects.get().is_whole
    assert stood(profile) == made
    assert vector(made.wish) == pytest.approx(vector(made.wish))
    assert len(made.liked) == 2


def test_a_row_from_before_words_were_stored_serves_as_it_is_and_is_made_again_in_the_background() -> None:
    profile = an_interest(likes=["2606.00000"])
    stand_waiting(now=NOW)
    ProfileVector.objects.update(terms=None)
    without = stood(profile).standing.terms

    turns = [stand_waiting(now=NOW), stand_waiting(now=NOW)]

    assert (without, turns) == (b"", [1, 0])
    assert stood(profile).standing.terms


def test_the_words_of_liked_papers_are_stored_and_read_without_their_texts() -> None:
    Paper.objects.filter(title="Paper 0").update(abstract="Sundials and gnomons.")
    profile = an_interest(likes=["2606.00000"])
    stand_waiting(now=NOW)
    before = stood(profile).standing.terms

    Paper.objects.update(abstract="")

    assert len(before) > 8
    assert stood(profile).standing.terms == before


def test_a_second_turn_finds_nothing_to_store() -> None:
    an_interest(likes=["2606.00000"])

    assert [stand_waiting(now=NOW), stand_waiting(now=NOW)] == [1, 0]


def test_more_and_less_move_a_stored_stand_at_once() -> None:
    profile = an_interest(likes=["2606.00000"])
    stand_waiting(now=NOW)
    before = stood(profile)

    give_feedback(profile_id=profile.pk, paper_id=before.liked[0] + 1, verdict=MORE, now=NOW)
    after_more = stood(profile)
    give_feedback(profile_id=profile.pk, paper_id=before.liked[0] + 2, verdict=LESS, now=NOW)
    after_less = stood(profile)
    take_back(profile_id=profile.pk, paper_id=before.liked[0] + 1)
    take_back(profile_id=profile.pk, paper_id=before.liked[0] + 2)

    assert after_more.standing.liked_weight == 2
    assert after_less.disliked == (before.liked[0] + 2,)
    assert stood(profile) == before


def test_likes_fade_alike_whether_they_are_read_or_made_unless_the_reader_says_otherwise() -> None:
    profile = an_interest(likes=["2606.00000", "2606.00001"])
    later = NOW + HALF_LIFE
    made = stood(profile, now=later)

    stand_waiting(now=NOW)
    read = stood(profile, now=later)
    set_profile_fades(subscriber=profile.subscriber, profile_id=profile.pk, fades=False, now=NOW)

    assert read.standing.liked_weight == pytest.approx(made.standing.liked_weight, rel=1e-6)
    assert read.standing.liked_weight == pytest.approx(1.0)
    np.testing.assert_allclose(vector(read.standing.liked), vector(made.standing.liked), atol=1e-3)
    assert stood(profile, now=later).standing.liked_weight == 2


def test_an_interest_that_says_nothing_stands_nowhere() -> None:
    found = stood(an_interest())

    assert (found.wish, found.liked, found.standing.liked_weight, found.is_whole) == (b"", (), 0.0, True)


def test_a_paper_without_a_vector_yet_is_looked_at_again_after_a_while() -> None:
    make_paper(arxiv="2606.00009", title="Not encoded yet", seen=NOW, submitted_at=NOW)
    an_interest(likes=["2606.00009"])
    stand_waiting(now=NOW)

    soon = stand_waiting(now=NOW + standing.LOOK_AGAIN_AFTER - timedelta(seconds=1))
    later = stand_waiting(now=NOW + standing.LOOK_AGAIN_AFTER)

    assert (soon, later) == (0, 1)


def test_a_liked_paper_that_was_deleted_is_passed_over() -> None:
    profile = an_interest(likes=["2606.00000", "2606.00001"])
    stand_waiting(now=NOW)
    gone = stood(profile).liked[0]
    Paper.objects.filter(pk=gone).delete()

    _, (doc,) = load_profiles(moments={profile.subscriber_id: NOW}, space=SPACE)

    assert [paper.id for paper in doc.liked] == [gone + 1]


def test_an_example_that_was_corrected_is_read_anew() -> None:
    profile = an_interest(likes=["2606.00000"])
    stand_waiting(now=NOW)
    _, (before,) = load_profiles(moments={profile.subscriber_id: NOW}, space=SPACE)
    Paper.objects.filter(pk=before.liked[0].id).update(title="A corrected title", text_key="other")
    index_waiting(now=NOW)

    _, (after,) = load_profiles(moments={profile.subscriber_id: NOW}, space=SPACE)

    assert [paper.title for paper in after.liked] == ["A corrected title"]


@pytest.mark.parametrize("damage", [b"short", b"\x00\x7e" * 8, b"\x00" * 6], ids=["odd", "not a number", "too short"])
def test_a_stored_stand_that_is_damaged_is_made_again_with_one_line_in_the_log(
    damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    profile = an_interest(likes=["2606.00000", "2606.00001"], keywords=["sundials"])
    stand_waiting(now=NOW)
    whole = stood(profile)
    ProfileVector.objects.filter(profile=profile).update(liked=damage)

    found = stood(profile)

    np.testing.assert_allclose(vector(found.standing.liked), vector(whole.standing.liked), atol=1e-3)
    assert caplog.messages == ["Stored stands of interests are damaged and were made again: 1"]


def test_each_reader_stands_where_they_stand_at_their_own_moment() -> None:
    earlier, later = an_interest(likes=["2606.00000"]), an_interest(likes=["2606.00000"])
    stand_waiting(now=NOW)
    moments = {earlier.subscriber_id: NOW, later.subscriber_id: NOW + HALF_LIFE}

    _, docs = load_profiles(moments=moments, space=SPACE)

    weights = {doc.id: doc.standing.liked_weight for doc in docs if doc.standing}
    assert weights == {earlier.pk: pytest.approx(1.0), later.pk: pytest.approx(0.5)}


def test_only_interests_of_active_readers_are_stored() -> None:
    make_profile(reader=make_reader(status="pending"))
    an_interest(active=False)

    assert stand_waiting(now=NOW) == 0


def test_reading_stands_takes_the_same_queries_for_one_and_for_twenty(django_assert_num_queries: object) -> None:
    for _ in range(20):
        an_interest(likes=["2606.00000"])
    stand_waiting(now=NOW)
    profiles = list(InterestProfile.objects.all())

    with django_assert_num_queries(1):  # type: ignore[operator]
        load_stood(profiles=profiles, space=SPACE, now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_store_one_row_for_each_interest() -> None:
    for _ in range(5):
        an_interest(likes=["2606.00000"], keywords=["reefs"])

    at_once(workers=2, do=lambda: stand_waiting(now=NOW))

    assert ProfileVector.objects.filter(is_whole=True).count() == 5
