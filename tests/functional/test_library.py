"""A reader names an older paper, and the day that follows: it is looked up, it finds its like, and it is no news."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from digest.day import run_day
from digest.models import DigestItem, Paper
from digest.pipeline.library import look_up_library
from subscriptions import services
from subscriptions.models import Subscriber
from subscriptions.types import ProfileInput
from tests import source_server
from tests.builders import make_paper, make_reader
from tests.mailbox import Mailbox, body
from tests.payloads import api_entry, api_feed
from tests.source_server import SourceServer
from tests.unit.pipeline.moments import FakeTime

pytestmark = pytest.mark.django_db(transaction=True)
LIKED = "1904.01234"
OLD_TITLE = "Whistled languages of the high valleys"
ABSTRACT = "Shepherds whistle across the valley; we transcribe whistled sentences and compare whistled vowels."
NEW_TITLE = "How whistled vowels travel"
OTHERS = ("reefs at dusk", "cranes from orbit", "glass that forgets", "a theory of queues", "salt and light")


@pytest.fixture
def server(settings: LazySettings) -> Iterator[SourceServer]:
    with source_server.running() as running:
        settings.SOURCES = {"arxiv": {"api_url": f"{running.address}/api/query"}}
        yield running


@pytest.fixture
def reader(mailbox: Mailbox, now: datetime) -> Subscriber:
    """A reader whose only interest is one paper by its id."""
    reader = make_reader(email="reader@example.org", trending=False)
    interest = ProfileInput(name="Whistling", papers=(("arxiv", LIKED),))
    services.save_profile(subscriber=reader, profile=interest, profile_id=None, now=now)
    return reader


def look_up(server: SourceServer, now: datetime, *, published: datetime) -> None:
    """Look up what readers named an hour before the mail; arXiv dates the paper `published`."""
    date = published.strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = api_entry(paper=f"{LIKED}v1", title=OLD_TITLE, abstract=ABSTRACT, published=date, updated=date)
    server.answers(api_feed(entry))
    hour_before = now - timedelta(hours=1)
    look_up_library(now=hour_before, clock=FakeTime(hour_before).clock)


def todays_papers() -> None:
    make_paper(title=NEW_TITLE, abstract="Whistled vowels and whistled sentences, heard across a valley by shepherds.")
    for number in range(120):
        subject = OTHERS[number % len(OTHERS)]
        make_paper(title=f"Notes on {subject}", abstract=f"Question {number} about {subject}, and its answer.")


def titles(reader: Subscriber) -> set[str]:
    return set(DigestItem.objects.filter(subscriber=reader).values_list("paper__title", flat=True))


def test_a_new_paper_is_mailed_because_it_is_like_the_named_one(
    server: SourceServer, reader: Subscriber, mailbox: Mailbox, now: datetime
) -> None:
    todays_papers()
    look_up(server, now, published=datetime.fromisoformat("2019-04-02T10:00:00+00:00"))

    run_day(now=now)

    item = DigestItem.objects.get()
    assert item.paper.title == NEW_TITLE
    assert {reason["kind"] for reason in item.reasons} == {"words"}
    assert item.reasons[0]["term"] == "whistled"
    assert "“whistled” stands in papers you liked" in body(mailbox.messages(to="reader@example.org")[-1])


def test_the_named_paper_from_the_past_is_news_for_nobody(
    server: SourceServer, reader: Subscriber, mailbox: Mailbox, now: datetime
) -> None:
    make_reader(profiles=[{"name": "Whistles", "keywords": ["whistled"]}], trending=False)
    look_up(server, now, published=datetime.fromisoformat("2019-04-02T10:00:00+00:00"))

    counts = run_day(now=now)

    assert (Paper.objects.count(), counts["empty"], mailbox.messages()) == (1, 2, [])


def test_a_named_paper_of_yesterday_is_news_for_others_and_not_for_who_named_it(
    server: SourceServer, reader: Subscriber, mailbox: Mailbox, now: datetime
) -> None:
    todays_papers()
    other = make_reader(profiles=[{"name": "Whistles", "keywords": ["whistled"]}], trending=False)
    look_up(server, now, published=now - timedelta(days=1))

    run_day(now=now)

    assert titles(reader) == {NEW_TITLE}
    assert titles(other) == {NEW_TITLE, OLD_TITLE}
