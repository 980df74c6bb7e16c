"""Who may hand over how much, at the boundary of every limit; no store, no wait, invented moments."""

from datetime import date, timedelta

import pytest

from digest.mail.limits import Limits, Provider
from digest.mail.throttle import (
    BURST_S,
    CLOCK_JUMP_S,
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    TRY_LEASE_S,
    Page,
    Turns,
    Why,
    begin_day,
    give_back,
    hear,
    note_other,
    take,
)
from tests.builders import NOW

PAUSE, LEASE = timedelta(seconds=FIRST_PAUSE_S), timedelta(seconds=TRY_LEASE_S)
MOMENT = timedelta(milliseconds=1)


def provider(**limits: object) -> Provider:
    return Provider(name="post", backend="", limits=Limits(**limits))  # type: ignore[arg-type]


def new_page(*, ceiling: int = 1_000_000) -> Page:
    return Page(day=NOW.date().isoformat(), ceiling=ceiling)


def closed_page(*, by: Provider) -> Page:
    """A page on which the provider has just been closed."""
    page = new_page()
    for _ in range(by.limits.errors_in_a_row):
        hear(page=page, provider=by, went_well=False, now=NOW)
    return page


def test_without_limits_a_worker_gets_all_that_it_asks_for() -> None:
    assert take(page=new_page(), provider=provider(), most=25, now=NOW) == Turns(count=25)


def test_the_days_last_mail_is_given_and_none_after_it_until_midnight_in_utc() -> None:
    page, post = new_page(), provider(per_day=3)

    counts = [take(page=page, provider=post, most=2, now=NOW).count for _ in range(3)]
    refused = take(page=page, provider=post, most=1, now=NOW)

    assert counts == [2, 1, 0]
    assert (refused.why, NOW + timedelta(seconds=refused.wait_s)) == (
        Why.DAY,
        NOW.replace(hour=0, minute=0, second=0) + timedelta(days=1),
    )


def test_a_new_day_begins_with_what_the_ledger_says() -> None:
    page, post = new_page(), provider(per_day=3)
    take(page=page, provider=post, most=3, now=NOW)

    begin_day(page=page, day=NOW.date() + timedelta(days=1), handed={"post": 1, "gone": 4})

    assert take(page=page, provider=post, most=9, now=NOW + timedelta(days=1)).count == 2
    assert page.total == 1 + 4 + 2


@pytest.mark.parametrize(("most", "others", "digests"), [(99, 0, 99), (100, 0, 99), (100, 1, 99), (100, 2, 98)])
def test_digests_leave_a_hundredth_of_a_day_to_mails_about_subscriptions(most: int, others: int, digests: int) -> None:
    page, post = new_page(), provider(per_day=most)
    for _ in range(others):
        note_other(page=page, provider=post, now=NOW)

    assert take(page=page, provider=post, most=1_000, now=NOW).count == digests


def test_a_mail_about_a_subscription_never_waits_and_the_next_digest_does() -> None:
    page, post = new_page(), provider(per_second=2)
    for _ in range(3):
        note_other(page=page, provider=post, now=NOW)

    refused = take(page=page, provider=post, most=1, now=NOW)

    assert refused.why is Why.PACE
    assert refused.wait_s == pytest.approx(1.5, abs=1e-3)


def test_a_burst_of_sign_ups_holds_digests_for_no_longer_than_a_minute() -> None:
    page, post = new_page(), provider(per_second=1)
    for _ in range(500):
        note_other(page=page, provider=post, now=NOW)

    assert take(page=page, provider=post, most=1, now=NOW).wait_s == pytest.approx(CLOCK_JUMP_S, abs=1e-3)


def test_mails_about_subscriptions_do_not_come_nearer_to_the_brake() -> None:
    page, post = new_page(ceiling=3), provider()
    note_other(page=page, provider=post, now=NOW)
    begin_day(page=page, day=NOW.date(), handed={"post": 1}, others={"post": 7})

    assert take(page=page, provider=post, most=9, now=NOW).count == 2


def test_a_new_day_begins_with_what_both_ledgers_say() -> None:
    page, post = new_page(), provider(per_day=10)

    begin_day(page=page, day=NOW.date(), handed={"post": 4}, others={"post": 3})

    assert take(page=page, provider=post, most=25, now=NOW).count == 3


def test_a_mail_before_the_days_first_count_is_left_to_the_ledgers() -> None:
    page, post = Page(ceiling=9), provider(per_day=9)

    note_other(page=page, provider=post, now=NOW)

    assert page.lane(name="post").handed == 0


def test_turns_that_were_not_used_can_be_taken_again() -> None:
    page, post = new_page(), provider(per_day=3)
    turns = take(page=page, provider=post, most=3, now=NOW)

    give_back(page=page, name="post", turns=Turns(count=turns.count - 1))

    assert (take(page=page, provider=post, most=9, now=NOW).count, page.total) == (2, 3)


@pytest.mark.parametrize("per_second", [1, 7, 14, 500])
def test_in_no_second_more_mails_leave_than_the_limit_and_a_tenth(per_second: int) -> None:
    page, post = new_page(), provider(per_second=per_second)
    given = [
        take(page=page, provider=post, most=25, now=NOW + timedelta(milliseconds=5 * step)).count for step in range(600)
    ]

    in_each_second = [sum(given[start : start + 200]) for start in range(400)]

    assert max(in_each_second) <= per_second + max(1, per_second * BURST_S)
    assert sum(given) >= per_second * 3 * 0.95


def test_who_comes_too_early_is_told_how_long_to_wait() -> None:
    page, post = new_page(), provider(per_second=2)
    take(page=page, provider=post, most=1, now=NOW)

    refused = take(page=page, provider=post, most=1, now=NOW)
    too_early = take(page=page, provider=post, most=1, now=NOW + timedelta(seconds=refused.wait_s) - MOMENT)
    in_time = take(page=page, provider=post, most=1, now=NOW + timedelta(seconds=refused.wait_s))

    assert refused.why is Why.PACE
    assert refused.wait_s == pytest.approx(0.5, abs=1e-5)
    assert (too_early.count, in_time.count) == (0, 1)


def test_who_is_patient_gets_the_next_free_moment_and_the_next_one_the_moment_after() -> None:
    page, post = new_page(), provider(per_second=2)
    take(page=page, provider=post, most=1, now=NOW)

    waits = [take(page=page, provider=post, most=9, now=NOW, patience_s=1.0) for _ in range(3)]

    assert [turns.count for turns in waits] == [1, 1, 0]
    assert [turns.wait_s for turns in waits] == pytest.approx([0.5, 1.0, 1.5], abs=1e-5)
    assert waits[2].why is Why.PACE


def test_a_clock_that_was_wrong_for_a_while_stops_nobody_for_longer() -> None:
    page, post = new_page(), provider(per_second=2)
    take(page=page, provider=post, most=1, now=NOW + timedelta(seconds=CLOCK_JUMP_S + 10))

    assert take(page=page, provider=post, most=1, now=NOW).count == 1


@pytest.mark.parametrize(("days", "most"), [(-1, 50), (0, 50), (1, 100), (2, 300), (3, 300), (99, 300)])
def test_a_new_domain_sends_more_every_day_until_it_is_warm(days: int, most: int) -> None:
    start = date(2026, 11, 2)
    limits = Limits(per_day=300, warm_up_from=start, warm_up=(50, 100, 500))

    assert limits.most_on(day=start + timedelta(days=days)) == most


def test_a_warm_domain_without_a_limit_has_none() -> None:
    limits = Limits(warm_up_from=date(2026, 11, 2), warm_up=(50,))

    assert [limits.most_on(day=date(2026, 11, day)) for day in (2, 3)] == [50, None]


@pytest.mark.parametrize(("errors", "why"), [(4, None), (5, Why.CLOSED)])
def test_after_so_many_errors_in_a_row_the_provider_is_closed(errors: int, why: Why | None) -> None:
    page, post = new_page(), provider(errors_in_a_row=5)

    for _ in range(errors):
        hear(page=page, provider=post, went_well=False, now=NOW)

    assert take(page=page, provider=post, most=9, now=NOW).why == why


def test_a_mail_that_went_well_makes_the_row_begin_anew() -> None:
    page, post = new_page(), provider(errors_in_a_row=2)

    changes = [hear(page=page, provider=post, went_well=well, now=NOW) for well in (False, True, False)]

    assert changes == [False, False, False]
    assert take(page=page, provider=post, most=9, now=NOW).count == 9


def test_when_the_pause_is_over_one_worker_tries_one_mail() -> None:
    post = provider()
    page = closed_page(by=post)

    early = take(page=page, provider=post, most=9, now=NOW + PAUSE - MOMENT)
    first = take(page=page, provider=post, most=9, now=NOW + PAUSE)
    second = take(page=page, provider=post, most=9, now=NOW + PAUSE)

    assert (early.count, first.count, second.count) == (0, 1, 0)
    assert (first.is_try, second.why) == (True, Why.CLOSED)


def test_the_mail_that_was_tried_went_well_and_all_go_on() -> None:
    post = provider()
    page = closed_page(by=post)
    take(page=page, provider=post, most=9, now=NOW + PAUSE)

    assert hear(page=page, provider=post, went_well=True, now=NOW + PAUSE)
    assert take(page=page, provider=post, most=9, now=NOW + PAUSE).count == 9


def test_each_try_that_fails_doubles_the_pause_up_to_an_hour() -> None:
    post, now = provider(), NOW
    page, pauses = closed_page(by=post), []

    for _ in range(8):
        wait_s = take(page=page, provider=post, most=1, now=now).wait_s
        now += timedelta(seconds=wait_s)
        pauses.append(round(wait_s))
        take(page=page, provider=post, most=1, now=now)
        hear(page=page, provider=post, went_well=False, now=now)

    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, LONGEST_PAUSE_S]


def test_a_hand_over_that_began_before_the_pause_does_not_double_it() -> None:
    post = provider()
    page = closed_page(by=post)

    hear(page=page, provider=post, went_well=False, now=NOW)

    assert take(page=page, provider=post, most=1, now=NOW).wait_s == FIRST_PAUSE_S


def test_the_worker_with_the_mail_to_try_died_and_another_tries_later() -> None:
    post = provider()
    page = closed_page(by=post)
    take(page=page, provider=post, most=1, now=NOW + PAUSE)

    waits = take(page=page, provider=post, most=1, now=NOW + PAUSE + LEASE - MOMENT)
    tries = take(page=page, provider=post, most=1, now=NOW + PAUSE + LEASE)

    assert (waits.count, tries.count) == (0, 1)


def test_a_mail_to_try_that_was_not_used_leaves_the_try_to_another() -> None:
    post = provider()
    page = closed_page(by=post)
    turns = take(page=page, provider=post, most=1, now=NOW + PAUSE)

    give_back(page=page, name="post", turns=turns)

    assert take(page=page, provider=post, most=1, now=NOW + PAUSE).is_try


def test_the_brake_counts_the_mails_of_all_providers() -> None:
    page, other = new_page(ceiling=5), Provider(name="other", backend="")

    counts = [take(page=page, provider=each, most=3, now=NOW).count for each in (provider(), other, provider())]

    assert counts == [3, 2, 0]
    assert take(page=page, provider=other, most=1, now=NOW).why is Why.BRAKE


def test_a_page_is_read_as_it_was_written() -> None:
    page = closed_page(by=provider())

    assert Page.from_bytes(page.to_bytes()) == page


@pytest.mark.parametrize("raw", [None, b"", b"nonsense", b"[]", b'{"of": "another version"}', b'{"lanes": 3}'])
def test_a_page_that_cannot_be_read_is_begun_anew(raw: bytes | None) -> None:
    assert Page.from_bytes(raw) == Page()
