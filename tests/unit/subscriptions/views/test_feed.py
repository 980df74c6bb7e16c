"""The page with the link of a reader's own feed."""

import pytest
from django.test import Client

from subscriptions.feed_links import feed_url
from subscriptions.models import Subscriber
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db


def test_before_it_is_asked_for_there_is_no_link(client: Client, path: Path, reader: Subscriber) -> None:
    page = client.get(path("my_feed")).content.decode()

    assert "You have no feed yet" in page
    assert "/feeds/mine/" not in page


def test_a_link_is_made_and_shown_in_each_format(client: Client, path: Path, reader: Subscriber) -> None:
    answer = client.post(path("my_feed"), {"act": "new"}, follow=True)

    reader.refresh_from_db()
    page = answer.content.decode()
    assert "No earlier one works any more" in page
    assert all(f'value="{feed_url(subscriber=reader, form=form)}"' in page for form in ("atom", "rss", "json"))


def test_a_new_link_takes_the_place_of_the_old_one(client: Client, path: Path, reader: Subscriber) -> None:
    client.post(path("my_feed"), {"act": "new"})
    reader.refresh_from_db()
    old = feed_url(subscriber=reader, form="atom")

    page = client.post(path("my_feed"), {"act": "new"}, follow=True).content.decode()

    assert old not in page
    assert client.get(old).status_code == 410


def test_switched_off_the_link_opens_nothing(client: Client, path: Path, reader: Subscriber) -> None:
    client.post(path("my_feed"), {"act": "new"})
    reader.refresh_from_db()

    page = client.post(path("my_feed"), {"act": "off"}, follow=True).content.decode()

    assert "switched off" in page
    assert "You have no feed yet" in page
    assert client.get(feed_url(subscriber=reader, form="atom")).status_code == 410


def test_the_page_is_kept_out_of_caches_and_search_engines(client: Client, path: Path) -> None:
    answer = client.get(path("my_feed"))

    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
