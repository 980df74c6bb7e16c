"""Previews for who has not signed up: what is read once, and what an answer may be kept for."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.models import Paper
from digest.pipeline.open_preview import KEPT, open_preview
from digest.pipeline.preview import preview
from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.types import ProfileInput

pytestmark = pytest.mark.django_db

LICHEN = ProfileInput(name="Preview", keywords=("lichen",))


@pytest.fixture(autouse=True)
def papers(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Lichen on old walls")
    for number in range(10):
        make_paper(title=f"On bells, part {number}")


def test_it_says_what_the_same_interest_of_a_reader_would_be_told(now: datetime) -> None:
    found = open_preview(wanted=LICHEN, now=now)

    assert found == preview(profile=services.draft_wish(profile=LICHEN), now=now)
    assert found.n_passing == 1


def test_the_same_question_within_a_minute_asks_the_database_for_nothing(now: datetime) -> None:
    open_preview(wanted=LICHEN, now=now)

    with CaptureQueriesContext(connection) as queries:
        open_preview(wanted=LICHEN, now=now)

    assert len(queries) == 0


@pytest.mark.parametrize(("later", "n_passing"), [(KEPT - timedelta(seconds=1), 1), (KEPT, 2)])
def test_a_new_paper_is_seen_after_a_minute(
    make_paper: Callable[..., Paper], now: datetime, later: timedelta, n_passing: int
) -> None:
    open_preview(wanted=LICHEN, now=now)
    make_paper(title="More lichen")
    cache.clear()

    assert open_preview(wanted=LICHEN, now=now + later).n_passing == n_passing


def test_two_interests_do_not_get_each_others_answer(now: datetime) -> None:
    open_preview(wanted=LICHEN, now=now)

    bells = open_preview(wanted=ProfileInput(name="Preview", keywords=("bells",), pickiness="broad"), now=now)

    assert bells.n_passing == 10


def test_what_cannot_be_an_interest_is_refused_by_its_field(now: datetime) -> None:
    with pytest.raises(SubscriptionError) as refused:
        open_preview(wanted=ProfileInput(name="Preview", categories=("no category",)), now=now)

    assert refused.value.field == "categories"
