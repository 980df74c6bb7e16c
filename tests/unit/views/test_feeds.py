"""The feeds over HTTP: what is in them, who may cache them, and what one gets who asks for something else."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.conf import LazySettings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml.html import fromstring
from pytest_django import DjangoAssertNumQueries

from digest.feeds import formats
from digest.models import Delivery, Digest, DigestItem, Paper
from digest.views.feed_entries import DIGESTS_OF_A_READER, ENTRIES_OF_A_READER
from digest.views.feeds import ENTRIES, ENTRIES_OF_A_CATEGORY
from subscriptions import services
from subscriptions.feed_links import feed_token
from subscriptions.models import Subscriber
from tests.builders import NOW, make_paper
from tests.unit.feeds.validity import problems
from tests.unit.views.conftest import make_digest

pytestmark = pytest.mark.django_db
FORMS = sorted(formats())


@pytest.fixture
def reader_with_feed(reader: Subscriber) -> Subscriber:
    services.renew_feed(subscriber=reader)
    return reader


def mine(reader: Subscriber, form: str = "json") -> str:
    return reverse("feed_mine", args=[feed_token(subscriber=reader), form])


def items(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(path).content)["items"]
    return found


def fill(*, most: int) -> None:
    for number in range(most):
        make_paper(trending_score=1.0 + number, trending_note="118 upvotes on Hugging Face")


def make_days(*, reader: Subscriber, days: int, papers: int) -> None:
    for days_ago in range(days):
        digest = make_digest(reader=reader, days_ago=days_ago, status=Digest.Status.READY, built_at=NOW)
        for position in range(papers):
            paper = make_paper(title=f"Day {days_ago}, paper {position}")
            DigestItem.objects.create(
                digest=digest, subscriber=reader, paper=paper, section="matched", position=position
            )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", ["/feeds/trending.{}", "/feeds/category/cs.CL.{}", "/feeds/search.{}?q=paper+%22x"])
def test_a_public_feed_is_valid_and_says_what_it_is(client: Client, path: str, form: str) -> None:
    make_paper(title=r"Noise at $10^{-4}$ <script>", trending_score=2.0, categories=["cs.CL", "cs.LG"])
    make_paper(title="\x1b\ufffe", abstract="x" * 9000, authors=[""] + ["A. Many"] * 3000, trending_score=1.0)

    answer = client.get(path.format(form))

    assert (answer.status_code, answer["Content-Type"]) == (200, formats()[form].content_type)
    assert problems(form=form, document=answer.content) == []
    assert answer["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", ["/feeds/trending.{}", "/feeds/category/cs.CL.{}", "/feeds/search.{}?q=<b>"])
def test_a_feed_without_papers_is_valid_too(client: Client, path: str, form: str) -> None:
    assert problems(form=form, document=client.get(path.format(form)).content) == []


def test_a_paper_is_shown_as_on_the_pages_and_escaped(client: Client) -> None:
    paper = make_paper(
        title=r"Noise at $10^{-4}$",
        arxiv="2606.00042",
        abstract="We say <b>no</b> & mean $\\alpha$.",
        authors=["A. One", "B. Two", "C. Three", "D. Four"],
        trending_score=9.0,
        trending_note="118 upvotes on Hugging Face",
    )

    item = items(client, "/feeds/trending.json")[0]

    assert item["title"] == "Noise at 10⁻⁴"
    assert item["url"] == "https://arxiv.org/abs/2606.00042"
    assert item["id"] == f"tag:localhost,2026:paper/{paper.pk}"
    assert [author["name"] for author in item["authors"]] == ["A. One", "B. Two", "C. Three", "D. Four"]
    assert "<p>118 upvotes on Hugging Face</p><p>We say &lt;b&gt;no&lt;/b&gt; &amp; mean α.</p>" in item["content_html"]
    assert '<a href="https://arxiv.org/pdf/2606.00042">PDF</a>' in item["content_html"]


def test_a_new_version_changes_the_date_of_an_entry_and_not_its_id(client: Client) -> None:
    paper = make_paper(trending_score=1.0)
    before = items(client, "/feeds/trending.json")[0]
    Paper.objects.update(updated_at=NOW + timedelta(days=3))

    after = items(client, "/feeds/trending.json")[0]

    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert after["date_modified"] == (NOW + timedelta(days=3)).isoformat() > paper.first_seen_at.isoformat()


def test_trending_is_ranked_and_leaves_out_what_is_withdrawn(client: Client) -> None:
    make_paper(title="Second", trending_score=1.0)
    make_paper(title="First", trending_score=2.0)
    make_paper(title="Withdrawn", trending_score=3.0, withdrawn=True)
    make_paper(title="Quiet")

    assert [item["title"] for item in items(client, "/feeds/trending.json")] == ["First", "Second"]


def test_a_category_brings_its_newest_papers_first(client: Client) -> None:
    make_paper(title="Older", categories=["cs.CL"], seen=NOW - timedelta(days=2))
    make_paper(title="Newer", categories=["cs.CL"], seen=NOW)
    make_paper(title="Elsewhere", categories=["cs.CV"])

    assert [item["title"] for item in items(client, "/feeds/category/cs.CL.json")] == ["Newer", "Older"]


@pytest.mark.parametrize(("typed", "meant"), [("cs.cl", "cs.CL"), ("CMP-LG", "cs.CL"), ("cs.SY", "eess.SY")])
def test_another_spelling_of_a_category_is_sent_on(client: Client, typed: str, meant: str) -> None:
    answer = client.get(f"/feeds/category/{typed}.rss")

    assert (answer.status_code, answer["Location"]) == (301, f"/feeds/category/{meant}.rss")


@pytest.mark.parametrize(
    ("typed", "near"), [("cs.LX", "cs.LG"), ("machine learnin", "stat.ML"), ("quant", "quant-ph"), ("cs.AII", "cs.AI")]
)
def test_an_unknown_category_is_answered_with_the_nearest(client: Client, typed: str, near: str) -> None:
    answer = client.get(f"/feeds/category/{typed}.atom")

    page = answer.content.decode()
    assert answer.status_code == 404
    assert f"There is no category “{typed}”" in page
    assert f'href="/feeds/category/{near}.atom"' in page


@pytest.mark.parametrize("typed", ["稀疏", "<script>alert(1)</script>", "'; DROP TABLE digest_paper; --", "x" * 5000])
def test_a_category_of_any_letters_is_answered_in_words(client: Client, typed: str) -> None:
    answer = client.get(reverse("feed_category", args=["CODE", "atom"]).replace("CODE", typed.replace("/", "")))

    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no category" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("path", ["/feeds/trending.xml", "/feeds/category/cs.CL.pdf", "/feeds/trending", "/feeds/"])
def test_a_format_that_nobody_writes_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/feeds/trending.atom", "/feeds/category/cs.CL.atom", "/feeds/search.atom?q=paper"])
def test_who_has_the_feed_already_is_told_so(client: Client, path: str) -> None:
    make_paper(trending_score=1.0)
    first = client.get(path)

    again = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_a_new_paper_makes_the_old_copy_out_of_date(client: Client) -> None:
    make_paper(seen=NOW - timedelta(days=1))
    first = client.get("/feeds/category/cs.CL.atom")
    make_paper(seen=NOW)
    headers = {"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]}

    assert client.get("/feeds/category/cs.CL.atom", headers=headers).status_code == 200


def test_who_knows_only_the_date_is_told_by_the_date(client: Client) -> None:
    make_paper(seen=NOW)
    first = client.get("/feeds/category/cs.CL.atom")

    again = client.get("/feeds/category/cs.CL.atom", headers={"if-modified-since": first["Last-Modified"]})
    before = client.get("/feeds/category/cs.CL.atom", headers={"if-modified-since": "Mon, 08 Jun 2026 00:00:00 GMT"})

    assert (first["Last-Modified"], again.status_code, before.status_code) == (
        "Tue, 09 Jun 2026 08:00:00 GMT",
        304,
        200,
    )


def test_a_public_feed_travels_compressed_and_is_known_again(client: Client) -> None:
    make_paper(trending_score=1.0)
    first = client.get("/feeds/trending.atom", headers={"accept-encoding": "gzip"})

    again = client.get("/feeds/trending.atom", headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]})

    assert (first["Content-Encoding"], again.status_code) == ("gzip", 304)


@pytest.mark.parametrize(
    "context",
    [{}, {"category": "cs.CL"}, {"query": '"sparse attention" & <b>'}],
)
def test_a_page_can_name_its_feeds(client: Client, context: dict[str, str]) -> None:
    make_paper(title="Sparse attention & b", trending_score=1.0)

    links = fromstring(f"<head>{render_to_string('digest/_feed_links.html', context)}</head>")

    addresses = [str(link.get("href")) for link in links.iter("link")]
    assert len(addresses) == 3 + 2 * len(context)
    assert all(link.get("rel") == "alternate" and link.get("type") for link in links.iter("link"))
    assert {client.get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize("path", ["/feeds/trending.atom", "/feeds/search.atom"])
def test_a_list_that_changes_without_a_newer_entry_is_never_hidden_behind_a_date(client: Client, path: str) -> None:
    make_paper(trending_score=1.0, seen=NOW)

    assert not client.get(path).has_header("Last-Modified")


def test_head_gives_the_same_headers(client: Client) -> None:
    make_paper(seen=NOW)
    got, head = client.get("/feeds/category/cs.CL.rss"), client.head("/feeds/category/cs.CL.rss")

    assert [head[name] for name in ("ETag", "Last-Modified", "Content-Type")] == [
        got[name] for name in ("ETag", "Last-Modified", "Content-Type")
    ]
    assert head.content == b""


def test_a_feed_names_its_own_address_under_the_site_s(client: Client, settings: LazySettings) -> None:
    settings.SITE_URL = "https://papers.example.org"

    parsed = feedparser.parse(client.get("/feeds/category/cs.CL.atom").content)

    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"] == "https://papers.example.org/feeds/category/cs.CL.atom"
    assert links["alternate"].startswith("https://papers.example.org/")
    assert parsed.feed.id == "tag:papers.example.org,2026:feed/category/cs.CL"


@pytest.mark.parametrize(
    ("path", "queries", "entries"),
    [
        ("/feeds/trending.atom", 2, ENTRIES),
        ("/feeds/category/cs.CL.atom", 2, ENTRIES_OF_A_CATEGORY),
    ],
)
def test_a_public_feed_costs_the_same_queries_and_ends_somewhere(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int, entries: int
) -> None:
    fill(most=ENTRIES_OF_A_CATEGORY + 5)

    with django_assert_num_queries(queries):
        answer = client.get(path)

    assert answer.content.count(b"<entry>") == entries


def test_the_feed_of_a_search_costs_the_same_queries_and_ends_somewhere(client: Client) -> None:
    costs = []
    for most in (2, ENTRIES + 5):
        fill(most=most)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/feeds/search.atom?q=invented")
        costs.append(len(queries))

    assert (costs[0], answer.content.count(b"<entry>")) == (costs[1], ENTRIES)


def test_a_search_brings_what_it_finds_the_newest_first(client: Client) -> None:
    make_paper(title="Older sparse attention", seen=NOW - timedelta(days=2))
    make_paper(title="Newer sparse attention", seen=NOW)
    make_paper(title="Dense layers")

    titles = [item["title"] for item in items(client, "/feeds/search.json?q=sparse+attention")]

    assert titles == ["Newer sparse attention", "Older sparse attention"]


def test_a_search_is_narrowed_by_what_stands_beside_it(client: Client) -> None:
    make_paper(title="Ours", categories=["cs.CL"], authors=["Ada Example"])
    make_paper(title="Another category", categories=["cs.CV"], authors=["Ada Example"])
    make_paper(title="Another author", categories=["cs.CL"], authors=["Ben Sample"])

    found = items(client, "/feeds/search.json?q=&category=cs.CL&author=Ada+Example&since=2026-06-01&until=soon")

    assert [item["title"] for item in found] == ["Ours"]


def test_a_search_without_words_brings_what_is_new(client: Client) -> None:
    make_paper(title="Anything")

    feed = json.loads(client.get("/feeds/search.json").content)

    assert (feed["title"], [item["title"] for item in feed["items"]]) == ("Postprint: New papers", ["Anything"])


def test_a_search_names_itself_the_page_that_shows_it_and_what_was_not_used(client: Client) -> None:
    feed = json.loads(client.get('/feeds/search.json?utm_source=x&q="sparse attention').content)

    assert feed["title"] == 'Postprint: “"sparse attention”'
    assert feed["feed_url"] == "http://localhost:8000/feeds/search.json?q=%22sparse+attention"
    assert feed["home_page_url"] == "http://localhost:8000/search/?q=%22sparse+attention"
    assert "is not closed" in feed["description"]


def test_a_day_that_cannot_be_read_is_said_in_the_description(client: Client) -> None:
    feed = json.loads(client.get("/feeds/search.json?q=a&since=soon").content)

    assert "“soon” is no date" in feed["description"]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feeds/trending.rss"),
        ("/trending/", "/feeds/trending.atom"),
        ("/category/cs.CL/", "/feeds/category/cs.CL.atom"),
        ("/search/?q=sparse+attention", "/feeds/search.json?q=sparse%20attention"),
    ],
)
def test_a_feed_reader_finds_the_feed_of_a_page(client: Client, page: str, feed: str) -> None:
    links = fromstring(client.get(page).content).iterfind(".//link[@rel='alternate']")

    assert feed in [link.get("href") for link in links]


def test_two_searches_are_two_feeds(client: Client) -> None:
    first, second = (feedparser.parse(client.get(f"/feeds/search.atom?q={word}").content) for word in ("one", "two"))

    assert first.feed.id != second.feed.id


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "typed",
    ["稀疏注意力", "مقالة", "x" * 10_000, "'; DROP TABLE digest_paper; --", "</title><script>", "\x1b\ufffe", '"'],
)
def test_a_search_of_any_letters_is_answered_with_a_valid_feed(client: Client, typed: str, form: str) -> None:
    answer = client.get(f"/feeds/search.{form}", {"q": typed})

    assert problems(form=form, document=answer.content) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_s_feed_is_valid_and_kept_out_of_every_cache_and_index(
    client: Client, reader_with_feed: Subscriber, sent_digest: Digest, form: str
) -> None:
    answer = client.get(mine(reader_with_feed, form))

    assert problems(form=form, document=answer.content) == []
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_a_reader_s_feed_has_an_entry_for_each_paper_with_its_reason(
    client: Client, reader_with_feed: Subscriber, sent_digest: Digest
) -> None:
    first, second = items(client, mine(reader_with_feed))

    assert (first["title"], second["title"]) == ("Bounds of 10⁻⁴", "A trending paper")
    assert "matches “bounds”" in first["content_html"]
    assert "118 upvotes on Hugging Face" in second["content_html"]


def test_a_reader_s_feed_names_nobody_and_lets_nobody_act(
    client: Client, reader_with_feed: Subscriber, sent_digest: Digest
) -> None:
    document = client.get(mine(reader_with_feed)).content.decode()

    others = document.replace(feed_token(subscriber=reader_with_feed), "")
    assert reader_with_feed.email not in others
    assert str(reader_with_feed.public_id) not in others
    assert all(f"/{door}/" not in others for door in ("more", "less", "preferences", "unsubscribe", "digest"))


def test_a_reader_s_feed_keeps_the_newest_digests(client: Client, reader_with_feed: Subscriber) -> None:
    make_days(reader=reader_with_feed, days=DIGESTS_OF_A_READER + 1, papers=1)

    titles = [item["title"] for item in items(client, mine(reader_with_feed))]

    assert titles == [f"Day {days_ago}, paper 0" for days_ago in range(DIGESTS_OF_A_READER)]


def test_a_reader_s_feed_leaves_out_what_is_not_built_or_withdrawn(
    client: Client, reader_with_feed: Subscriber, sent_digest: Digest, papers: list[Paper], empty_digest: Digest
) -> None:
    Paper.objects.filter(pk=papers[0].pk).update(withdrawn=True)
    planned = make_digest(reader=reader_with_feed, days_ago=-1, status=Digest.Status.PLANNED)
    DigestItem.objects.create(
        digest=planned, subscriber=reader_with_feed, paper=make_paper(), section="matched", position=0
    )

    assert [item["title"] for item in items(client, mine(reader_with_feed))] == ["A trending paper"]


def test_a_reader_s_feed_shows_nothing_of_another_reader_s(
    client: Client, reader_with_feed: Subscriber, make_reader: Callable[..., Subscriber]
) -> None:
    make_days(reader=make_reader(), days=1, papers=1)

    assert items(client, mine(reader_with_feed)) == []


def test_a_reader_s_feed_is_told_apart_by_its_etag(
    client: Client, reader_with_feed: Subscriber, sent_digest: Digest
) -> None:
    first = client.get(mine(reader_with_feed))

    again = client.get(mine(reader_with_feed), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-cache")


def test_a_reader_s_feed_costs_four_queries_and_ends_somewhere(
    client: Client, reader_with_feed: Subscriber, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_days(reader=reader_with_feed, days=3, papers=ENTRIES_OF_A_READER // 3 + 1)

    with django_assert_num_queries(4):
        found = items(client, mine(reader_with_feed))

    assert len(found) == ENTRIES_OF_A_READER


def test_a_feed_without_a_mail_is_read_all_the_same(client: Client, reader_with_feed: Subscriber) -> None:
    make_days(reader=reader_with_feed, days=1, papers=1)

    assert not Delivery.objects.exists()
    assert len(items(client, mine(reader_with_feed))) == 1


def test_a_link_that_was_replaced_tells_feed_readers_to_stop(client: Client, reader_with_feed: Subscriber) -> None:
    old = mine(reader_with_feed)
    services.renew_feed(subscriber=reader_with_feed)

    answer = client.get(old)

    assert answer.status_code == 410
    assert "replaced or switched off" in answer.content.decode()
    assert client.get(mine(reader_with_feed)).status_code == 200


def test_a_link_that_is_forged_is_answered_in_words(client: Client) -> None:
    answer = client.get("/feeds/mine/AAAA.atom")

    assert answer.status_code == 404
    assert "not complete" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/feeds/trending.atom", "/feeds/category/cs.CL.rss", "/feeds/mine/x.json"])
def test_a_feed_can_only_be_read(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405
