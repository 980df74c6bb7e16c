"""What is learnt from readers: only from those who agreed, only from enough of them, and only where it helps."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from digest.matching._tastejudge import Verdict
from digest.models import FittedTaste, Paper
from digest.pipeline import taste
from digest.pipeline.index import index_papers
from digest.pipeline.place import place_waiting
from digest.pipeline.serving import matching_space, taste_in_words
from digest.pipeline.taste import LEAST_LIKES, TasteReport, fit_taste
from digest.pipeline.tastemaps import forget_maps, read_map
from subscriptions.models import Subscriber
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.encoders import MODEL, FakeEncoder, FakeLoader
from tests.unit.matching.tastes import LIKES, READERS
from tests.unit.pipeline.tastes import like, make_world

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)
WINS = Verdict(n_readers=100, before=0.2, after=0.3, error=0.01)
LOSES = Verdict(n_readers=100, before=0.3, after=0.2, error=0.01)
Status = FittedTaste.Status


@pytest.fixture(autouse=True)
def an_encoder(loader: FakeLoader) -> Iterator[None]:
    """An encoder serves, and no map is remembered."""
    index_papers(encoder=loader.encoder, now=NOW)
    forget_maps()
    yield
    forget_maps()


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch) -> list[Verdict]:
    """What the judge says, so that a handful of readers is enough to be judged."""
    said = [WINS]
    monkeypatch.setattr(taste, "judge_material", lambda **_: said[0])
    return said


def make_readers(number: int, *, papers: list[Paper] | None = None, **fields: Any) -> list[Subscriber]:
    papers = papers or [make_paper(title=f"Reefs {number}", abstract="We dive.") for number in range(LEAST_LIKES)]
    readers = [make_reader(**{"shares_taste": True, **fields}) for _ in range(number)]
    for reader in readers:
        like(reader, papers)
    index_papers(encoder=FakeEncoder(), now=NOW)
    return readers


def statuses() -> list[str]:
    return list(FittedTaste.objects.order_by("pk").values_list("status", flat=True))


# --- whether there is anything to learn -------------------------------------------------


def test_what_readers_share_is_learnt_judged_and_stored() -> None:
    make_world(encoder=FakeEncoder())

    report = fit_taste(now=NOW)

    row = FittedTaste.objects.get()
    assert (report.number, report.stopped) == (row.pk, "")
    assert (row.n_readers, row.n_likes, row.status) == (READERS, READERS * LIKES, Status.FITTED)
    assert (row.encoder, row.space) == (f"{MODEL}@1", f"{MODEL}@1+taste{row.pk}")
    assert row.score_after > row.score_before > 0
    assert read_map(taste=row) is not None


def test_without_an_encoder_nothing_is_learnt_and_what_was_learnt_goes(
    verdict: list[Verdict], settings: LazySettings
) -> None:
    settings.TASTE_MIN_READERS = 3
    make_readers(3)
    fit_taste(now=NOW)
    settings.ENCODER = ""

    report = fit_taste(now=TOMORROW)

    assert report.stopped == "Taste is learnt beside meaning alone, and no encoder serves."
    assert (report.n_readers, statuses()) == (3, [Status.RETIRED])


def test_likes_by_chance_are_refused_and_the_scores_kept() -> None:
    make_world(by_chance=True, encoder=FakeEncoder())

    report = fit_taste(now=NOW)

    row = FittedTaste.objects.get()
    assert (report.number, row.status, bytes(row.payload)) == (None, Status.REFUSED, b"")
    assert report.stopped == row.note == "What readers like helps to rank new papers no more than chance would."


@pytest.mark.parametrize(("readers", "stopped"), [(2, True), (3, False)], ids=["one too few", "just enough"])
def test_so_many_readers_must_share_what_they_like(
    verdict: list[Verdict], settings: LazySettings, readers: int, stopped: bool
) -> None:
    settings.TASTE_MIN_READERS = 3
    make_readers(readers)

    report = fit_taste(now=NOW)

    assert (bool(report.stopped), report.n_readers) == (stopped, readers)
    assert FittedTaste.objects.exists() is not stopped


def test_a_reader_who_likes_one_paper_says_nothing_of_what_goes_together(settings: LazySettings) -> None:
    settings.TASTE_MIN_READERS = 1
    make_readers(1, papers=[make_paper()])

    assert fit_taste(now=NOW).stopped == (
        "There are too few readers to learn from: 0 of 1 share likes of two papers or more."
    )


@pytest.mark.parametrize(
    "fields",
    [{"shares_taste": False}, {"status": Subscriber.Status.UNSUBSCRIBED}],
    ids=["who did not agree", "who left"],
)
def test_nothing_is_learnt_from_readers(settings: LazySettings, fields: dict[str, Any]) -> None:
    settings.TASTE_MIN_READERS = 1
    make_readers(1, **fields)

    assert (fit_taste(now=NOW).n_readers, FittedTaste.objects.count()) == (0, 0)


def test_papers_in_the_library_count_like_those_that_were_asked_for(
    verdict: list[Verdict], settings: LazySettings
) -> None:
    settings.TASTE_MIN_READERS = 1
    papers = [make_paper(arxiv="1904.00001"), make_paper()]
    reader = make_reader(shares_taste=True)
    make_profile(reader=reader, likes=["1904.00001"])
    like(reader, papers[1:])
    index_papers(encoder=FakeEncoder(), now=NOW)

    assert fit_taste(now=NOW).n_likes == 2


# --- what was learnt before -------------------------------------------------------------


def test_the_same_likes_again_change_nothing(verdict: list[Verdict], settings: LazySettings) -> None:
    settings.TASTE_MIN_READERS = 3
    make_readers(3)
    first = fit_taste(now=NOW)
    before = list(FittedTaste.objects.values())

    second = fit_taste(now=TOMORROW)

    assert (second.number, second.stopped) == (first.number, f"Nothing has changed since taste map {first.number}.")
    assert list(FittedTaste.objects.values()) == [{**before[0], "fitted_at": TOMORROW}]


def test_a_map_goes_when_too_many_take_their_consent_back(verdict: list[Verdict], settings: LazySettings) -> None:
    settings.TASTE_MIN_READERS = 3
    readers = make_readers(3)
    fit_taste(now=NOW)
    place_waiting(now=NOW)
    assert matching_space() == FittedTaste.objects.get().space
    Subscriber.objects.filter(pk=readers[0].pk).update(shares_taste=False)

    fit_taste(now=TOMORROW)

    assert (matching_space(), statuses()) == (f"{MODEL}@1", [Status.RETIRED])
    assert "2 of 3" in taste_in_words()


def test_a_map_goes_when_the_next_one_does_not_help(verdict: list[Verdict], settings: LazySettings) -> None:
    settings.TASTE_MIN_READERS = 3
    make_readers(3)
    fit_taste(now=NOW)
    place_waiting(now=NOW)
    verdict[0] = LOSES

    fit_taste(now=TOMORROW)

    assert (matching_space(), statuses()) == (f"{MODEL}@1", [Status.RETIRED, Status.REFUSED])


def test_a_younger_map_takes_the_place_of_one_that_never_served(verdict: list[Verdict], settings: LazySettings) -> None:
    settings.TASTE_MIN_READERS = 3
    make_readers(3)
    fit_taste(now=NOW)
    make_readers(1)

    fit_taste(now=TOMORROW)

    assert statuses() == [Status.RETIRED, Status.FITTED]


def test_nothing_of_a_paper_that_one_or_two_readers_like_is_kept_beside_its_text(
    verdict: list[Verdict], settings: LazySettings
) -> None:
    settings.TASTE_MIN_READERS = 1
    common = [make_paper(title="Reefs", abstract="We dive."), make_paper(title="Corals", abstract="We dive.")]
    make_readers(2, papers=common)
    make_readers(1, papers=[*common, make_paper(title="Of one alone", abstract="We dive.")])

    fit_taste(now=NOW)

    fitted = read_map(taste=FittedTaste.objects.get())
    assert fitted is not None
    assert fitted.known.tolist() == sorted(paper.pk for paper in common)


def test_people_are_told_what_came_of_it() -> None:
    report = TasteReport(n_readers=412, n_likes=9120, verdict=WINS, number=7)

    assert report.in_words == (
        "Taste map 7 was fitted. nDCG@10 0.200 without, 0.300 with it (100 readers). 9,120 likes of 412 readers."
    )
    assert taste_in_words() == "Nothing has been learnt yet of what readers like together."
