"""The link of a reader's own feed."""

from collections.abc import Callable

import pytest

from subscriptions.errors import LinkInvalid, LinkUsedUp
from subscriptions.feed_links import feed_token, feed_url, read_feed_token
from subscriptions.models import Subscriber
from subscriptions.tokens import LIFETIMES, make_token, read_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader(email="ada@example.org", has_feed=True)


def test_a_link_leads_back_to_its_reader_and_is_the_same_each_time(reader: Subscriber) -> None:
    first, second = feed_token(subscriber=reader), feed_token(subscriber=reader)

    assert (first, read_feed_token(token=first)) == (second, reader)
    assert feed_url(subscriber=reader, form="atom") == f"http://localhost:8000/feeds/mine/{first}.atom"


@pytest.mark.parametrize("counter", ["feed_epoch", "link_epoch"])
def test_a_newer_link_makes_the_older_one_invalid(reader: Subscriber, counter: str) -> None:
    token = feed_token(subscriber=reader)

    Subscriber.objects.update(**{counter: 1})

    with pytest.raises(LinkUsedUp, match="replaced or switched off"):
        read_feed_token(token=token)


def test_no_link_opens_a_feed_that_is_off(reader: Subscriber) -> None:
    Subscriber.objects.update(has_feed=False)

    with pytest.raises(LinkUsedUp, match="replaced or switched off"):
        read_feed_token(token=feed_token(subscriber=reader))


def test_the_link_of_a_reader_who_is_gone_is_used_up(reader: Subscriber) -> None:
    token = feed_token(subscriber=reader)
    reader.delete()

    with pytest.raises(LinkUsedUp):
        read_feed_token(token=token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "a" * 5000, "../../etc", "a\x00"])
def test_what_is_no_link_gets_one_clear_sentence(token: str) -> None:
    with pytest.raises(LinkInvalid, match="not complete"):
        read_feed_token(token=token)


def test_a_link_with_one_letter_changed_is_refused(reader: Subscriber) -> None:
    token = feed_token(subscriber=reader)

    for place in range(len(token)):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkInvalid):
            read_feed_token(token=forged)


@pytest.mark.parametrize("purpose", sorted(LIFETIMES))
def test_it_opens_nothing_else_and_nothing_else_opens_a_feed(purpose: str, reader: Subscriber) -> None:
    with pytest.raises(LinkInvalid):
        read_token(purpose=purpose, token=feed_token(subscriber=reader))
    with pytest.raises(LinkInvalid):
        read_feed_token(token=make_token(purpose=purpose, subscriber=reader))
