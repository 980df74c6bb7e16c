"""The pages of search and of what is trending."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from digest.models import Paper, PaperSignal
from tests.unit.search.test_find import HOSTILE

pytestmark = pytest.mark.django_db


def search(client: Client, **asked: str | int) -> str:
    """Give the page of a search."""
    answer = client.get(reverse("search"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_paper_is_found_by_a_word_of_its_title_and_the_word_is_marked(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    wanted = make_paper(title="Whispering Galleries for <Slow> Light")
    make_paper(title="Something else")

    page = search(client, q="galleries")

    assert "Whispering <mark>Galleries</mark> for &lt;Slow&gt; Light" in page
    assert f'href="{reverse("paper", args=[wanted.pk])}"' in page
    assert "Something else" not in page


def test_a_word_of_the_abstract_is_shown_with_what_stands_around_it(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    make_paper(title="One", abstract=f"{'Long ago. ' * 40}A <b>quokka</b> slept. {'And then. ' * 40}")

    page = search(client, q="quokka")

    excerpt = page.split('<p class="abstract soft">')[1].split("</p>")[0]
    assert "A &lt;b&gt;<mark>quokka</mark>&lt;/b&gt; slept." in excerpt
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")


@pytest.mark.parametrize("name", ["search", "trending", "archive"])
def test_every_page_stands_before_the_first_paper(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_stands_in_the_form_again_and_nothing_else_of_it_in_the_page(
    client: Client, text: str
) -> None:
    answer = client.get(reverse("search"), {"q": text, "author": text, "since": text, "page": text, "sort": text})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["asked"].text == text
    assert "<script>alert" not in page
    assert page.count("<script") == 1
    assert not answer.cookies


def test_what_could_not_be_read_is_said_and_kept(client: Client, make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Quokka")

    page = search(client, q='"quokka', since="last week")

    assert "“last week” is no date like 2026-05-31; it was passed over." in page
    assert 'value="last week"' in page
    assert "The quotation mark before “quokka” is not closed" in page
    assert "<mark>Quokka</mark>" in page


def test_each_filter_can_be_taken_off(client: Client) -> None:
    page = search(client, q="x", category="cs.CL", author="Ada", since="2026")

    assert f'href="{reverse("search")}?q=x&amp;author=Ada&amp;since=2026"' in page
    assert f'href="{reverse("search")}?q=x&amp;category=cs.CL&amp;author=Ada"' in page


def test_pages_keep_the_search(client: Client, make_paper: Callable[..., Paper]) -> None:
    for _ in range(21):
        make_paper(title="Quokka")

    first, second = search(client, q="quokka", sort="newest"), search(client, q="quokka", sort="newest", page=2)

    assert f'href="{reverse("search")}?q=quokka&amp;sort=newest&amp;page=2"' in first
    assert f'href="{reverse("search")}?q=quokka&amp;sort=newest"' in second
    assert second.count("<article") == 1
    assert "There is no such page" in search(client, q="quokka", page=9)


def test_a_page_costs_as_many_queries_for_one_paper_as_for_twenty(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    counts = []
    for number in (1, 19):
        for _ in range(number):
            make_paper(title="Quokka", trending_score=1.0)
        with CaptureQueriesContext(connection) as queries:
            search(client, q="quokka")
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 6


def test_search_is_not_for_robots_and_shows_only_what_the_browser_may_load(client: Client) -> None:
    answer = client.get(reverse("search"), {"q": "x"})

    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert " style=" not in answer.content.decode()


def test_trending_is_shown_by_period_and_an_unknown_one_leads_nowhere(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    day = timezone.now().date() - timedelta(days=5)
    PaperSignal.objects.create(paper=make_paper(title="Hot"), kind="huggingface_upvotes", day=day, value=12)

    pages = {name: client.get(reverse("trending_period", args=[name])) for name in ("day", "week", "month", "year")}

    assert "Hot" not in pages["day"].content.decode()
    assert "12 upvotes on Hugging Face" in pages["week"].content.decode()
    assert 'aria-current="page">This month</a>' in pages["month"].content.decode()
    assert pages["year"].status_code == 404
