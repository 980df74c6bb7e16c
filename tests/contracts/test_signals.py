"""Every signal of digest/matching keeps the promises of `digest.matching.Signal`."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from digest.admin.words import KINDS
from digest.mail.present import REASON_WORDS
from digest.matching import Evidence, Signal, signals
from digest.matching._space import PaperBatch, read_papers
from digest.types import PaperDoc, ProfileDoc
from digest.vectors import pack

SENTENCES = (
    ("Sundials of the antique world", "Gnomons cast shadows on sundials, and shadows tell the hour."),
    ("Counting bees", "A state space model of hives. We count bees."),
    ("", ""),
    ("蜜蜂的状态空间模型", "我们数蜜蜂。"),
    ("Sundials, again", "The space and state of dials; a model garden with bees."),
    ("Rivers", "Nothing of all this: rivers, bridges and " + "water " * 400),
)


def a_vector(seed: int) -> bytes:
    vector = np.random.default_rng(seed).normal(size=(1, 12)).astype(np.float32)
    return pack(matrix=vector / np.linalg.norm(vector))[0]


PAPERS = tuple(
    PaperDoc(
        id=number * 10,
        title=title,
        abstract=abstract,
        authors=("Ada Beispiel", "Ben Sample")[: number % 3],
        categories=("cs.CL", "math.MP", "stat.ML")[number % 3 :],
        vector=a_vector(number),
    )
    for number, (title, abstract) in enumerate(SENTENCES)
)
EVERYTHING = ProfileDoc(
    id=1,
    name="Everything",
    keywords=("sundials", "state space model", "蜜蜂", '"antique world"'),
    authors=("A. Beispiel", "Sample"),
    categories=("cs.CL", "math-ph", "stat"),
    description="shadows of sundials in a garden with bees",
    liked=(
        replace(PAPERS[0], vector=b""),
        PaperDoc(id=99, title="Bees", abstract="A garden.", authors=(), categories=()),
    ),
    disliked=(PaperDoc(id=98, title="Dials", abstract="Space.", authors=(), categories=()),),
)
BY_MEANING = ProfileDoc(
    id=4,
    name="By meaning",
    keywords=("sundials",),
    liked=PAPERS[:3],
    disliked=PAPERS[5:],
    wish=a_vector(4),
    liked_weights=(1.0, 0.5, 0.25),
)
NOTHING = ProfileDoc(id=2, name="Nothing")
LITTLE = ProfileDoc(id=3, name="Little", keywords=("the", ""), authors=("..",), categories=("",), description="of the")
PROFILES = (EVERYTHING, BY_MEANING, NOTHING, LITTLE)

EACH = pytest.mark.parametrize("signal", signals().values(), ids=list(signals()))


def a_batch(*, order: int = 1, background: tuple[PaperDoc, ...] = PAPERS) -> PaperBatch:
    return read_papers(papers=PAPERS[::order], background=background)


def all_scores(evidence: Evidence) -> np.ndarray:
    return dense(evidence.scores(slice(0, len(PROFILES))))


def dense(scores: np.ndarray | sparse.csr_array) -> np.ndarray:
    return scores if isinstance(scores, np.ndarray) else scores.toarray()


def test_there_are_signals_and_examples_are_heard_by_words_and_by_meaning() -> None:
    kinds = [signal.kind for signal in signals().values()]

    assert sorted(kinds) == ["author", "category", "description", "keyword", "paper", "words"]


@EACH
def test_scores_have_a_row_for_each_profile_and_a_column_for_each_paper(signal: Signal) -> None:
    evidence = signal.gather(profiles=PROFILES, papers=a_batch())

    assert all_scores(evidence).shape == (4, 6)
    assert evidence.scores(slice(1, 3)).shape == (2, 6)
    assert evidence.spread.shape == (4,)


@EACH
@pytest.mark.parametrize("background", [(), PAPERS[:1], PAPERS])
def test_scores_and_spread_are_finite_whatever_the_background(signal: Signal, background: tuple[PaperDoc, ...]) -> None:
    evidence = signal.gather(profiles=PROFILES, papers=a_batch(background=background))

    assert np.isfinite(all_scores(evidence)).all()
    assert np.isfinite(evidence.spread).all()
    assert (evidence.spread >= 0).all()


@EACH
def test_a_signal_finds_something_for_a_profile_that_asks_and_nothing_for_one_that_does_not(signal: Signal) -> None:
    scores = all_scores(signal.gather(profiles=PROFILES, papers=a_batch()))

    assert (scores[:2] > 0).any()
    assert not scores[2:].any()


@EACH
def test_the_order_of_the_papers_changes_nothing(signal: Signal) -> None:
    forwards = all_scores(signal.gather(profiles=PROFILES, papers=a_batch()))
    backwards = all_scores(signal.gather(profiles=PROFILES, papers=a_batch(order=-1)))

    np.testing.assert_allclose(forwards, backwards, rtol=0, atol=1e-5)


@EACH
def test_another_paper_in_the_window_changes_no_score(signal: Signal) -> None:
    few = read_papers(papers=PAPERS[:3], background=PAPERS[3:])
    all_of_them = signal.gather(profiles=PROFILES, papers=read_papers(papers=PAPERS, background=PAPERS[3:]))

    alone = all_scores(signal.gather(profiles=PROFILES, papers=few))

    np.testing.assert_allclose(alone, all_scores(all_of_them)[:, :3], rtol=0, atol=1e-5)


@EACH
def test_what_a_signal_finds_has_words_in_the_mail_and_in_the_admin(signal: Signal) -> None:
    assert {signal.kind, "meaning"} <= REASON_WORDS.keys() & KINDS.keys()


@EACH
def test_the_order_of_the_profiles_changes_nothing(signal: Signal) -> None:
    forwards = all_scores(signal.gather(profiles=PROFILES, papers=a_batch()))
    backwards = all_scores(signal.gather(profiles=PROFILES[::-1], papers=a_batch()))

    np.testing.assert_allclose(forwards, backwards[::-1], rtol=0, atol=1e-5)


@EACH
def test_the_parts_of_a_score_add_up_to_it(signal: Signal) -> None:
    evidence = signal.gather(profiles=PROFILES, papers=a_batch())
    rows, columns = (index.ravel().astype(np.int64) for index in np.indices((4, 6)))

    parts = evidence.parts(rows=rows, columns=columns)

    sums = np.bincount(parts.cells, weights=parts.amounts, minlength=len(rows)).reshape(4, 6)
    np.testing.assert_allclose(sums, all_scores(evidence), rtol=1e-4, atol=1e-6)


@EACH
def test_whatever_speaks_for_a_paper_has_a_name(signal: Signal) -> None:
    evidence = signal.gather(profiles=PROFILES, papers=a_batch())
    rows, columns = (index.ravel().astype(np.int64) for index in np.indices((4, 6)))

    parts = evidence.parts(rows=rows, columns=columns)

    speaking = np.flatnonzero(parts.amounts > 0)
    assert all(told.term for told in parts.name(speaking))
    assert len(parts.name(speaking[:0])) == 0


@EACH
def test_empty_batches_give_empty_scores(signal: Signal) -> None:
    nobody = signal.gather(profiles=(), papers=a_batch())
    nothing = signal.gather(profiles=PROFILES, papers=read_papers(papers=(), background=PAPERS))

    assert nobody.scores(slice(0, 0)).shape == (0, 6)
    assert nothing.scores(slice(0, 4)).shape == (4, 0)
