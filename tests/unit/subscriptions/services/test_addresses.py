"""Moving to another address, confirmed at the new one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from subscriptions import services
from subscriptions.addresses import parse_address
from subscriptions.errors import AddressTaken, InvalidAddress, LinkInvalid, SubscriptionError, TooManyRequests
from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber
from subscriptions.tokens import make_token, read_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader(email="old@example.org")


def ask(reader: Subscriber, *, now: datetime, to: str = "new@example.org") -> None:
    services.request_address_change(subscriber=reader, new_email=to, now=now)


def test_asking_mails_the_new_address_and_moves_nothing(reader: Subscriber, now: datetime) -> None:
    ask(reader, now=now)

    mail = OutgoingMail.objects.get()
    reader.refresh_from_db()
    assert (mail.kind, mail.to, reader.email) == (OutgoingMail.Kind.CHANGE, "new@example.org", "old@example.org")


def test_asking_twice_is_one_waiting_mail(reader: Subscriber, now: datetime) -> None:
    ask(reader, now=now)

    ask(reader, now=now)

    assert OutgoingMail.objects.count() == 1


def test_asking_for_the_address_of_another_reader_looks_the_same(
    reader: Subscriber, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    make_reader(email="new@example.org")

    ask(reader, now=now)

    assert OutgoingMail.objects.get().to == "new@example.org"


def test_the_present_address_is_no_change(reader: Subscriber, now: datetime) -> None:
    with pytest.raises(SubscriptionError, match="your address already"):
        ask(reader, to="old@example.org", now=now)


def test_what_is_no_address_is_refused(reader: Subscriber, now: datetime) -> None:
    with pytest.raises(InvalidAddress):
        ask(reader, to="new@example.org, other@example.org", now=now)


def test_a_suppressed_new_address_is_not_mailed(reader: Subscriber, now: datetime) -> None:
    key = parse_address("new@example.org").key
    services.suppress(address_key=key, reason="complaint", detail="", now=now)

    ask(reader, now=now)

    assert not OutgoingMail.objects.exists()


def test_a_stranger_cannot_be_mailed_more_than_three_times_an_hour(
    make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    for reader in [make_reader() for _ in range(5)]:
        ask(reader, now=now)

    assert OutgoingMail.objects.filter(to="new@example.org").count() == 3


def test_a_reader_can_ask_six_times_a_day(reader: Subscriber, now: datetime) -> None:
    for number in range(6):
        ask(reader, to=f"new{number}@example.org", now=now)

    with pytest.raises(TooManyRequests):
        ask(reader, to="another@example.org", now=now)


def test_the_subscription_moves_with_everything_that_belongs_to_it(reader: Subscriber, now: datetime) -> None:
    services.change_address(subscriber=reader, new_email="New@Example.org", now=now)

    reader.refresh_from_db()
    new = parse_address("New@example.org")
    assert (reader.email, reader.email_normalised, reader.address_key) == (new.email, new.normalised, new.key)


def test_moving_twice_is_moving_once(reader: Subscriber, now: datetime) -> None:
    services.change_address(subscriber=reader, new_email="new@example.org", now=now)

    services.change_address(subscriber=reader, new_email="new@example.org", now=now + timedelta(hours=1))

    reader.refresh_from_db()
    assert (reader.link_epoch, ConsentEvent.objects.count()) == (1, 2)


def test_both_addresses_have_the_move_in_their_history(reader: Subscriber, now: datetime) -> None:
    old_key = reader.address_key

    services.change_address(subscriber=reader, new_email="new@example.org", now=now)

    reader.refresh_from_db()
    history = ConsentEvent.objects.filter(kind=ConsentEvent.Kind.ADDRESS_CHANGED)
    assert set(history.values_list("address_key", "wording")) == {
        (old_key, "Moved away"),
        (reader.address_key, "Moved here"),
    }


def test_links_that_lie_in_the_old_mailbox_die_but_still_unsubscribe(reader: Subscriber, now: datetime) -> None:
    manage = make_token(purpose="manage", subscriber=reader)
    leave = make_token(purpose="unsubscribe", subscriber=reader)

    services.change_address(subscriber=reader, new_email="new@example.org", now=now)

    assert read_token(purpose="unsubscribe", token=leave).subscriber == reader
    with pytest.raises(LinkInvalid, match="used or replaced"):
        read_token(purpose="manage", token=manage)


def test_an_address_of_another_reader_is_not_taken_over(
    reader: Subscriber, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    make_reader(email="new@example.org")

    with pytest.raises(AddressTaken, match="subscription of its own"):
        services.change_address(subscriber=reader, new_email="NEW@example.org", now=now)

    reader.refresh_from_db()
    assert (reader.email, reader.link_epoch, ConsentEvent.objects.count()) == ("old@example.org", 0, 0)


def test_another_spelling_of_the_same_mailbox_is_kept_without_a_move(reader: Subscriber, now: datetime) -> None:
    services.change_address(subscriber=reader, new_email="OLD@example.org", now=now)

    reader.refresh_from_db()
    assert (reader.email, ConsentEvent.objects.count()) == ("OLD@example.org", 0)
