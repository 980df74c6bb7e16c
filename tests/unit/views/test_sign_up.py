"""The sign-up page: what begins it, what it would bring, and what travels along."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.models import Paper
from subscriptions import limits
from subscriptions.models import InterestProfile, RateWindow, Subscriber

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
WIDE = {"keywords": "lichen"}


@pytest.fixture(autouse=True)
def moment(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def papers(make_paper: Callable[..., Paper], now: datetime) -> list[Paper]:
    """A paper on lichen today and one two days ago, among others."""
    for number in range(12):
        make_paper(title=f"On bells, part {number}", abstract="We ring them.", seen=now - timedelta(days=number % 5))
    return [
        make_paper(title="Lichen in the Arctic", arxiv="2606.00777", seen=now - timedelta(hours=3)),
        make_paper(title="Lichen on old walls", seen=now - timedelta(days=2)),
    ]


def test_the_form_of_the_front_page_opens_with_what_was_typed_and_stores_nothing(client: Client) -> None:
    answer = client.post(reverse("sign_up"), {"email": "grace@exa", "make_it_mine": "1"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="grace@exa"' in page
    assert "What interests you" in page
    assert 'role="alert"' not in page
    assert not Subscriber.objects.exists()


def test_a_preview_shows_each_day_with_the_reason_and_what_to_expect(client: Client, papers: list[Paper]) -> None:
    page = client.post(reverse("sign_up_preview"), {**WIDE, "email": "grace@example.org"}).content.decode()

    assert "Expect <strong>about" in page
    assert page.index("Tuesday, 9 June 2026") < page.index("Lichen in the Arctic") < page.index("Sunday, 7 June 2026")
    assert page.index("Sunday, 7 June 2026") < page.index("Lichen on old walls")
    assert page.count("matches “lichen”") == 2
    assert "bells" not in page
    assert 'value="grace@example.org"' in page
    assert "lichen</textarea>" in page


def test_beside_a_preview_only_the_weekdays_hide_while_every_day_is_chosen(client: Client, papers: list[Paper]) -> None:
    page = client.post(reverse("sign_up_preview"), {**WIDE, "email": "grace@example.org"}).content.decode()

    assert page.count('class="field days"') == 1


def test_htmx_is_given_the_preview_alone(client: Client, papers: list[Paper]) -> None:
    page = client.post(reverse("sign_up_preview"), WIDE, headers=HTMX).content.decode()

    assert "Lichen in the Arctic" in page
    assert 'hx-swap-oob="innerHTML:#volume"' in page
    assert "<html" not in page
    assert "<form" not in page


def test_a_pickier_reader_is_shown_no_more(client: Client, papers: list[Paper]) -> None:
    broad, picky = (
        client.post(reverse("sign_up_preview"), {**WIDE, "pickiness": step}, headers=HTMX).content.decode()
        for step in ("0", "2")
    )

    assert broad.count('class="title"') == 2
    assert picky.count('class="title"') <= broad.count('class="title"')


def test_before_anything_is_typed_the_preview_says_what_it_needs(client: Client, papers: list[Paper]) -> None:
    answer = client.post(reverse("sign_up_preview"), {}, headers=HTMX)

    assert answer.status_code == 200
    assert "A category or a keyword is enough" in answer.content.decode()


@pytest.mark.parametrize(("headers", "status"), [(HTMX, 200), ({}, 400)])
def test_what_cannot_be_read_is_named_in_the_answer(client: Client, headers: dict[str, str], status: int) -> None:
    answer = client.post(reverse("sign_up_preview"), {"papers": "a shopping list"}, headers=headers)

    assert answer.status_code == status
    assert "No arXiv id, DOI or link" in answer.content.decode()


def test_who_looks_at_too_many_previews_is_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PREVIEWS_OF_A_NETWORK", (2, limits.HOUR))
    statuses = [client.post(reverse("sign_up_preview"), WIDE, headers=HTMX).status_code for _ in range(2)]

    refused = client.post(reverse("sign_up_preview"), WIDE, headers=HTMX)

    assert statuses == [200, 200]
    assert refused.status_code == 429
    assert "try again in an hour" in refused.content.decode()


def test_a_preview_keeps_nothing_but_the_count_of_its_network(client: Client, papers: list[Paper]) -> None:
    answer = client.post(reverse("sign_up_preview"), {**WIDE, "email": "grace@example.org"})

    assert not answer.cookies
    assert not Subscriber.objects.exists()
    assert not InterestProfile.objects.exists()
    assert RateWindow.objects.get().key.startswith("preview:network:")


def test_what_was_previewed_travels_with_the_sign_up(client: Client) -> None:
    client.post(reverse("sign_up"), {"email": "grace@example.org", **WIDE, "pickiness": "2", "papers": "2606.00777"})

    profile = InterestProfile.objects.get()
    assert (profile.keywords, profile.pickiness) == (["lichen"], "picky")
    assert profile.library.get().value == "2606.00777"


def ticked(page: str) -> list[str]:
    """The categories whose boxes are ticked."""
    boxes = [tag.split(">")[0] for tag in page.split("<input")[1:] if 'name="categories"' in tag.split(">")[0]]
    return [box.split('value="')[1].split('"')[0] for box in boxes if "checked" in box]


def test_a_search_begins_the_form_and_asks_for_its_preview(client: Client) -> None:
    page = client.get(
        reverse("sign_up"), {"q": 'lichen growth "old walls" author:lovelace cat:cs.CL -survey since:2026'}
    ).content.decode()

    assert "&quot;old walls&quot;\nlichen growth</textarea>" in page
    assert "Lovelace</textarea>" in page
    assert "survey</textarea>" in page
    assert 'hx-trigger="load, input' in page
    assert ticked(page) == ["cs.CL"]


@pytest.mark.parametrize(("code", "meant"), [("cs.CL", "cs.CL"), ("cmp-lg", "cs.CL")])
def test_the_button_of_a_categorys_page_begins_the_form_with_that_category(
    client: Client, make_paper: Callable[..., Paper], code: str, meant: str
) -> None:
    make_paper(categories=[code])
    page = client.get(reverse("category", args=[code])).content.decode()
    button = f"{reverse('sign_up')}?category={code}"

    begun = client.get(button).content.decode()

    assert f'href="{button}"' in page
    assert ticked(begun) == [meant]


def test_a_paper_begins_the_form_as_its_first_example(client: Client, papers: list[Paper]) -> None:
    page = client.get(reverse("sign_up"), {"like": papers[0].pk}).content.decode()

    assert "2606.00777</textarea>" in page


def test_an_author_begins_the_form(client: Client) -> None:
    page = client.get(reverse("sign_up"), {"author": "Þórdís Bjarkadóttir-Lund"}).content.decode()

    assert "Þórdís Bjarkadóttir-Lund</textarea>" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"like": "999999"},
        {"like": "-1"},
        {"like": "9" * 400},
        {"like": "٣"},
        {"q": "x" * 10_000},
        {"q": '"</textarea><script>'},
        {"author": "\u202eevil"},
        {"category": "no.SUCH"},
    ],
)
def test_what_cannot_begin_the_form_leaves_a_page_that_can_be_used(client: Client, asked: dict[str, str]) -> None:
    answer = client.get(reverse("sign_up"), asked)

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("asked", [{}, {"q": "lichen author:lovelace"}])
def test_showing_the_form_asks_the_database_for_nothing(client: Client, asked: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("sign_up"), asked)

    assert len(queries) == 0


def test_a_preview_costs_the_same_queries_however_much_it_shows(
    client: Client, make_paper: Callable[..., Paper], papers: list[Paper], now: datetime
) -> None:
    client.post(reverse("sign_up_preview"), {"keywords": "bells"}, headers=HTMX)
    with CaptureQueriesContext(connection) as few:
        client.post(reverse("sign_up_preview"), {"keywords": "walls"}, headers=HTMX)
    with CaptureQueriesContext(connection) as many:
        client.post(reverse("sign_up_preview"), {"keywords": "bells, lichen"}, headers=HTMX)

    assert len(few) == len(many)
