"""Coming back from the good-bye page: at a press, with less mail, soon after leaving, and by nobody else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from subscriptions import services
from subscriptions.errors import LinkInvalid, ReaderGone
from subscriptions.models import ConsentEvent, Subscriber
from subscriptions.services.coming_back import OFFERED_FOR, Way, ways_back
from tests.threads import at_once

pytestmark = pytest.mark.django_db
WORDS = "Once a week: One mail, on Monday."


@pytest.fixture
def gone(make_reader: Callable[..., Subscriber], now: datetime) -> Subscriber:
    """A reader of a daily mail of ten papers who has just left."""
    reader = make_reader(email="ada@example.org", timezone="Europe/Berlin", hour=7)
    services.unsubscribe(subscriber=reader, now=now)
    reader.refresh_from_db()
    return reader


def come_back(reader: Subscriber, way: Way, now: datetime) -> Subscriber:
    services.come_back(subscriber=reader, way=way, wording=WORDS, now=now)
    reader.refresh_from_db()
    return reader


def returns() -> list[tuple[str, str]]:
    return list(ConsentEvent.objects.filter(kind="returned").values_list("kind", "wording"))


@pytest.mark.parametrize(
    ("way", "cadence", "papers", "paused_until"),
    [
        (Way.WEEKLY, "weekly", 10, None),
        (Way.FEWER, "daily", 5, None),
        (Way.PAUSE, "daily", 10, date(2026, 7, 9)),
    ],
)
def test_each_way_brings_the_mail_back_in_smaller_measure(
    gone: Subscriber, now: datetime, way: Way, cadence: str, papers: int, paused_until: date | None
) -> None:
    reader = come_back(gone, way, now)

    assert (reader.status, reader.unsubscribed_at) == (Subscriber.Status.ACTIVE, None)
    assert (reader.cadence, reader.max_papers, reader.paused_until) == (cadence, papers, paused_until)
    assert reader.next_digest_at is not None
    assert reader.next_digest_at > now


def test_what_stood_on_the_button_is_kept_as_the_proof_of_consent(gone: Subscriber, now: datetime) -> None:
    come_back(gone, Way.WEEKLY, now)

    assert returns() == [("returned", WORDS)]


def test_of_two_presses_in_two_tabs_the_first_counts(gone: Subscriber, now: datetime) -> None:
    come_back(gone, Way.FEWER, now)

    reader = come_back(gone, Way.WEEKLY, now)

    assert (reader.cadence, reader.max_papers, len(returns())) == ("daily", 5, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_halve_the_papers_once(gone: Subscriber, now: datetime) -> None:
    at_once(workers=3, do=lambda: services.come_back(subscriber=gone, way=Way.FEWER, wording=WORDS, now=now))

    gone.refresh_from_db()
    assert (gone.max_papers, len(returns())) == (5, 1)


def test_the_way_back_is_open_for_a_week_and_no_moment_longer(gone: Subscriber, now: datetime) -> None:
    last = now + OFFERED_FOR

    assert ways_back(subscriber=gone, now=last) == (Way.WEEKLY, Way.PAUSE, Way.FEWER)
    assert ways_back(subscriber=gone, now=last + timedelta(seconds=1)) == ()
    with pytest.raises(LinkInvalid):
        come_back(gone, Way.WEEKLY, last + timedelta(seconds=1))


def test_leaving_once_more_opens_no_way_back_that_had_closed(gone: Subscriber, now: datetime) -> None:
    """An old link in a forwarded mail must not turn a stranger's sign-up into a subscription."""
    later = now + timedelta(days=30)
    Subscriber.objects.update(asked_for={"hour": 7})

    services.unsubscribe(subscriber=gone, now=later)

    gone.refresh_from_db()
    assert (gone.unsubscribed_at, gone.asked_for) == (now, None)
    assert ways_back(subscriber=gone, now=later) == ()


def test_who_never_confirmed_has_no_way_round_the_confirmation(
    make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    reader = make_reader(status=Subscriber.Status.PENDING, confirmed_at=None, next_digest_at=None)
    services.unsubscribe(subscriber=reader, now=now)
    reader.refresh_from_db()

    assert ways_back(subscriber=reader, now=now) == ()
    with pytest.raises(LinkInvalid):
        come_back(reader, Way.WEEKLY, now)


def test_an_address_that_must_not_be_mailed_is_not_brought_back(gone: Subscriber, now: datetime) -> None:
    services.suppress(address_key=gone.address_key, reason="complaint", detail="", now=now)

    assert ways_back(subscriber=gone, now=now) == ()


def test_what_cannot_be_less_is_not_offered(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    reader = make_reader(cadence="weekly", max_papers=1)
    services.unsubscribe(subscriber=reader, now=now)
    reader.refresh_from_db()

    assert ways_back(subscriber=reader, now=now) == (Way.PAUSE,)


def test_a_reader_who_stayed_has_nothing_to_come_back_to(make_reader: Callable[..., Subscriber], now: datetime) -> None:
    reader = make_reader()

    assert ways_back(subscriber=reader, now=now) == ()
    assert come_back(reader, Way.FEWER, now).max_papers == 10


def test_nobody_comes_back_from_an_erasure(gone: Subscriber, now: datetime) -> None:
    services.erase(subscriber=gone, now=now)

    with pytest.raises(ReaderGone):
        services.come_back(subscriber=gone, way=Way.WEEKLY, wording=WORDS, now=now)
