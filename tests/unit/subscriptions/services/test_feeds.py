"""A reader's own feed is had, replaced and taken back."""

from collections.abc import Callable

import pytest

from subscriptions import services
from subscriptions.errors import LinkUsedUp, ReaderGone
from subscriptions.feed_links import feed_token, read_feed_token
from subscriptions.models import Subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader(email="ada@example.org")


def test_nobody_has_a_feed_who_did_not_ask_for_one(reader: Subscriber) -> None:
    with pytest.raises(LinkUsedUp):
        read_feed_token(token=feed_token(subscriber=reader))


def test_a_new_link_opens_and_ends_the_one_before(reader: Subscriber) -> None:
    services.renew_feed(subscriber=reader)
    first = feed_token(subscriber=reader)

    services.renew_feed(subscriber=reader)

    assert read_feed_token(token=feed_token(subscriber=reader)) == reader
    with pytest.raises(LinkUsedUp):
        read_feed_token(token=first)


def test_a_feed_that_was_switched_off_never_opens_under_an_old_link_again(reader: Subscriber) -> None:
    services.renew_feed(subscriber=reader)
    old = feed_token(subscriber=reader)
    services.switch_feed_off(subscriber=reader)

    services.renew_feed(subscriber=reader)

    with pytest.raises(LinkUsedUp):
        read_feed_token(token=old)


def test_switching_off_twice_is_switching_off_once(reader: Subscriber) -> None:
    services.renew_feed(subscriber=reader)
    services.switch_feed_off(subscriber=reader)
    after_once = Subscriber.objects.values("has_feed", "feed_epoch").get()

    services.switch_feed_off(subscriber=reader)

    assert Subscriber.objects.values("has_feed", "feed_epoch").get() == after_once


def test_a_reader_who_is_gone_gets_no_feed(reader: Subscriber) -> None:
    Subscriber.objects.all().delete()

    with pytest.raises(ReaderGone):
        services.renew_feed(subscriber=reader)
