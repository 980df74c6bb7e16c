"""The admin's page that says why a reader got no mail."""

import pytest
import time_machine
from django.test import Client

from tests.builders import NOW, make_reader
from tests.unit.admin.rows import make_delivery, make_digest

pytestmark = pytest.mark.django_db


def test_the_readers_page_leads_to_the_story_by_number(staff_client: Client) -> None:
    reader = make_reader(email="ada@example.org")

    page = staff_client.get(f"/admin/subscriptions/subscriber/{reader.pk}/change/").content.decode()

    assert f"/admin/subscriptions/subscriber/{reader.pk}/why/" in page


def test_the_page_tells_the_day_that_is_asked_for(staff_client: Client) -> None:
    reader = make_reader()
    make_delivery(digest=make_digest(reader=reader), provider="smtp")

    page = staff_client.get(f"/admin/subscriptions/subscriber/{reader.pk}/why/?date=2026-06-09").content.decode()

    assert "The digest of Tuesday, 9 June 2026 was planned." in page
    assert "The provider (smtp) took the mail." in page


@pytest.mark.parametrize("query", ["", "?date=", "?date=never", "?date=0001-01-01"])
def test_without_a_day_the_readers_today_is_told(staff_client: Client, query: str) -> None:
    reader = make_reader(timezone="Pacific/Auckland")

    with time_machine.travel(NOW.replace(hour=13), tick=False):
        page = staff_client.get(f"/admin/subscriptions/subscriber/{reader.pk}/why/{query}").content.decode()

    assert "The mail of Wednesday, 10 June 2026" in page


def test_a_reader_who_is_gone_has_no_page(staff_client: Client) -> None:
    assert staff_client.get("/admin/subscriptions/subscriber/999999/why/").status_code == 404


def test_who_may_not_look_at_readers_may_not_look_at_their_days(outside_client: Client) -> None:
    reader = make_reader()

    assert outside_client.get(f"/admin/subscriptions/subscriber/{reader.pk}/why/").status_code == 302


def test_who_may_only_look_may_look(looking_client: Client) -> None:
    reader = make_reader()

    assert looking_client.get(f"/admin/subscriptions/subscriber/{reader.pk}/why/").status_code == 200
