"""Building: what a digest holds, frozen once, or why it is empty."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from digest.errors import TemporaryError
from digest.models import Delivery, Digest, DigestItem
from digest.pipeline.build import TRENDING_CAP, build, stranded
from digest.pipeline.plan import plan_due
from tests.threads import at_once

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

WANTED = "Selective state space models for long documents"


def build_all(now: datetime) -> Any:
    return build(digest_ids=plan_due(now=now).digest_ids, now=now)


@pytest.fixture
def papers(make_paper: Make) -> list[Any]:
    """A day of ordinary papers, so that a match stands out."""
    return [make_paper(title=f"On the {word} of things", abstract=f"We study {word}.") for word in ORDINARY]


ORDINARY = [
    "gravity",
    "light",
    "sound",
    "heat",
    "motion",
    "charge",
    "spin",
    "flux",
    "mass",
    "force",
    "field",
    "wave",
    "phase",
    "graph",
    "tree",
    "lattice",
    "ring",
    "group",
    "sheaf",
    "knot",
    "prime",
    "sum",
    "limit",
    "measure",
    "market",
    "price",
    "trade",
    "wage",
    "risk",
    "crop",
    "soil",
    "rain",
    "river",
    "cell",
    "gene",
    "virus",
    "nerve",
    "muscle",
    "bone",
    "eye",
    "ear",
]


def test_a_match_is_frozen_with_its_reasons_and_a_mail_is_queued(
    make_paper: Make, make_reader: Make, papers: list[Any], now: datetime
) -> None:
    wanted = make_paper(title=WANTED)
    make_reader(profiles=[{"name": "Models", "keywords": ["state space model"]}])

    build_all(now)

    item = DigestItem.objects.get()
    assert (item.paper_id, item.profile_name, item.reasons[0]["term"], Delivery.objects.get().status) == (
        wanted.pk,
        "Models",
        "state space model",
        "queued",
    )


def test_building_twice_is_building_once(make_paper: Make, make_reader: Make, papers: list[Any], now: datetime) -> None:
    make_paper(title=WANTED)
    make_reader(profiles=[{"keywords": ["state space model"]}])
    digest_ids = plan_due(now=now).digest_ids
    build(digest_ids=digest_ids, now=now)

    again = build(digest_ids=digest_ids, now=now + timedelta(minutes=1))

    assert (again.total, Delivery.objects.count(), DigestItem.objects.count()) == (0, 1, 1)


def test_a_paper_that_a_reader_has_had_does_not_come_again(
    make_paper: Make, make_reader: Make, papers: list[Any], now: datetime
) -> None:
    make_paper(title=WANTED, seen=now - timedelta(minutes=5))  # inside the overlap of the two windows
    make_reader(profiles=[{"keywords": ["state space model"]}], trending=False)
    build_all(now)

    build_all(now + timedelta(days=1))

    assert (DigestItem.objects.count(), Digest.objects.latest("pk").status) == (1, "empty")


def test_a_reader_without_interests_gets_the_trending_papers_alone(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    make_paper(trending_score=2.0, trending_note="118 upvotes on Hugging Face")
    make_paper()
    make_reader()

    build_all(now)

    item = DigestItem.objects.get()
    assert (item.section, item.note) == ("trending", "118 upvotes on Hugging Face")


def test_trending_papers_have_their_own_cap_beside_matches(
    make_paper: Make, make_reader: Make, papers: list[Any], now: datetime
) -> None:
    for score in range(1, TRENDING_CAP + 4):
        make_paper(trending_score=float(score))
    make_paper(title=WANTED)
    make_reader(profiles=[{"keywords": ["state space model"]}])

    build_all(now)

    sections = list(DigestItem.objects.order_by("pk").values_list("section", flat=True))
    assert sections == ["matched"] + ["trending"] * TRENDING_CAP


def test_a_reader_without_interests_gets_as_many_trending_papers_as_they_asked_for(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    for score in range(1, 10):
        make_paper(trending_score=float(score))
    make_reader(max_papers=8)

    build_all(now)

    assert DigestItem.objects.count() == 8


def test_a_matched_paper_is_not_named_again_among_the_trending(
    make_paper: Make, make_reader: Make, papers: list[Any], now: datetime
) -> None:
    make_paper(title=WANTED, trending_score=3.0)
    make_reader(profiles=[{"keywords": ["state space model"]}])

    build_all(now)

    assert DigestItem.objects.get().section == "matched"


def test_a_trending_paper_is_sent_once_however_long_it_trends(
    make_paper: Make, make_reader: Make, now: datetime
) -> None:
    make_paper(trending_score=2.0)
    make_reader()
    build_all(now)

    build_all(now + timedelta(days=1))

    assert DigestItem.objects.count() == 1


def test_a_reader_who_switched_trending_off_gets_none(make_paper: Make, make_reader: Make, now: datetime) -> None:
    make_paper(trending_score=2.0)
    make_reader(trending=False)

    build_all(now)

    assert Digest.objects.get().empty_reason == "Trending papers are off and there are no interests."


def test_an_empty_day_is_stored_with_its_reason_and_mails_nobody(
    make_reader: Make, papers: list[Any], now: datetime
) -> None:
    make_reader(profiles=[{"keywords": ["zymurgy"]}])

    build_all(now)

    digest = Digest.objects.get()
    assert (digest.status, digest.empty_reason, Delivery.objects.count()) == (
        "empty",
        f"None of the {len(papers)} new papers came close enough to your interests.",
        0,
    )


def test_a_reader_who_asked_to_be_told_is_mailed_about_an_empty_day(
    make_reader: Make, papers: list[Any], now: datetime
) -> None:
    make_reader(profiles=[{"keywords": ["zymurgy"]}], tell_when_empty=True)

    build_all(now)

    assert Delivery.objects.get().digest.status == "empty"


def test_digests_that_were_never_built_are_found_again(make_reader: Make, now: datetime) -> None:
    make_reader()
    digest_ids = plan_due(now=now).digest_ids

    assert (
        stranded(planned_before=now - timedelta(seconds=1), limit=10),
        stranded(planned_before=now, limit=10),
    ) == ([], list(digest_ids))


def test_a_chunk_takes_the_same_queries_for_one_reader_and_for_thirty(
    make_paper: Make, make_reader: Make, papers: list[Any], now: datetime, django_assert_max_num_queries: Any
) -> None:
    make_paper(title=WANTED)
    for _ in range(30):
        make_reader(profiles=[{"keywords": ["state space model"]}])
    digest_ids = plan_due(now=now).digest_ids

    with django_assert_max_num_queries(18):
        build(digest_ids=digest_ids, now=now)


def test_empty_digests_take_the_same_queries_for_one_reader_and_for_thirty(
    make_reader: Make, papers: list[Any], now: datetime, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_reader(profiles=[{"keywords": ["zymurgy"]}])
    digest_ids = plan_due(now=now).digest_ids

    with django_assert_max_num_queries(18):
        report = build(digest_ids=digest_ids, now=now)

    assert report.empty == 30


@pytest.mark.django_db(transaction=True)
def test_an_interest_that_is_deleted_while_its_digest_is_built_costs_one_more_try(
    make_paper: Make, make_reader: Make, papers: list[Any], now: datetime
) -> None:
    make_paper(title=WANTED)
    reader = make_reader(profiles=[{"keywords": ["state space model"]}])
    digest_ids = plan_due(now=now).digest_ids

    def leave(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "digest_digest"') and reader.profiles.exists():
            reader.profiles.all().delete()
        return execute(sql, *rest)

    with connection.execute_wrapper(leave), pytest.raises(TemporaryError):
        build(digest_ids=digest_ids, now=now)

    reader.profiles.all().delete()
    assert build(digest_ids=digest_ids, now=now).total == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_builders_at_once_one_writes(make_paper: Make, make_reader: Make, now: datetime) -> None:
    make_paper(trending_score=2.0)
    for _ in range(10):
        make_reader()
    digest_ids = plan_due(now=now).digest_ids

    reports = at_once(workers=2, do=lambda: build(digest_ids=digest_ids, now=now))

    assert (sum(report.ready for report in reports), Delivery.objects.count()) == (10, 10)
