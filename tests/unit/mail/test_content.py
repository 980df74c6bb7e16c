"""From rows to what a mail says."""

from uuid import uuid4

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from digest.mail.content import load, load_digests
from digest.models import Paper
from subscriptions.tokens import read_token
from tests.builders import make_paper, make_profile, make_reader
from tests.unit.mail.rows import make_delivery, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_papers_come_in_the_order_of_the_digest_under_their_section() -> None:
    delivery = make_delivery(
        papers=[make_paper(title="One"), make_paper(title="Two")], trending=[make_paper(title="T")]
    )

    digest = load_digests(delivery_ids=[delivery.pk])[0]

    assert [paper.title for paper in digest.matched] == ["One", "Two"]
    assert [(paper.title, paper.signal) for paper in digest.trending] == [("T", "12 upvotes on Hugging Face")]


def test_digests_come_in_the_order_of_the_ids_and_an_id_that_is_gone_is_passed_over() -> None:
    first, second = make_delivery(), make_delivery()

    digests = load_digests(delivery_ids=[second.pk, uuid4(), first.pk])

    assert [digest.delivery_id for digest in digests] == [str(second.pk), str(first.pk)]


def test_a_paper_withdrawn_since_it_was_chosen_is_left_out() -> None:
    kept, gone = make_paper(), make_paper()
    delivery = make_delivery(papers=[gone, kept])
    Paper.objects.filter(pk=gone.pk).update(withdrawn=True)

    digest = load_digests(delivery_ids=[delivery.pk])[0]

    assert [paper.title for paper in digest.matched] == [kept.title]


def test_a_digest_whose_papers_were_all_withdrawn_is_bare() -> None:
    delivery = make_delivery(papers=[make_paper(withdrawn=True)])

    assert load(delivery_ids=[delivery.pk])[0].is_bare


def test_a_digest_that_was_empty_from_the_start_is_not_bare_and_says_why() -> None:
    delivery = make_delivery(empty_reason="It is Sunday.")

    assert not load(delivery_ids=[delivery.pk])[0].is_bare
    assert load_digests(delivery_ids=[delivery.pk])[0].empty_reason == "It is Sunday."


def test_papers_lead_to_their_own_pages() -> None:
    delivery = make_delivery(papers=[make_paper(arxiv="2606.54321")])

    paper = load_digests(delivery_ids=[delivery.pk])[0].matched[0]

    assert (paper.url, paper.pdf_url) == ("https://arxiv.org/abs/2606.54321", "https://arxiv.org/pdf/2606.54321")


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ({"abstract": "https://journal.example.org/7"}, "https://journal.example.org/7"),
        ({"abstract": "javascript:alert(1)"}, "https://doi.org/10.1000/xyz"),
        ({}, "https://doi.org/10.1000/xyz"),
    ],
)
def test_a_paper_from_elsewhere_leads_to_its_page_or_its_doi(links: dict[str, str], url: str) -> None:
    paper = make_paper(links=links)
    paper.identifiers.update(scheme="doi", value="10.1000/xyz")

    assert load_digests(delivery_ids=[make_delivery(papers=[paper]).pk])[0].matched[0].url == url


def test_interests_are_named_only_to_a_reader_who_has_several() -> None:
    one, two = make_reader(profiles=[{"name": "A"}]), make_reader(profiles=[{"name": "A"}, {"name": "B"}])
    deliveries = [make_delivery(reader=reader, papers=[]) for reader in (one, two)]
    for delivery in deliveries:
        make_item(
            digest=delivery.digest,
            paper=make_paper(),
            section="matched",
            position=0,
            profile_name="A",
            also_in=["B"],
            reasons=[{"kind": "keyword", "term": "memory", "share": 1.0}],
        )

    papers = [digest.matched[0] for digest in load_digests(delivery_ids=[row.pk for row in deliveries])]

    assert [(paper.profile, paper.also_in) for paper in papers] == [("", ()), ("A", ("B",))]
    assert papers[0].reasons[0].term == "memory"


def test_the_links_are_the_readers_own(site: LazySettings) -> None:
    delivery = make_delivery()

    digest = load_digests(delivery_ids=[delivery.pk])[0]

    token = digest.unsubscribe_url.removeprefix("https://papers.example.org/unsubscribe/").rstrip("/")
    assert read_token(purpose="unsubscribe", token=token).subscriber == delivery.digest.subscriber
    assert digest.manage_url.startswith("https://papers.example.org/preferences/")
    assert digest.browser_url.startswith("https://papers.example.org/digest/")
    assert delivery.digest.subscriber.email not in repr((digest.manage_url, digest.browser_url, digest.one_click_url))


def test_many_digests_cost_no_more_queries_than_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def queries(number: int) -> int:
        rows = [
            make_delivery(reader=make_reader(profiles=[{"name": "A"}]), papers=[make_paper(), make_paper()])
            for _ in range(number)
        ]
        with django_assert_num_queries(5) as counted:
            load_digests(delivery_ids=[row.pk for row in rows])
        return len(counted)

    assert queries(1) == queries(7)


def test_a_paused_interest_counts_as_one_of_several() -> None:
    reader = make_reader(profiles=[{"name": "A"}])
    make_profile(reader=reader, name="B", active=False)

    assert load(delivery_ids=[make_delivery(reader=reader).pk])[0].n_profiles == 2


def test_each_paper_asks_for_more_or_less_by_links_that_name_its_place_in_the_digest() -> None:
    delivery = make_delivery(trending=[make_paper()])

    digest = load_digests(delivery_ids=[delivery.pk])[0]

    papers = (*digest.matched, *digest.trending)
    tokens = [url.rstrip("/").rpartition("/")[2] for paper in papers for url in (paper.more_url, paper.less_url)]
    named = [read_token(purpose="feedback", token=token).extra for token in tokens]
    assert named == [str(item.pk) for item in delivery.digest.items.order_by("section") for _ in range(2)]
    assert all(paper.more_url.startswith("https://papers.example.org/more/") for paper in papers)
    assert all(paper.less_url.startswith("https://papers.example.org/less/") for paper in papers)
