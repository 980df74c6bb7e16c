"""Signed links: one purpose each, a lifetime each, nobody's address in them."""

from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscriptions import services, tokens
from subscriptions.errors import LinkExpired, LinkInvalid
from subscriptions.models import OutgoingMail, Subscriber
from subscriptions.selectors import pending_address
from subscriptions.tokens import LIFETIMES, make_token, read_token

pytestmark = pytest.mark.django_db
PURPOSES = sorted(LIFETIMES)


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader(email="ada@example.org")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_token_leads_back_to_its_reader(purpose: str, reader: Subscriber) -> None:
    token = make_token(purpose=purpose, subscriber=reader, extra="42")

    content = read_token(purpose=purpose, token=token)

    assert (content.subscriber, content.extra) == (reader, "42")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_token_opens_no_other_door(purpose: str, reader: Subscriber) -> None:
    token = make_token(purpose=purpose, subscriber=reader)

    for other in set(PURPOSES) - {purpose}:
        with pytest.raises(LinkInvalid, match="not complete"):
            read_token(purpose=other, token=token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.ü.ß", "a" * 5000, "../../etc", "a.b.c\x00", ".", ".."])
def test_what_is_no_token_gets_one_clear_sentence(token: str) -> None:
    with pytest.raises(LinkInvalid, match="not complete"):
        read_token(purpose="manage", token=token)


def test_a_token_with_one_letter_changed_is_refused(reader: Subscriber) -> None:
    token = make_token(purpose="manage", subscriber=reader)

    for place in range(len(token)):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkInvalid):
            read_token(purpose="manage", token=forged)


def test_a_token_of_another_house_is_refused(reader: Subscriber, settings: LazySettings) -> None:
    token = make_token(purpose="manage", subscriber=reader)

    settings.SECRET_KEY = "another house's secret key, as long as it should be"

    with pytest.raises(LinkInvalid, match="not complete"):
        read_token(purpose="manage", token=token)


@pytest.mark.parametrize("purpose", sorted(purpose for purpose, lifetime in LIFETIMES.items() if lifetime))
def test_a_token_lives_as_long_as_its_purpose_says(purpose: str, reader: Subscriber, now: datetime) -> None:
    lifetime = LIFETIMES[purpose] or timedelta()
    with time_machine.travel(now, tick=False):
        token = make_token(purpose=purpose, subscriber=reader)

    with time_machine.travel(now + lifetime, tick=False):
        in_time = read_token(purpose=purpose, token=token)
    with time_machine.travel(now + lifetime + timedelta(seconds=1), tick=False), pytest.raises(LinkExpired):
        read_token(purpose=purpose, token=token)

    assert in_time.subscriber == reader


def test_an_unsubscribe_link_works_after_ten_years(reader: Subscriber, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        token = make_token(purpose="unsubscribe", subscriber=reader)

    with time_machine.travel(now + timedelta(days=3650), tick=False):
        content = read_token(purpose="unsubscribe", token=token)

    assert content.subscriber == reader


def test_raising_the_epoch_kills_every_link_but_the_one_that_unsubscribes(reader: Subscriber) -> None:
    made = {purpose: make_token(purpose=purpose, subscriber=reader) for purpose in PURPOSES}
    Subscriber.objects.update(link_epoch=1)

    leaving = read_token(purpose="unsubscribe", token=made.pop("unsubscribe"))

    assert leaving.subscriber == reader
    for purpose, token in made.items():
        with pytest.raises(LinkInvalid, match="used or replaced"):
            read_token(purpose=purpose, token=token)


def test_a_link_of_a_reader_who_was_erased_says_so_kindly(reader: Subscriber, now: datetime) -> None:
    token = make_token(purpose="unsubscribe", subscriber=reader)
    services.erase(subscriber=reader, now=now)

    with pytest.raises(LinkInvalid, match="has been deleted; nothing is held"):
        read_token(purpose="unsubscribe", token=token)


def test_no_address_is_in_a_token(reader: Subscriber) -> None:
    token = make_token(purpose="change", subscriber=reader, extra="7")

    body = token.split(".")[0]
    assert b"ada" not in urlsafe_b64decode(body + "==")


def test_a_token_is_short_and_fit_for_a_url(reader: Subscriber) -> None:
    token = make_token(purpose="view", subscriber=reader, extra="123456789")

    assert len(token) < 110
    assert all(character.isalnum() or character in "-_." for character in token)


def test_two_readers_have_two_tokens(make_reader: Callable[..., Subscriber]) -> None:
    one, other = make_reader(), make_reader()

    assert make_token(purpose="manage", subscriber=one) != make_token(purpose="manage", subscriber=other)


@pytest.mark.parametrize(
    ("make", "start"),
    [
        (tokens.confirm_url, "/confirm/"),
        (tokens.manage_url, "/preferences/"),
        (tokens.unsubscribe_url, "/unsubscribe/"),
        (tokens.one_click_url, "/u/"),
    ],
)
def test_links_are_absolute(make: Any, start: str, reader: Subscriber, settings: LazySettings) -> None:
    settings.SITE_URL = "https://papers.example.org"

    assert make(subscriber=reader).startswith(f"https://papers.example.org{start}")


def test_a_change_link_knows_the_mail_that_knows_the_new_address(reader: Subscriber, now: datetime) -> None:
    services.request_address_change(subscriber=reader, new_email="new@example.org", now=now)

    url = tokens.change_url(subscriber=reader, new_email="new@example.org")

    content = read_token(purpose="change", token=url.rstrip("/").rpartition("/")[2])
    assert pending_address(subscriber=reader, reference=content.extra) == "new@example.org"


@pytest.mark.parametrize("reference", ["", "x", "-1", "999999", "²", "9" * 30])
def test_a_change_link_without_its_mail_is_used_up(reference: str, reader: Subscriber) -> None:
    with pytest.raises(LinkInvalid, match="used up"):
        pending_address(subscriber=reader, reference=reference)


def test_a_change_link_never_shows_another_readers_new_address(
    reader: Subscriber, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    services.request_address_change(subscriber=make_reader(), new_email="new@example.org", now=now)

    with pytest.raises(LinkInvalid):
        pending_address(subscriber=reader, reference=str(OutgoingMail.objects.get().pk))


def one_click_token(reader: Subscriber) -> str:
    return tokens.one_click_url(subscriber=reader).rstrip("/").rpartition("/")[2]


def test_a_one_click_link_fits_a_line_of_a_header(reader: Subscriber, settings: LazySettings) -> None:
    settings.SITE_URL = "https://papers.library.example.org"

    assert len(f" <{tokens.one_click_url(subscriber=reader)}>,") <= 78


def test_a_one_click_link_leads_to_its_reader_and_outlives_every_epoch(reader: Subscriber) -> None:
    token = one_click_token(reader)
    Subscriber.objects.update(link_epoch=9)

    assert read_token(purpose="unsubscribe", token=token).subscriber == reader


@pytest.mark.parametrize("purpose", sorted(set(PURPOSES) - {"unsubscribe"}))
def test_a_one_click_link_can_do_nothing_but_unsubscribe(purpose: str, reader: Subscriber) -> None:
    with pytest.raises(LinkInvalid, match="not complete"):
        read_token(purpose=purpose, token=one_click_token(reader))


def test_a_one_click_link_with_one_letter_changed_is_refused(reader: Subscriber) -> None:
    token = one_click_token(reader)

    for place in range(len(token)):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkInvalid):
            read_token(purpose="unsubscribe", token=forged)


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 35, "a" * 36, "a" * 37, "a" * 5000, "!!!!", "abc\x00"])
def test_what_is_no_one_click_token_gets_one_clear_sentence(token: str) -> None:
    with pytest.raises(LinkInvalid, match="not complete"):
        read_token(purpose="unsubscribe", token=token)


def test_a_one_click_link_made_with_a_retired_key_still_works(reader: Subscriber, settings: LazySettings) -> None:
    token = one_click_token(reader)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new secret key, as long as a secret key should be"

    assert read_token(purpose="unsubscribe", token=token).subscriber == reader


def feedback_token(reader: Subscriber, item_id: int = 4_711_000) -> str:
    return make_token(purpose="feedback", subscriber=reader, extra=str(item_id))


def test_a_link_beside_a_paper_is_half_as_long_as_others(reader: Subscriber) -> None:
    assert len(feedback_token(reader)) <= 48
    assert len(make_token(purpose="view", subscriber=reader, extra="4711000")) > 85


@given(st.integers(min_value=1, max_value=2**63 - 1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_link_beside_a_paper_names_any_row(reader: Subscriber, number: int) -> None:
    token = feedback_token(reader, number)

    assert read_token(purpose="feedback", token=token).extra == str(number)


def test_a_link_beside_a_paper_with_one_letter_changed_is_refused(reader: Subscriber) -> None:
    for number in (7, 300, 70_000):  # tokens that end at each of the three places within their last letters
        token = feedback_token(reader, number)
        for place, letter in product(range(len(token)), "ABCDab01-_"):
            forged = token[:place] + letter + token[place + 1 :]
            if forged != token:
                with pytest.raises(LinkInvalid, match="not complete"):
                    read_token(purpose="feedback", token=forged)


@pytest.mark.parametrize("suffix", ["=", "==", "A", "!", " ", "\x00"])
def test_a_link_beside_a_paper_with_something_behind_it_is_refused(reader: Subscriber, suffix: str) -> None:
    with pytest.raises(LinkInvalid, match="not complete"):
        read_token(purpose="feedback", token=feedback_token(reader) + suffix)


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 44, "a" * 45, "a" * 46, "a" * 5000, "a.b.c", "!!!!"])
def test_what_is_no_link_beside_a_paper_gets_one_clear_sentence(token: str) -> None:
    with pytest.raises(LinkInvalid, match="not complete"):
        read_token(purpose="feedback", token=token)


def test_a_link_beside_a_paper_made_with_a_retired_key_still_works(reader: Subscriber, settings: LazySettings) -> None:
    token = feedback_token(reader)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new secret key, as long as a secret key should be"

    assert read_token(purpose="feedback", token=token).subscriber == reader
