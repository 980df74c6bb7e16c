"""A digest in the browser, and the copy of all that is held."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Digest, DigestItem, Paper
from digest.views.held import digests_held
from subscriptions.models import ConsentEvent, Subscriber
from tests.builders import make_paper
from tests.unit.views.conftest import link, make_digest

pytestmark = pytest.mark.django_db


def view(reader: Subscriber, digest: Digest) -> str:
    return link("digest", reader=reader, purpose="view", extra=digest.pk)


def test_a_digest_shows_what_its_mail_said_with_the_abstract_in_full(
    client: Client, reader: Subscriber, sent_digest: Digest
) -> None:
    page = client.get(view(reader, sent_digest)).content.decode()

    assert "Tuesday, 9 June 2026" in page
    places = [page.index(words) for words in ("For you", "Bounds of 10⁻⁴", "Trending</h2>", "A trending paper")]
    assert places == sorted(places)
    assert "matches “bounds”" in page
    assert "118 upvotes on Hugging Face" in page
    assert page.count("We bound it.") == 80


def test_every_reason_stands_on_the_page_with_its_share(
    client: Client, reader: Subscriber, sent_digest: Digest
) -> None:
    reasons = [
        {"kind": "paper", "term": "Bees at night", "share": 0.5, "asked": ""},
        {"kind": "meaning", "term": "bees, hives", "share": 0.3, "asked": ""},
        {"kind": "author", "term": "Ada Example", "share": 0.2, "asked": ""},
    ]
    DigestItem.objects.filter(section=DigestItem.Section.MATCHED).update(reasons=reasons)

    page = " ".join(client.get(view(reader, sent_digest)).content.decode().split())

    for words in ("like “Bees at night”", "close to “bees, hives”", "by Ada Example"):
        assert words in page
    assert [page.index(f"{percent} %</span>") for percent in (50, 30, 20)] == sorted(
        page.index(f"{percent} %</span>") for percent in (50, 30, 20)
    )


def test_an_empty_digest_says_why(client: Client, reader: Subscriber, empty_digest: Digest) -> None:
    page = client.get(view(reader, empty_digest)).content.decode()

    assert "No new papers" in page
    assert "arXiv rests on Sundays." in page


def test_a_digest_whose_papers_were_withdrawn_says_so(client: Client, reader: Subscriber, sent_digest: Digest) -> None:
    Paper.objects.update(withdrawn=True)

    assert "have been withdrawn" in client.get(view(reader, sent_digest)).content.decode()


@pytest.mark.parametrize("reference", ["", "0", "99999", "abc", "-1", "1.5"])
def test_a_digest_that_is_not_there_is_a_404(
    client: Client, reader: Subscriber, sent_digest: Digest, reference: str
) -> None:
    assert client.get(link("digest", reader=reader, purpose="view", extra=reference)).status_code == 404


def test_nobody_reads_another_reader_s_digest(
    client: Client, make_reader: Callable[..., Subscriber], sent_digest: Digest
) -> None:
    assert client.get(view(make_reader(), sent_digest)).status_code == 404


def test_a_digest_that_is_only_promised_is_not_shown(client: Client, reader: Subscriber) -> None:
    planned = make_digest(reader=reader, days_ago=2, status=Digest.Status.PLANNED)

    assert client.get(view(reader, planned)).status_code == 404


def test_the_page_costs_the_same_however_many_papers_there_are(
    client: Client, reader: Subscriber, sent_digest: Digest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for position in range(1, 9):
        DigestItem.objects.create(
            digest=sent_digest, subscriber=reader, paper=make_paper(), section="matched", position=position
        )
    path = view(reader, sent_digest)

    with django_assert_num_queries(9):
        page = client.get(path).content.decode()

    assert page.count("Save for later") == 10


def test_the_page_is_kept_out_of_search_engines_and_caches(
    client: Client, reader: Subscriber, sent_digest: Digest
) -> None:
    answer = client.get(view(reader, sent_digest))

    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex, nofollow", "no-store")
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()


def test_the_copy_of_many_digests_costs_three_queries(
    reader: Subscriber, sent_digest: Digest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days_ago in range(5, 9):
        make_digest(reader=reader, days_ago=days_ago, status=Digest.Status.READY)

    with django_assert_num_queries(3):
        held = digests_held(subscriber=reader)

    assert len(held) == 5
    assert held[-1]["papers"][0]["title"]


def test_the_copy_holds_the_reader_and_every_digest(
    client: Client, reader: Subscriber, sent_digest: Digest, empty_digest: Digest
) -> None:
    answer = client.post(link("export", reader=reader))

    held = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith('attachment; filename="postprint-')
    assert answer["Cache-Control"] == "no-store"
    assert held["reader"]["email"] == "ada@example.org"
    assert [digest["date"] for digest in held["digests"]] == ["2026-06-08", "2026-06-09"]
    assert held["digests"][0]["empty_reason"] == "arXiv rests on Sundays."
    assert held["digests"][1]["delivery"] == "sent"
    assert [paper["section"] for paper in held["digests"][1]["papers"]] == ["matched", "trending"]


def test_the_copy_is_recorded_each_time_it_is_taken(client: Client, reader: Subscriber) -> None:
    for _ in range(2):
        client.post(link("export", reader=reader))

    assert ConsentEvent.objects.filter(kind=ConsentEvent.Kind.EXPORTED).count() == 2
