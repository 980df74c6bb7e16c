"""What programs ask a site for."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

import digest.views.urls
import subscriptions.urls
from digest.models import Paper
from digest.views import site

pytestmark = pytest.mark.django_db


def places(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [str(found.text) for found in ET.fromstring(answer.content).iterfind(".//{*}loc")]


def test_crawlers_are_kept_out_of_every_page_that_a_signed_link_opens(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()

    shut = tuple(line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: "))
    routes = [*subscriptions.urls.urlpatterns, *digest.views.urls.urlpatterns]
    behind_links = [f"/{route.pattern}" for route in routes if "<token>" in str(route.pattern)]
    assert behind_links
    assert [path for path in behind_links if not path.startswith(shut)] == []


def test_robots_txt_names_the_sitemap_and_leaves_the_papers_open(client: Client, settings: LazySettings) -> None:
    settings.SITE_URL = "https://papers.example.org"

    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Sitemap: https://papers.example.org/sitemap.xml" in lines
    assert "Disallow: /" not in lines
    assert not any("/papers/" in line for line in lines)


def test_the_sitemap_lists_every_paper_that_may_be_shown_the_newest_first(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    older, newer = make_paper(), make_paper()
    make_paper(withdrawn=True)

    found = places(client, "/sitemap-papers.xml")

    assert found == [f"http://testserver{reverse('paper', args=[paper.pk])}" for paper in (newer, older)]


def test_many_papers_are_several_files(
    client: Client, make_paper: Callable[..., Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.PaperPages, "limit", 2)
    for _ in range(3):
        make_paper()

    files = places(client, "/sitemap.xml")

    assert files == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-papers.xml",
        "http://testserver/sitemap-papers.xml?p=2",
    ]
    assert [len(places(client, file.removeprefix("http://testserver"))) for file in files[1:]] == [2, 1]


def test_the_sitemap_leads_to_pages_that_are_there(client: Client) -> None:
    for place in places(client, "/sitemap-pages.xml"):
        assert client.get(place.removeprefix("http://testserver")).status_code == 200, place


@pytest.mark.parametrize("address", ["/sitemap-nothing.xml", "/sitemap-papers.xml?p=99", "/sitemap-papers.xml?p=x"])
def test_a_file_of_the_sitemap_that_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "kind"), [("/favicon.ico", "image/x-icon"), ("/apple-touch-icon.png", "image/png")]
)
def test_what_browsers_ask_for_unasked_is_there(client: Client, address: str, kind: str) -> None:
    answer = client.get(address)

    answer.close()
    assert answer.status_code == 200
    assert answer["Content-Type"] == kind
