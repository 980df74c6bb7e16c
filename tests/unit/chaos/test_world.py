"""Invented readers, and the mails that they are promised."""

from datetime import datetime

import pytest

from digest.chaos.calendar import CHANGES, Timeline
from digest.chaos.world import Reader, invent, promised, save_papers, save_readers
from digest.models import Paper
from subscriptions.models import Subscriber

TIMELINE = Timeline(change=CHANGES[0])
NUMBER = 300


@pytest.fixture
def readers() -> list[Reader]:
    return invent(number=NUMBER, seed=1, timeline=TIMELINE)


def first_promises(readers: list[Reader]) -> dict[str, datetime]:
    """When the first mail of each reader is due, of those who are promised one."""
    first: dict[str, datetime] = {}
    for (address, _), at in promised(readers=readers, since=TIMELINE.begins[0], until=TIMELINE.ends[1]).items():
        first[address] = min(at, first.get(address, at))
    return first


def test_the_same_seed_invents_the_same_readers_and_another_invents_others(readers: list[Reader]) -> None:
    assert invent(number=NUMBER, seed=1, timeline=TIMELINE) == readers
    assert invent(number=NUMBER, seed=2, timeline=TIMELINE) != readers


def test_who_has_left_or_paused_is_promised_nothing(readers: list[Reader]) -> None:
    silent = {reader.address for reader in readers if reader.kind in {"left", "paused"}}

    assert silent
    assert not silent & set(first_promises(readers))


@pytest.mark.django_db
def test_a_saved_reader_is_due_first_when_the_first_mail_is_promised(readers: list[Reader]) -> None:
    save_readers(readers=readers, now=TIMELINE.begins[0])

    due = dict(Subscriber.objects.values_list("email", "next_digest_at"))
    promises = first_promises(readers)
    assert len(due) == NUMBER
    assert {address: due[address] for address in promises} == promises


@pytest.mark.django_db
def test_the_papers_of_a_second_day_are_others_and_each_is_trending() -> None:
    for day in (1, 2):
        save_papers(day=day, now=TIMELINE.begins[day - 1])

    titles = set(Paper.objects.filter(trending_score__gt=0).values_list("title", flat=True))
    assert len(titles) == Paper.objects.count() == 32
