"""Pages that are the same for everybody: kept for a minute, compressed, without a cookie."""

import gzip
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from digest.models import Paper
from digest.views.home import PAPERS_SHOWN

pytestmark = pytest.mark.django_db

STATIC = settings.BASE_DIR / "static"
LARGEST_FRONT_PAGE = 60_000  # bytes over the wire, with everything that it needs


def test_who_only_reads_is_given_no_cookie_and_a_page_that_may_be_kept_for_a_minute(client: Client) -> None:
    answer = client.get(reverse("home"))

    assert not answer.cookies
    assert "max-age=60" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_a_page_that_a_cookie_may_have_changed_is_kept_by_no_shared_cache(client: Client) -> None:
    client.cookies["django_language"] = "en"

    answer = client.get(reverse("home"))

    assert "private" in answer["Cache-Control"]
    assert "no-cache" in answer["Cache-Control"]


def test_a_page_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get(reverse("home"))

    again = client.get(reverse("home"), headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_a_page_is_compressed_for_who_can_read_that(client: Client, make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Lichen on old walls", trending_score=1.0)

    answer = client.get(reverse("home"), headers={"accept-encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert "Lichen on old walls" in gzip.decompress(answer.content).decode()


def test_the_front_page_and_all_it_needs_weigh_little(client: Client, make_paper: Callable[..., Paper]) -> None:
    for number in range(PAPERS_SHOWN):
        make_paper(abstract=f"{number} ways to say that something was measured again. " * 30, trending_score=number + 1)
    page = client.get(reverse("home"), headers={"accept-encoding": "gzip"})

    needed = re.findall(r'(?:src|href)="/static/([^"]+)"', gzip.decompress(page.content).decode())
    weight = len(page.content) + sum(len(gzip.compress((STATIC / name).read_bytes())) for name in needed)

    assert len(needed) == 3
    assert weight <= LARGEST_FRONT_PAGE


def test_the_list_of_the_front_page_is_written_once_a_minute(client: Client, make_paper: Callable[..., Paper]) -> None:
    client.get(reverse("home"))
    make_paper(title="A minute too late", trending_score=1.0)

    page = client.get(reverse("home")).content.decode()

    assert "A minute too late" not in page
