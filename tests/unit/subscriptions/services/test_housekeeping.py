"""What goes by itself, and when."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from subscriptions import services
from subscriptions.models import ConsentEvent, OutgoingMail, RateWindow, Subscriber
from subscriptions.services.housekeeping import MAIL_KEPT_FOR, UNCONFIRMED_FOR

pytestmark = pytest.mark.django_db
Status = Subscriber.Status
MOMENT = timedelta(seconds=1)


def test_a_reader_who_never_confirmed_is_forgotten(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    make_reader(status=Status.PENDING, created=now - UNCONFIRMED_FOR - MOMENT)

    forgotten = services.tidy(now=now)

    assert (forgotten, Subscriber.objects.count()) == (1, 0)


def test_a_reader_may_still_confirm_on_the_last_day(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    make_reader(status=Status.PENDING, created=now - UNCONFIRMED_FOR)

    assert services.tidy(now=now) == 0


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.UNSUBSCRIBED])
def test_a_reader_who_has_confirmed_once_stays(
    status: str, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    make_reader(status=status, created=now - 10 * UNCONFIRMED_FOR)

    assert services.tidy(now=now) == 0


def test_asking_again_gives_a_reader_time_again(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    reader = make_reader(status=Status.PENDING, created=now - 2 * UNCONFIRMED_FOR)
    OutgoingMail.objects.create(subscriber=reader, kind="confirm", not_before=now, created_at=now - UNCONFIRMED_FOR)

    assert services.tidy(now=now) == 0


def test_a_forgotten_readers_network_is_forgotten_too(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    reader = make_reader(status=Status.PENDING, created=now - 2 * UNCONFIRMED_FOR)
    ConsentEvent.objects.create(
        subscriber=reader, address_key=reader.address_key, kind="requested", network_key="network", at=now
    )

    services.tidy(now=now)

    assert ConsentEvent.objects.get().network_key == ""


def test_a_request_to_return_that_nobody_confirmed_is_forgotten(
    make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    reader = make_reader(status=Status.UNSUBSCRIBED, created=now - 2 * UNCONFIRMED_FOR, asked_for={"hour": 9})

    services.tidy(now=now)

    reader.refresh_from_db()
    assert reader.asked_for is None


@pytest.mark.parametrize(("status", "kept"), [("sent", 0), ("failed", 0), ("queued", 1), ("sending", 1)])
def test_an_old_mail_goes_when_it_has_come_to_an_end(
    status: str, kept: int, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    long_ago = now - MAIL_KEPT_FOR - MOMENT
    OutgoingMail.objects.create(
        subscriber=make_reader(), kind="manage", status=status, not_before=now, created_at=long_ago
    )

    services.tidy(now=now)

    assert OutgoingMail.objects.count() == kept


def test_rate_windows_go_when_they_are_over(now: datetime) -> None:
    for hours in (23, 24, 25):
        RateWindow.objects.create(key=str(hours), began_at=now - timedelta(hours=hours))

    services.tidy(now=now)

    assert set(RateWindow.objects.values_list("key", flat=True)) == {"23", "24"}


def test_tidying_twice_finds_nothing_more(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    make_reader(status=Status.PENDING, created=now - 2 * UNCONFIRMED_FOR)
    services.tidy(now=now)

    assert services.tidy(now=now) == 0
