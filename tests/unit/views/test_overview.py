"""The panel's first page: the next mail, each interest in a sentence with what it has learnt, and ways to all else."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from digest.models import Feedback
from digest.pipeline.feedback import count_feedback
from subscriptions.models import Subscriber
from tests.builders import NOW, make_paper, make_profile
from tests.unit.views.conftest import link

pytestmark = pytest.mark.django_db


def words(client: Client, reader: Subscriber) -> str:
    return " ".join(client.get(link("manage", reader=reader)).content.decode().split())


def answer_on(profile_id: int, *, times: int) -> None:
    for _ in range(times):
        Feedback.objects.create(profile_id=profile_id, paper=make_paper(), verdict="more", given_at=NOW)


def test_the_first_page_says_what_each_interest_looks_for_and_has_learnt(client: Client, reader: Subscriber) -> None:
    bees = make_profile(reader=reader, name="Bees", keywords=["bees"])
    make_profile(reader=reader, name="Tides", categories=["physics.ao-ph"])
    answer_on(bees.pk, times=3)

    page = words(client, reader)

    cards = re.findall(r'<li class="card stack">.*?</li>', page)
    assert "Papers with “bees”." in cards[0]
    assert "Learnt from 3 answers of yours." in cards[0]
    assert "Learnt from" not in cards[1]


def test_answers_are_counted_for_each_interest_of_this_reader_alone(
    reader: Subscriber, make_reader: Callable[..., Subscriber]
) -> None:
    mine, theirs = make_profile(reader=reader), make_profile(reader=make_reader())
    answer_on(mine.pk, times=2)
    answer_on(theirs.pk, times=1)

    assert count_feedback(subscriber=reader) == {mine.pk: 2}


@pytest.mark.parametrize("name", ["calendar", "history", "saved", "held"])
def test_each_page_of_the_panel_leads_there_and_back(client: Client, reader: Subscriber, name: str) -> None:
    panel = words(client, reader)
    token = re.findall(r'action="/preferences/([^/"]+)/"', panel)[0]

    page = client.get(f"/preferences/{token}/{name}/").content.decode()

    assert f'href="/preferences/{token}/{name}/"' in panel
    assert f'href="/preferences/{token}/"' in page
