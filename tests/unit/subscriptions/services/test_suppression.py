"""Addresses that must not be mailed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from subscriptions import services
from subscriptions.models import ConsentEvent, SoftBounce, Subscriber, Suppression
from subscriptions.selectors import is_suppressed, suppressed_keys
from subscriptions.services.suppression import FORGOTTEN_AFTER
from tests.builders import NOW, make_reader

pytestmark = pytest.mark.django_db
KEY = "k" * 64


def suppress(*, now: datetime, key: str = KEY, reason: str = "complaint", detail: str = "") -> None:
    services.suppress(address_key=key, reason=reason, detail=detail, now=now)


def kinds() -> list[str]:
    return list(ConsentEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_complaint_suppresses_the_address_at_once(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    reader = make_reader()

    suppress(key=reader.address_key, now=now)

    assert is_suppressed(address_key=reader.address_key)
    assert list(Subscriber.objects.suppressed()) == [reader]


def test_an_address_that_nobody_has_can_be_suppressed(now: datetime) -> None:
    suppress(now=now)

    assert is_suppressed(address_key=KEY)


def test_suppressing_twice_keeps_the_first_reason(now: datetime) -> None:
    suppress(reason="soft_bounce", detail="452", now=now)

    suppress(reason="complaint", now=now + timedelta(days=1))

    row = Suppression.objects.get()
    assert (row.reason, row.detail, row.created_at) == ("soft_bounce", "452", now)
    assert kinds() == [ConsentEvent.Kind.SUPPRESSED]


def test_a_lifted_suppression_lets_mail_through(now: datetime) -> None:
    suppress(now=now)

    services.lift_suppression(address_key=KEY, now=now)

    assert not is_suppressed(address_key=KEY)


def test_lifting_twice_is_lifting_once(now: datetime) -> None:
    suppress(now=now)
    services.lift_suppression(address_key=KEY, now=now)

    services.lift_suppression(address_key=KEY, now=now + timedelta(days=1))

    assert (Suppression.objects.get().lifted_at, kinds()) == (
        now,
        [ConsentEvent.Kind.SUPPRESSED, ConsentEvent.Kind.UNSUPPRESSED],
    )


def test_lifting_what_is_not_suppressed_does_nothing(now: datetime) -> None:
    services.lift_suppression(address_key=KEY, now=now)

    assert kinds() == []


def test_a_lifted_suppression_can_stand_again_for_a_new_reason(now: datetime) -> None:
    suppress(reason="soft_bounce", now=now)
    services.lift_suppression(address_key=KEY, now=now)

    suppress(reason="complaint", now=now + timedelta(days=1))

    assert (is_suppressed(address_key=KEY), Suppression.objects.get().reason) == (True, "complaint")


def test_the_suppressed_of_many_keys_are_found_with_one_query(
    now: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    suppress(now=now)

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        found = suppressed_keys(address_keys=[KEY, "x" * 64])

    assert found == {KEY}


def test_an_event_names_its_reader_when_there_is_one(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    reader = make_reader()

    suppress(key=reader.address_key, now=now)

    assert ConsentEvent.objects.get().subscriber == reader


class TestSoftBounces:
    """An address that refuses mail for now is left alone, each time twice as long."""

    KEY = "k" * 64

    def note(self, now: datetime) -> timedelta:
        """Note that a mail came back, and tell how long the address is left alone from then on."""
        services.note_soft_bounce(address_key=self.KEY, detail="mailbox full", now=now)
        row = SoftBounce.objects.filter(address_key=self.KEY).first()
        return row.waits_until - now if row else timedelta(0)

    def test_the_waits_double_from_2_to_64_hours_and_then_the_address_is_suppressed(self) -> None:
        now, waits = NOW, []
        for _ in range(7):
            waits.append(self.note(now))
            now += waits[-1]

        assert [wait // timedelta(hours=1) for wait in waits] == [2, 4, 8, 16, 32, 64, 0]
        assert Suppression.objects.get().reason == Suppression.Reason.SOFT_BOUNCE
        assert not SoftBounce.objects.exists()

    @pytest.mark.parametrize(("early", "times"), [(timedelta(seconds=1), 1), (timedelta(0), 2)])
    def test_what_comes_back_during_a_wait_was_sent_before_it(self, early: timedelta, times: int) -> None:
        wait = self.note(NOW)

        self.note(NOW + wait - early)

        assert SoftBounce.objects.get().times == times

    def test_a_mail_that_arrived_since_begins_anew(self) -> None:
        self.note(NOW)

        services.forget_soft_bounces(address_key=self.KEY, before=NOW)
        assert SoftBounce.objects.exists()
        services.forget_soft_bounces(address_key=self.KEY, before=NOW + timedelta(seconds=1))
        assert not SoftBounce.objects.exists()

    def test_what_is_long_ago_is_forgotten(self) -> None:
        self.note(NOW)

        later = NOW + timedelta(hours=2) + FORGOTTEN_AFTER

        assert self.note(later) == timedelta(hours=2)
        services.tidy(now=later + timedelta(hours=2) + FORGOTTEN_AFTER + timedelta(seconds=1))
        assert not SoftBounce.objects.exists()

    def test_an_erasure_takes_it_along(self) -> None:
        reader = make_reader()
        services.note_soft_bounce(address_key=reader.address_key, detail="", now=NOW)

        services.erase(subscriber=reader, now=NOW)

        assert not SoftBounce.objects.exists()
