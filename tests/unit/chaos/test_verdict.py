"""The judge of chaos: every end needs a cause that really was."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from digest.chaos.book import Book, Taking
from digest.chaos.fates import Fate, Fates
from digest.chaos.rows import Row
from digest.chaos.verdict import Evidence, judge

ADDRESS, DAY = "reader1@example.org", date(2026, 10, 24)
FIRST, SECOND = datetime(2026, 10, 24, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)
PATIENT = next(seed for seed in range(1000) if not Fates(seed=seed).is_busy_all_day(recipient=ADDRESS, day=1))
BUSY = next(seed for seed in range(1000) if Fates(seed=seed).is_busy_all_day(recipient=ADDRESS, day=1))


def evidence(
    *,
    status: str = "sent",
    digest: str = "ready",
    takings: Sequence[str] = ("d1",),
    fate: Fate | None = None,
    in_hand: Sequence[str] = (),
    seed: int = PATIENT,
    at: datetime = FIRST,
    fate_day: int = 1,
    plays_on: bool = True,
) -> Evidence:
    """One mail that is due, with the id d1; what the ledger and the server say of it."""
    book = Book(day=fate_day)
    book.takings = [Taking(recipient=ADDRESS, message_id=f"<{each}@postprint.example>") for each in takings]
    if fate is not None:
        book.note(recipient=ADDRESS, fate=fate)
    return Evidence(
        promised={(ADDRESS, DAY): at},
        second_day=SECOND,
        rows={(ADDRESS, DAY): Row(digest=digest, delivery_id="d1", status=status)},
        book=book,
        fates=Fates(seed=seed),
        in_hand={1: in_hand},
        plays_on=plays_on,
    )


def test_a_mail_that_was_sent_and_taken_once_is_well() -> None:
    verdict = judge(evidence())

    assert (verdict.lost, verdict.ends["sent"], verdict.maybe_accepted) == (0, 1, 1)


def test_a_mail_that_was_taken_twice_counts_whatever_was_answered() -> None:
    verdict = judge(evidence(takings=("d1", "d1")))

    assert (verdict.twice, verdict.lost) == (1, 0)


def test_a_sent_mail_that_the_server_never_had_is_lost() -> None:
    verdict = judge(evidence(takings=()))

    assert verdict.lost == 1


def test_a_mail_that_was_never_planned_is_lost() -> None:
    verdict = judge(
        Evidence(
            promised={(ADDRESS, DAY): FIRST},
            second_day=SECOND,
            rows={},
            book=Book(),
            fates=Fates(seed=PATIENT),
            in_hand={},
            plays_on=True,
        )
    )

    assert verdict.lost_because == {"never planned": 1}


@pytest.mark.parametrize("digest", ["planned", "empty"])
def test_a_digest_that_holds_nothing_though_there_are_papers_is_lost(digest: str) -> None:
    verdict = judge(evidence(digest=digest, status="", takings=()))

    assert verdict.lost == 1


@pytest.mark.parametrize("status", ["queued", "sending", "rehearsed"])
def test_a_mail_that_never_came_to_its_end_is_lost(status: str) -> None:
    verdict = judge(evidence(status=status, takings=()))

    assert verdict.lost == 1


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("failed", Fate.NO_SUCH_READER),
        ("failed", Fate.UNWANTED),
        ("unknown", Fate.CUT_BEFORE_DOT),
        ("unknown", Fate.CUT_AFTER_DOT),
    ],
)
def test_another_end_is_well_only_with_its_own_cause(status: str, fate: Fate) -> None:
    with_cause = judge(evidence(status=status, fate=fate, takings=()))
    without = judge(evidence(status=status, takings=()))
    with_another = judge(evidence(status=status, fate=Fate.BUSY, takings=()))

    assert (with_cause.lost, without.lost, with_another.lost) == (0, 1, 1)


def test_an_unknown_mail_is_well_when_it_was_in_hand_at_a_kill() -> None:
    in_hand = judge(evidence(status="unknown", takings=(), in_hand=[ADDRESS]))
    of_another_day = judge(evidence(status="unknown", takings=(), in_hand=[ADDRESS], at=SECOND))

    assert (in_hand.lost, of_another_day.lost) == (0, 1)


def test_a_mail_may_be_given_up_only_after_refusals_all_day() -> None:
    busy = judge(evidence(status="expired", takings=(), seed=BUSY))
    refused_once = judge(evidence(status="expired", takings=(), fate=Fate.BUSY))

    assert (busy.lost, refused_once.lost) == (0, 1)


def test_without_a_second_day_a_mail_that_is_refused_all_day_waits_still() -> None:
    one_day = judge(evidence(status="queued", takings=(), seed=BUSY, plays_on=False))
    two_days = judge(evidence(status="queued", takings=(), seed=BUSY))
    not_refused = judge(evidence(status="queued", takings=(), plays_on=False))

    assert (one_day.lost, two_days.lost, not_refused.lost) == (0, 1, 1)


def test_an_address_is_stopped_only_by_a_refusal_of_the_day_before() -> None:
    after = judge(evidence(status="suppressed", takings=(), fate=Fate.NO_SUCH_READER, at=SECOND))
    same_day = judge(evidence(status="suppressed", takings=(), fate=Fate.NO_SUCH_READER))

    assert (after.lost, same_day.lost) == (0, 1)


@pytest.mark.parametrize("stranger", ["d2", "", "\N{GREEK SMALL LETTER ALPHA}"])
def test_a_mail_that_no_row_knows_is_unasked(stranger: str) -> None:
    verdict = judge(evidence(takings=("d1", stranger)))

    assert (verdict.unasked, verdict.twice) == (1, 0)


def test_a_mail_to_another_than_its_reader_is_unasked() -> None:
    given = evidence()
    given.book.takings.append(Taking(recipient="reader2@example.org", message_id="<d1@postprint.example>"))

    assert judge(given).unasked == 1
