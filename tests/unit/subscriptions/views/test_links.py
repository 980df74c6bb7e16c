"""Links that open, are too old, forged, used up, or sent with the wrong method."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from subscriptions import services
from subscriptions.models import InterestProfile, Subscriber
from subscriptions.tokens import make_token
from tests.builders import NOW
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db

PAGES = {
    "confirm": "confirm",
    "manage": "manage",
    "profile_new": "manage",
    "change_address": "manage",
    "erase": "manage",
    "history": "manage",
    "unsubscribe": "unsubscribe",
}
POST_ONLY = ["pause", "export"]


@pytest.mark.parametrize(("name", "purpose"), PAGES.items())
def test_a_reader_s_page_is_kept_out_of_caches_and_search_engines(
    client: Client, path: Path, name: str, purpose: str
) -> None:
    answer = client.get(path(name, purpose=purpose))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("name", [*PAGES, *POST_ONLY, "change_confirm"])
@pytest.mark.parametrize("token", ["x", "a.b.c", "a" * 4000, "é", "%00", "..%2f..%2fetc", "' OR 1=1 --"])
def test_a_forged_link_gets_a_page_in_plain_words(client: Client, reader: Subscriber, name: str, token: str) -> None:
    method = client.post if name in POST_ONLY else client.get

    answer = method(reverse(name, args=["TOKEN"]).replace("TOKEN", token))

    assert answer.status_code == 404
    assert reader.email not in answer.content.decode()


@pytest.mark.parametrize(("name", "purpose"), {**PAGES, "change_confirm": "change"}.items())
def test_a_link_opens_no_page_of_another_purpose(client: Client, reader: Subscriber, name: str, purpose: str) -> None:
    for other in {"confirm", "manage", "unsubscribe", "change", "view"} - {purpose}:
        token = make_token(purpose=other, subscriber=reader)

        answer = client.get(reverse(name, args=[token]))

        assert answer.status_code == 404
        assert reader.email not in answer.content.decode()


def test_a_link_that_is_too_old_offers_a_fresh_one(client: Client, reader: Subscriber, path: Path) -> None:
    with time_machine.travel(NOW, tick=False):
        old = path("manage")
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        answer = client.get(old)

    page = answer.content.decode()
    assert answer.status_code == 404
    assert "too old" in page
    assert f'action="{reverse("new_link")}"' in page
    assert reader.email not in page


def test_an_unsubscribe_link_never_grows_too_old(client: Client, path: Path) -> None:
    with time_machine.travel(NOW, tick=False):
        old = path("unsubscribe", purpose="unsubscribe")
    with time_machine.travel(NOW + timedelta(days=3650), tick=False):
        answer = client.get(old)

    assert answer.status_code == 200


def test_a_link_of_a_reader_who_is_gone_says_that_nothing_is_held(
    client: Client, reader: Subscriber, path: Path
) -> None:
    link = path("manage")
    services.erase(subscriber=reader, now=NOW)

    answer = client.get(link)

    assert answer.status_code == 404
    assert "has been deleted" in answer.content.decode()


@pytest.mark.parametrize("name", POST_ONLY)
def test_what_acts_cannot_be_opened(client: Client, path: Path, name: str) -> None:
    assert client.get(path(name)).status_code == 405
    assert client.head(path(name)).status_code == 405


@pytest.mark.parametrize("name", ["profile_pause", "profile_delete"])
def test_what_acts_on_an_interest_cannot_be_opened(
    client: Client, path: Path, interest: InterestProfile, name: str
) -> None:
    assert client.get(path(name, interest.pk)).status_code == 405


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize(("name", "purpose"), PAGES.items())
def test_other_methods_are_refused(client: Client, path: Path, name: str, purpose: str, method: str) -> None:
    assert getattr(client, method)(path(name, purpose=purpose)).status_code == 405


@pytest.mark.parametrize("name", ["profile_edit", "profile_pause", "profile_delete"])
def test_nobody_reaches_another_reader_s_interest(
    client: Client, path: Path, interest: InterestProfile, make_reader: Callable[..., Subscriber], name: str
) -> None:
    stranger = make_reader()

    answer = client.post(path(name, interest.pk, whose=stranger), {"name": "Mine now", "keywords": "x", "active": "0"})

    interest.refresh_from_db()
    assert answer.status_code in {302, 404}
    assert (interest.name, interest.active) == ("Long context", True)


def test_a_form_needs_the_link_and_no_cookie(reader: Subscriber, path: Path) -> None:
    browser = Client(enforce_csrf_checks=True)

    page = browser.get(path("manage"))
    answer = browser.post(path("pause"), {"resume": "1"})

    assert answer.status_code == 302
    assert not page.cookies


@pytest.mark.parametrize("name", ["confirm", "manage", "change_address", "erase", "profile_new", "pause", "export"])
def test_a_form_from_a_site_that_does_not_know_the_link_changes_nothing(
    reader: Subscriber, path: Path, name: str
) -> None:
    guessed = path(name, purpose="confirm" if name == "confirm" else "manage").replace(".", "x.", 1)

    answer = Client(enforce_csrf_checks=True).post(guessed, {"cadence": "weekly", "resume": "1", "name": "X"})

    assert answer.status_code == 404
    assert Subscriber.objects.filter(pk=reader.pk, cadence="daily").exists()
