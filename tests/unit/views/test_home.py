"""The front page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper
from digest.views.home import PAPERS_SHOWN, trending_papers

pytestmark = pytest.mark.django_db


def test_an_address_and_a_button_stand_on_top(client: Client) -> None:
    page = client.get(reverse("home")).content.decode()

    assert "Get trending papers in your inbox <em>once a day</em>" in page
    assert f'action="{reverse("sign_up")}"' in page
    assert page.index('name="email"') < page.index("Subscribe</button>") < page.index("Make it mine")


def test_trending_papers_stand_below_with_the_signal_named(client: Client, make_paper: Callable[..., Paper]) -> None:
    paper = make_paper(
        title=r"Noise at $10^{-4}$ <script>",
        arxiv="2606.00042",
        authors=["A. One", "B. Two", "C. Three", "D. Four", "E. Five"],
        trending_score=9.0,
        trending_note="118 upvotes on Hugging Face",
    )

    page = client.get(reverse("home")).content.decode()

    assert "Noise at 10⁻⁴ &lt;script&gt;" in page
    assert "A. One, B. Two, C. Three and 2 more" in page
    assert "118 upvotes on Hugging Face" in page
    assert f'href="{reverse("paper", args=[paper.pk])}"' in page
    assert 'href="https://arxiv.org/pdf/2606.00042" rel="noreferrer"' in page


def test_the_highest_score_stands_first_and_what_may_not_be_mailed_is_not_shown(
    make_paper: Callable[..., Paper],
) -> None:
    make_paper(title="Second", trending_score=1.0)
    make_paper(title="First", trending_score=2.0)
    make_paper(title="Withdrawn", trending_score=3.0, withdrawn=True)
    make_paper(title="Quiet")

    assert [paper.title for paper in trending_papers(most=10)] == ["First", "Second"]


def test_a_paper_without_any_address_is_shown_without_a_link(client: Client, make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Nowhere", trending_score=1.0).identifiers.all().delete()

    page = client.get(reverse("home")).content.decode()

    assert "Nowhere" in page
    assert 'href=""' not in page


def test_before_the_first_paper_the_page_says_so(client: Client) -> None:
    assert "No papers yet" in client.get(reverse("home")).content.decode()


def test_the_page_costs_two_queries_however_many_papers_there_are(
    client: Client, make_paper: Callable[..., Paper], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(PAPERS_SHOWN + 5):
        make_paper(trending_score=1.0 + number)

    with django_assert_num_queries(2):
        page = client.get(reverse("home")).content.decode()

    assert page.count("<article") == PAPERS_SHOWN


def test_the_page_asks_nothing_of_anybody_else_and_runs_nothing_inline(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    make_paper(trending_score=1.0)

    answer = client.get(reverse("home"))

    page = answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert 'src="http' not in page
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == 1
