"""Signing up, confirming and leaving: who is mailed what, and what a stranger can neither learn nor change."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from subscriptions import services
from subscriptions.errors import InvalidAddress, LinkInvalid, ReaderGone, SubscriptionError, TooManyRequests
from subscriptions.models import ConsentEvent, InterestProfile, OutgoingMail, Subscriber
from subscriptions.tokens import make_token, read_token
from subscriptions.types import Preferences, ProfileInput, SignUp
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Status, Kind = Subscriber.Status, OutgoingMail.Kind
GRAPHS = ProfileInput(name="Graphs", keywords=("graph neural network",), papers=(("arxiv", "2406.01234"),))


@pytest.fixture
def sign_up(now: datetime) -> Callable[..., None]:
    def call(email: str = "ada@example.org", *, at: datetime = now, network: str = "n", **fields: Any) -> None:
        form = SignUp(email=email, **fields)
        services.sign_up(form=form, network=network, wording="I agree to be mailed", now=at)

    return call


@pytest.fixture
def ada(make_reader: Callable[..., Subscriber]) -> Callable[..., Subscriber]:
    def make(**fields: Any) -> Subscriber:
        return make_reader(email="ada@example.org", **fields)

    return make


def mails() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))


def consents() -> list[str]:
    return list(ConsentEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_an_unknown_address_waits_for_its_confirmation(sign_up: Callable[..., None]) -> None:
    sign_up()

    reader = Subscriber.objects.get()
    assert (reader.status, reader.next_digest_at) == (Status.PENDING, None)
    assert mails() == [Kind.CONFIRM]


def test_what_the_person_agreed_to_is_kept(sign_up: Callable[..., None], now: datetime) -> None:
    sign_up(network="hash of a network")

    event = ConsentEvent.objects.get()
    assert (event.kind, event.wording, event.network_key, event.at) == (
        ConsentEvent.Kind.REQUESTED,
        "I agree to be mailed",
        "hash of a network",
        now,
    )


def test_an_address_alone_is_trending_papers_once_a_day(sign_up: Callable[..., None]) -> None:
    sign_up()

    reader = Subscriber.objects.get()
    assert (reader.trending, reader.cadence, reader.profiles.count()) == (True, "daily", 0)


def test_an_interest_given_at_sign_up_is_kept(sign_up: Callable[..., None]) -> None:
    sign_up(profile=GRAPHS)

    profile = InterestProfile.objects.get()
    assert (profile.name, profile.keywords) == ("Graphs", ["graph neural network"])
    assert list(profile.library.values_list("scheme", "value")) == [("arxiv", "2406.01234")]


def test_the_same_form_twice_is_one_reader_and_one_waiting_mail(sign_up: Callable[..., None]) -> None:
    sign_up(profile=GRAPHS)

    sign_up(profile=GRAPHS)

    assert Subscriber.objects.count() == InterestProfile.objects.count() == 1
    assert mails() == [Kind.CONFIRM]


def test_a_pending_reader_is_mailed_again_when_the_first_mail_has_gone(sign_up: Callable[..., None]) -> None:
    sign_up()
    OutgoingMail.objects.update(status=OutgoingMail.Status.SENT)

    sign_up()

    assert mails() == [Kind.CONFIRM, Kind.CONFIRM]


def test_the_latest_form_of_a_pending_reader_wins(sign_up: Callable[..., None]) -> None:
    sign_up(hour=6, profile=GRAPHS)

    sign_up("ADA@example.org", hour=9, profile=ProfileInput(name="Proteins"))

    assert Subscriber.objects.get().hour == 9
    assert InterestProfile.objects.get().name == "Proteins"


def test_an_active_reader_is_told_so_by_mail_and_nothing_changes(
    sign_up: Callable[..., None], ada: Callable[..., Subscriber]
) -> None:
    reader = ada(hour=6, profiles=[{"name": "Mine"}])

    sign_up(hour=9, profile=GRAPHS)

    reader.refresh_from_db()
    assert (reader.hour, reader.profiles.get().name, mails(), consents()) == (6, "Mine", [Kind.ALREADY], [])


def test_a_reader_who_left_stays_away_until_they_confirm(
    sign_up: Callable[..., None], ada: Callable[..., Subscriber]
) -> None:
    reader = ada(status=Status.UNSUBSCRIBED, hour=6, next_digest_at=None, profiles=[{"name": "Mine"}])

    sign_up(hour=9, profile=GRAPHS)

    reader.refresh_from_db()
    assert (reader.status, reader.hour, reader.profiles.get().name) == (Status.UNSUBSCRIBED, 6, "Mine")
    assert mails() == [Kind.CONFIRM]


def test_a_reader_who_comes_back_gets_what_the_form_said_beside_their_old_interests(
    sign_up: Callable[..., None], ada: Callable[..., Subscriber], now: datetime
) -> None:
    reader = ada(status=Status.UNSUBSCRIBED, hour=6, next_digest_at=None, profiles=[{"name": "Mine"}])
    sign_up(hour=9, cadence="chosen", weekdays=(5, 1), profile=GRAPHS)

    services.confirm(subscriber=reader, now=now)

    reader.refresh_from_db()
    assert (reader.status, reader.hour, reader.weekdays, reader.asked_for) == (Status.ACTIVE, 9, [1, 5], None)
    assert sorted(reader.profiles.values_list("name", flat=True)) == ["Graphs", "Mine"]
    assert reader.profiles.get(name="Graphs").library.get().value == "2406.01234"


def test_a_suppressed_address_is_neither_written_nor_mailed(
    sign_up: Callable[..., None], make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    reader = make_reader(email="ada@example.org", status=Status.PENDING, hour=6)
    services.suppress(address_key=reader.address_key, reason="complaint", detail="", now=now)

    sign_up(hour=9)

    reader.refresh_from_db()
    assert (reader.hour, mails()) == (6, [])


def test_a_fourth_request_within_an_hour_is_answered_and_ignored(sign_up: Callable[..., None]) -> None:
    for _ in range(3):
        sign_up(hour=6)

    sign_up(hour=9)

    assert Subscriber.objects.get().hour == 6


def test_a_network_that_asks_too_often_is_told_so(sign_up: Callable[..., None]) -> None:
    for number in range(20):
        sign_up(f"reader{number}@example.org")

    with pytest.raises(TooManyRequests):
        sign_up("another@example.org")

    assert not Subscriber.objects.filter(email="another@example.org").exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "ada@example"}, "email"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"profile": ProfileInput(name="")}, "name"),
    ],
)
def test_a_wrong_form_writes_nothing_and_costs_no_turn(
    fields: dict[str, Any], field: str, sign_up: Callable[..., None], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0), pytest.raises(SubscriptionError) as refused:
        sign_up(**fields)

    assert refused.value.field == field


def test_confirming_starts_the_digests(sign_up: Callable[..., None], now: datetime) -> None:
    sign_up(timezone="Asia/Kolkata", hour=8)
    reader = Subscriber.objects.get()

    services.confirm(subscriber=reader, now=now)

    reader.refresh_from_db()
    assert (reader.status, reader.confirmed_at) == (Status.ACTIVE, now)
    assert reader.next_digest_at == datetime.fromisoformat("2026-06-10T08:00+05:30")
    assert consents()[-1] == ConsentEvent.Kind.CONFIRMED


def test_confirming_twice_changes_nothing_more(sign_up: Callable[..., None], now: datetime) -> None:
    sign_up()
    reader = Subscriber.objects.get()
    services.confirm(subscriber=reader, now=now)

    services.confirm(subscriber=reader, now=now + timedelta(days=1))

    reader.refresh_from_db()
    assert (reader.confirmed_at, consents().count(ConsentEvent.Kind.CONFIRMED)) == (now, 1)


def test_an_old_confirmation_link_does_not_bring_back_a_reader_who_left(
    sign_up: Callable[..., None], now: datetime
) -> None:
    sign_up()
    reader = Subscriber.objects.get()
    old_link = make_token(purpose="confirm", subscriber=reader)
    services.confirm(subscriber=reader, now=now)
    services.unsubscribe(subscriber=reader, now=now)

    with pytest.raises(LinkInvalid, match="used or replaced"):
        read_token(purpose="confirm", token=old_link)


def test_a_confirmation_page_left_open_does_not_bring_back_a_reader_who_left(
    ada: Callable[..., Subscriber], now: datetime
) -> None:
    reader = ada(status=Status.UNSUBSCRIBED, next_digest_at=None)

    with pytest.raises(LinkInvalid, match="sign up again"):
        services.confirm(subscriber=reader, now=now)


def test_the_confirmation_link_of_a_new_request_brings_a_reader_back(
    sign_up: Callable[..., None], ada: Callable[..., Subscriber], now: datetime
) -> None:
    services.unsubscribe(subscriber=ada(), now=now)
    sign_up()
    link = make_token(purpose="confirm", subscriber=Subscriber.objects.get())

    services.confirm(subscriber=read_token(purpose="confirm", token=link).subscriber, now=now)

    assert Subscriber.objects.get().status == Status.ACTIVE


def test_leaving_ends_the_mails_at_once(ada: Callable[..., Subscriber], now: datetime) -> None:
    reader = ada(profiles=[{"name": "Mine"}])

    services.unsubscribe(subscriber=reader, now=now)

    reader.refresh_from_db()
    assert (reader.status, reader.next_digest_at, reader.unsubscribed_at) == (Status.UNSUBSCRIBED, None, now)
    assert reader.profiles.count() == 1


def test_leaving_twice_is_leaving_once(ada: Callable[..., Subscriber], now: datetime) -> None:
    reader = ada()
    services.unsubscribe(subscriber=reader, now=now)

    services.unsubscribe(subscriber=reader, now=now + timedelta(hours=1))

    reader.refresh_from_db()
    assert (reader.unsubscribed_at, consents()) == (now, [ConsentEvent.Kind.UNSUBSCRIBED])


def test_leaving_takes_back_a_confirmation_that_waits(sign_up: Callable[..., None], now: datetime) -> None:
    sign_up()

    services.unsubscribe(subscriber=Subscriber.objects.get(), now=now)

    assert mails() == []


def test_leaving_takes_back_a_request_to_return(
    sign_up: Callable[..., None], ada: Callable[..., Subscriber], now: datetime
) -> None:
    reader = ada()
    services.unsubscribe(subscriber=reader, now=now)
    sign_up()

    services.unsubscribe(subscriber=reader, now=now)

    with pytest.raises(LinkInvalid):
        services.confirm(subscriber=reader, now=now)


def test_a_reader_who_was_erased_meanwhile_is_gone_for_every_service(
    ada: Callable[..., Subscriber], now: datetime
) -> None:
    reader = ada()
    Subscriber.objects.all().delete()

    with pytest.raises(ReaderGone):
        services.unsubscribe(subscriber=reader, now=now)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(Status.ACTIVE, Kind.MANAGE), (Status.UNSUBSCRIBED, Kind.MANAGE), (Status.PENDING, Kind.CONFIRM)],
)
def test_a_fresh_link_is_mailed_to_a_reader(
    status: str, kind: str, ada: Callable[..., Subscriber], now: datetime
) -> None:
    ada(status=status)

    services.request_manage_link(email="ADA@example.org", network="n", now=now)

    assert mails() == [kind]


def test_a_fresh_link_for_an_unknown_address_mails_nothing(now: datetime) -> None:
    services.request_manage_link(email="nobody@example.org", network="n", now=now)

    assert (mails(), Subscriber.objects.count()) == ([], 0)


def test_a_fresh_link_is_not_mailed_to_a_suppressed_address(ada: Callable[..., Subscriber], now: datetime) -> None:
    services.suppress(address_key=ada().address_key, reason="complaint", detail="", now=now)

    services.request_manage_link(email="ada@example.org", network="n", now=now)

    assert mails() == []


def test_asking_for_a_fresh_link_too_often_mails_no_more_than_three(
    ada: Callable[..., Subscriber], now: datetime
) -> None:
    ada()
    for _ in range(5):
        services.request_manage_link(email="ada@example.org", network="n", now=now)
        OutgoingMail.objects.update(status=OutgoingMail.Status.SENT)

    assert len(mails()) == 3


def test_a_fresh_link_needs_an_address(now: datetime) -> None:
    with pytest.raises(InvalidAddress):
        services.request_manage_link(email="ada", network="n", now=now)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_by_many_workers_at_once_is_one_reader(sign_up: Callable[..., None]) -> None:
    at_once(workers=6, do=lambda: sign_up(profile=GRAPHS))

    assert Subscriber.objects.count() == InterestProfile.objects.count() == 1
    assert mails() == [Kind.CONFIRM]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_twice_at_once_confirms_once(ada: Callable[..., Subscriber], now: datetime) -> None:
    reader = ada(status=Status.PENDING)

    at_once(workers=6, do=lambda: services.confirm(subscriber=reader, now=now))

    assert consents() == [ConsentEvent.Kind.CONFIRMED]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_leaving_wins_whatever_else_is_saved_at_the_same_moment(ada: Callable[..., Subscriber], now: datetime) -> None:
    reader = ada()
    turns = count()

    def act() -> None:
        if next(turns) == 3:
            services.unsubscribe(subscriber=reader, now=now)
        else:
            services.update_preferences(subscriber=reader, preferences=Preferences(hour=5), now=now)

    at_once(workers=6, do=act)

    reader.refresh_from_db()
    assert (reader.status, reader.next_digest_at) == (Status.UNSUBSCRIBED, None)
