"""Rules that hold for every address of the site, found by walking all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

import digest.views.urls
import subscriptions.urls
from digest.models import Digest, DigestItem
from subscriptions.feed_links import feed_token
from subscriptions.models import LibraryImport, OutgoingMail, Subscriber
from subscriptions.tokens import LIFETIMES, make_token
from tests.builders import NOW, make_profile
from tests.unit.views.conftest import MAIL_NAME

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
IN_ADDRESSES = {
    "section": "papers", "period": "week", "year": 2026, "month": 6, "day": "2026-06-09", "code": "cs.CL",
    "form": "bibtex", "ending": "atom",
}  # fmt: skip
ROUTES: list[URLPattern] = [*subscriptions.urls.urlpatterns, *digest.views.urls.urlpatterns]


@pytest.fixture
def links(reader: Subscriber, sent_digest: Digest, outbox: Path) -> dict[str, list[str]]:
    """Every address of every route, with a token of each purpose where it takes one."""
    mail = OutgoingMail.objects.create(
        subscriber=reader, kind="change", to="countess@example.org", not_before=NOW, created_at=NOW
    )
    item = DigestItem.objects.filter(digest=sent_digest).earliest("pk")
    extras = {"view": str(sent_digest.pk), "change": str(mail.pk), "feedback": str(item.pk)}
    tokens = [make_token(purpose=name, subscriber=reader, extra=extras.get(name, "")) for name in LIFETIMES]
    Subscriber.objects.update(has_feed=True)
    tokens.append(feed_token(subscriber=reader))
    interest = make_profile(reader=reader)
    brought = LibraryImport.objects.create(profile=interest, key="a", state="done", began_at=NOW)
    known = {
        "import_id": brought.pk,
        "kind": "orcid",
        "profile_id": interest.pk,
        "paper_id": item.paper_id,
        "name": MAIL_NAME,
        **IN_ADDRESSES,
    }
    return {str(route.name): list(addresses(route, tokens, known)) for route in ROUTES}


def addresses(route: URLPattern, tokens: list[str], known: dict[str, object]) -> Iterator[str]:
    wanted = set(route.pattern.converters)
    for token in tokens if "token" in wanted else [""]:
        yield reverse(str(route.name), kwargs={name: known.get(name, token) for name in wanted})


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("route", [str(route.name) for route in ROUTES])
def test_looking_writes_nothing(client: Client, links: dict[str, list[str]], route: str, method: str) -> None:
    for address in links[route]:
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(client, method)(address)

        assert answer.status_code in {200, 302, 404, 405}, address
        assert [query["sql"] for query in queries if query["sql"].startswith(WRITES)] == []
        assert "sessionid" not in answer.cookies


def test_each_route_with_a_link_opens_for_exactly_one_purpose(client: Client, links: dict[str, list[str]]) -> None:
    for route, paths in links.items():
        if len(paths) > 1:
            opened = [path for path in paths if client.get(path).status_code in {200, 405}]

            assert len(opened) in {1, len(paths)}, route  # a route that only takes POST says so before it looks


@pytest.mark.parametrize("route", [str(route.name) for route in ROUTES])
def test_no_page_leads_outside_the_site_without_saying_so(
    client: Client, links: dict[str, list[str]], route: str
) -> None:
    for address in links[route]:
        answer = client.get(address)

        page = answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
        outward = [tag for tag in page.split("<a ")[1:] if 'href="http' in tag.split(">")[0]]
        assert all('rel="noreferrer"' in tag.split(">")[0] for tag in outward)
        assert 'src="http' not in page
