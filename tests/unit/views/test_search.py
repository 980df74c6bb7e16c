"""The page of a search."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from digest.models import Paper

pytestmark = pytest.mark.django_db


def test_a_paper_is_found_by_a_word_of_its_title_and_the_word_is_marked(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    wanted = make_paper(title="Whispering Galleries for <Slow> Light")
    make_paper(title="Something else")

    page = client.get(reverse("search"), {"q": "galleries"}).content.decode()

    assert "Whispering <mark>Galleries</mark> for &lt;Slow&gt; Light" in page
    assert f'href="{reverse("paper", args=[wanted.pk])}"' in page
    assert "Something else" not in page


@pytest.mark.parametrize("name", ["search", "trending", "archive"])
def test_every_page_stands_before_the_first_paper(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200
