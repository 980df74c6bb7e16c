"""Faults and kills are drawn from the seed alone: the same again, and others for another seed."""

from collections import Counter

from digest.chaos.acts import EACH_DAY, LATEST, MANY, Deed, script
from digest.chaos.fates import OF_A_READER, OF_A_TRY, Fate, Fates

ADDRESSES = [f"reader{number}@example.org" for number in range(4_000)]
KEPT = frozenset(OF_A_READER)


def drawn(*, seed: int, attempt: int = 1, day: int = 2) -> list[Fate]:
    """The fates of many readers' tries."""
    fates = Fates(seed=seed)
    return [fates.of(recipient=address, day=day, attempt=attempt) for address in ADDRESSES]


def test_the_same_seed_draws_the_same_fates_and_another_draws_others() -> None:
    assert drawn(seed=1) == drawn(seed=1)
    assert drawn(seed=1) != drawn(seed=2)


def test_each_fate_comes_about_as_often_as_its_share_says() -> None:
    counts = Counter(drawn(seed=3))

    for fate, share in {**OF_A_TRY, **OF_A_READER}.items():
        assert 0.5 * share * len(ADDRESSES) < counts[fate] < 1.6 * share * len(ADDRESSES), fate


def test_a_second_try_is_drawn_anew_unless_the_reader_is_refused_for_good() -> None:
    first, second = drawn(seed=4), drawn(seed=4, attempt=2)

    refused = [pair for pair in zip(first, second, strict=True) if pair[0] in KEPT]
    cut = [pair for pair in zip(first, second, strict=True) if pair[0] is Fate.CUT_AFTER_DOT]
    assert refused
    assert all(one is two for one, two in refused)
    assert Fate.TAKEN in {two for _, two in cut}


def test_who_is_busy_all_day_takes_the_mail_of_the_next_day() -> None:
    fates = Fates(seed=5)
    busy = [address for address in ADDRESSES if fates.is_busy_all_day(recipient=address, day=1)]

    first_day = {fates.of(recipient=address, day=1, attempt=n) for address in busy for n in range(1, 9)}

    assert first_day <= {Fate.BUSY, *KEPT}
    assert Fate.TAKEN in {fates.of(recipient=address, day=2, attempt=1) for address in busy}


def test_a_day_has_every_deed_in_an_order_of_its_own() -> None:
    acts = script(seed=1, day=1, mails=MANY)

    counts = Counter(act.deed for act in acts[1:])
    assert counts == EACH_DAY
    assert acts[0].after == 0.0
    assert [act.after for act in acts] == sorted(act.after for act in acts)
    assert max(act.after for act in acts) <= LATEST
    assert acts == script(seed=1, day=1, mails=MANY)
    assert acts != script(seed=1, day=2, mails=MANY)


def test_a_day_of_few_mails_has_each_deed_once() -> None:
    acts = script(seed=1, day=1, mails=MANY - 1)

    assert Counter(act.deed for act in acts[1:]) == dict.fromkeys(Deed, 1)
