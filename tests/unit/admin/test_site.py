"""The admin's frame: how the day is going, on the first page, and the strict policy on every page."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from digest.models import Digest
from digest.pipeline.index import index_papers
from tests.builders import NOW, make_reader
from tests.encoders import FakeLoader
from tests.unit.admin.rows import fill_every_table, list_url, make_digest, make_run

pytestmark = pytest.mark.django_db


def test_the_first_page_says_whose_admin_it_is_and_how_the_day_goes(staff_client: Client) -> None:
    make_digest(reader=make_reader(), digest_date=timezone.now().date(), status=Digest.Status.READY)

    page = staff_client.get("/admin/")

    assert "Postprint" in page.content.decode()
    assert page.context["counts"].digests == {"Planned": "0", "Ready": "1", "Empty": "0"}


def test_the_first_page_says_how_long_ago_each_source_was_read(staff_client: Client, settings: Any) -> None:
    settings.DEMO = False
    make_run(source="arxiv", started_at=timezone.now() - timedelta(minutes=20))

    page = staff_client.get("/admin/").content.decode()

    assert "20\xa0minutes ago" in page
    assert "never" in page


def test_what_is_late_stands_at_the_top_of_the_first_page(staff_client: Client) -> None:
    make_reader(next_digest_at=NOW)

    assert "has been due since 09 June 2026" in staff_client.get("/admin/").content.decode()


def test_the_first_page_says_by_what_papers_are_matched(staff_client: Client, loader: FakeLoader) -> None:
    index_papers(encoder=loader.encoder, now=timezone.now())

    page = staff_client.get("/admin/").content.decode()

    assert "matched by words and by meaning (invented/model@1): 0 papers of these weeks to encode" in page


def test_the_first_page_says_why_papers_are_matched_by_words_alone(staff_client: Client, loader: FakeLoader) -> None:
    loader.trouble = "There is no folder /models."

    page = staff_client.get("/admin/").content.decode()

    assert "Papers are matched by words alone. There is no folder /models." in page


def test_the_demo_says_that_it_asks_no_source(staff_client: Client) -> None:
    assert "asks nobody" in staff_client.get("/admin/").content.decode()


def test_the_first_page_takes_as_many_queries_for_many_rows_as_for_none(staff_client: Client) -> None:
    staff_client.get("/admin/")
    with CaptureQueriesContext(connection) as empty:
        staff_client.get("/admin/")
    for number in range(3):
        fill_every_table(number=number)

    with CaptureQueriesContext(connection) as full:
        staff_client.get("/admin/")

    assert len(full) == len(empty)


@pytest.mark.parametrize("page", ["/admin/", "/admin/subscriptions/subscriber/", "/admin/login/"])
def test_the_admin_needs_no_exception_from_the_strict_policy(staff_client: Client, page: str) -> None:
    answer = staff_client.get(page)

    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "style=" not in answer.content.decode()
    assert "<style" not in answer.content.decode()


def test_the_first_page_is_for_staff_alone(outside_client: Client, client: Client) -> None:
    for visitor in (outside_client, client):
        assert "/admin/login/" in visitor.get("/admin/").headers["Location"]


def test_accounts_of_staff_are_kept_in_the_same_admin(staff_client: Client) -> None:
    assert staff_client.get(list_url(User)).status_code == 200
