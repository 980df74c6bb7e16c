"""Why this paper: every reason with its share, behind the link beside the paper, and the ways on from there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.mail.content import load_digests
from digest.models import Delivery, Digest, DigestItem
from subscriptions.models import Subscriber
from tests.builders import make_profile
from tests.unit.views.conftest import link

pytestmark = pytest.mark.django_db

REASONS = [
    {"kind": "paper", "term": "Bees at night", "share": 0.5, "asked": ""},
    {"kind": "author", "term": "Ada Example", "share": 0.2, "asked": ""},
]


@pytest.fixture
def item(sent_digest: Digest) -> DigestItem:
    """A paper that was sent for an interest, and matched another one."""
    found = sent_digest.items.get(section="matched")
    found.profile_name, found.also_in, found.reasons = "Bounds", ["Bees"], REASONS
    found.save()
    return found


def why(item: DigestItem, name: str = "why") -> str:
    return link(name, reader=item.subscriber, purpose="feedback", extra=item.pk)


def words(page: bytes) -> str:
    return " ".join(page.decode().split())


def test_the_link_in_the_mail_opens_every_reason_with_its_share(client: Client, item: DigestItem) -> None:
    mail = load_digests(delivery_ids=[Delivery.objects.get().pk])[0].matched[0]

    page = words(client.get(re.sub(r"^https?://[^/]+", "", mail.why_url)).content)

    assert "chosen for your interest “Bounds”. It also matched Bees." in page
    shares = re.findall(r'class="words" dir="auto">([^<]+)</span> <span class="share">(\d+) %', page)
    assert shares == [("like “Bees at night”", "50"), ("by Ada Example", "20"), ("all smaller reasons together", "30")]


def test_the_bars_are_as_long_as_the_shares_and_say_nothing_twice(client: Client, item: DigestItem) -> None:
    page = words(client.get(why(item)).content)

    assert re.findall(r'<rect width="(\d+)%"', page) == ["50", "20", "30"]
    assert page.count("<svg") == page.count('<svg class="bar" aria-hidden="true"')


def test_a_trending_paper_names_its_signal(client: Client, sent_digest: Digest) -> None:
    page = words(client.get(why(sent_digest.items.get(section="trending"))).content)

    assert "among the trending papers of the day (118 upvotes on Hugging Face)" in page
    assert "What spoke for it" not in page


@pytest.mark.parametrize("name", ["more", "less"])
def test_each_question_leads_to_the_reasons_and_to_the_other_answer(
    client: Client, item: DigestItem, name: str
) -> None:
    make_profile(reader=item.subscriber)

    page = client.get(why(item, name)).content.decode()

    other = "less" if name == "more" else "more"
    leads_to = re.findall(r'href="/(why|more|less)/', page)
    assert leads_to == ["why", other]
    assert page.partition("</main>")[0].count("<button") == 1


def test_nobody_sees_why_another_reader_got_a_paper(
    client: Client, make_reader: Callable[..., Subscriber], item: DigestItem
) -> None:
    stranger = link("why", reader=make_reader(), purpose="feedback", extra=item.pk)

    assert client.get(stranger).status_code == 404


def test_the_page_is_kept_out_of_search_engines_and_caches(client: Client, item: DigestItem) -> None:
    answer = client.get(why(item))

    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex, nofollow", "no-store")
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()


def test_the_page_costs_four_queries(
    client: Client, item: DigestItem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = why(item)

    with django_assert_num_queries(4):
        client.get(path)
