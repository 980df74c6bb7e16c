"""A preview shows what would be mailed, or what was, and writes nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from digest.mail.preview import preview_digest
from digest.mail.staff_copy import staff_copy
from digest.models import Delivery, Digest, DigestItem
from digest.pipeline.build import build
from digest.pipeline.plan import plan_due

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def test_a_preview_shows_the_papers_that_would_be_mailed(make_paper: Make, make_reader: Make, now: datetime) -> None:
    make_paper(title="A paper people talk about", trending_score=2.0, trending_note="118 upvotes on Hugging Face")

    mail = preview_digest(subscriber=make_reader(), now=now)

    assert [(paper.title, paper.signal) for paper in mail.trending] == [
        ("A paper people talk about", "118 upvotes on Hugging Face")
    ]


def test_a_preview_writes_nothing(make_paper: Make, make_reader: Make, now: datetime) -> None:
    make_paper(trending_score=2.0)

    preview_digest(subscriber=make_reader(), now=now)

    assert (Digest.objects.count(), DigestItem.objects.count(), Delivery.objects.count()) == (0, 0, 0)


def test_a_preview_asks_nothing_about_papers_that_were_not_sent(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    make_paper(trending_score=2.0)

    mail = preview_digest(subscriber=make_reader(), now=now)

    assert (mail.trending[0].more_url, mail.trending[0].less_url) == ("", "")


def test_a_copy_for_staff_has_no_links_that_answer_for_the_reader(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    make_paper(trending_score=2.0)
    reader = make_reader()
    build(digest_ids=plan_due(now=now).digest_ids, now=now)
    mail = preview_digest(subscriber=reader, now=now)

    copy = staff_copy(digest=mail, to="grace@staff.example.org")

    html = str(copy.alternatives[0][0])
    assert mail.trending[0].more_url
    assert "/more/" not in html + str(copy.body)
    assert "/less/" not in html + str(copy.body)


def test_a_preview_of_an_empty_day_says_why(make_reader: Make, now: datetime) -> None:
    mail = preview_digest(subscriber=make_reader(trending=False), now=now)

    assert mail.empty_reason == "Trending papers are off and there are no interests."


def test_once_todays_digest_is_built_the_preview_is_that_one(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    make_paper(trending_score=2.0)
    reader = make_reader()
    build(digest_ids=plan_due(now=now).digest_ids, now=now)

    mail = preview_digest(subscriber=reader, now=now)

    assert (mail.delivery_id, len(mail.trending)) == (str(Delivery.objects.get().pk), 1)
