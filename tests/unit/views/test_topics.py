"""Not interested in this topic: nothing is excluded that the reader did not tick."""

from datetime import timedelta

import pytest
from django.test import Client

from digest.matching._topics import Proposal
from digest.models import Digest, DigestItem
from digest.pipeline.feedback import give_feedback
from digest.views.topics import cost_in_words
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from tests.builders import NOW, make_paper, make_profile
from tests.unit.views.conftest import link, make_digest

pytestmark = pytest.mark.django_db
FOLDING = "Protein folding is slow. We make protein folding fast."


@pytest.fixture
def interest(reader: Subscriber) -> InterestProfile:
    return make_profile(reader=reader, name="Networks", keywords=["graph network"], exclude=["survey"])


@pytest.fixture
def item(reader: Subscriber, interest: InterestProfile) -> DigestItem:
    """The last of three papers that were sent for the interest; two of them are about protein folding."""
    for number in range(30):
        make_paper(title=f"On rivers {number}", abstract="They flow.", categories=["math.CO"])
    titles = ["Graph networks draw", "Protein folding, revisited", "Protein folding by a graph network"]
    digest = make_digest(reader=reader, days_ago=0, status=Digest.Status.READY)
    for position, title in enumerate(titles):
        paper = make_paper(title=title, abstract=FOLDING if "folding" in title else "", categories=["cs.LG"])
        item = DigestItem.objects.create(
            digest=digest, subscriber=reader, paper=paper, section="matched", position=position, profile=interest
        )
    return item


@pytest.fixture
def unwanted(item: DigestItem, interest: InterestProfile) -> str:
    """The path of the page after "less like this"."""
    give_feedback(profile_id=interest.pk, paper_id=item.paper_id, verdict="less", now=NOW)
    return link("topics", reader=item.subscriber, purpose="feedback", extra=item.pk)


def excluded() -> list[str]:
    return list(InterestProfile.objects.get(name="Networks").exclude)


def test_the_page_proposes_what_is_telling_with_what_it_would_cost(client: Client, unwanted: str) -> None:
    page = client.get(unwanted).content.decode()

    assert "protein folding" in page
    assert "would have kept out 2 of the 3 papers we sent you" in page
    assert 'value="graph' not in page  # the reader asked for it
    assert "checked" not in page
    assert excluded() == ["survey"]


def test_what_is_ticked_is_excluded_and_said(client: Client, unwanted: str) -> None:
    said = client.post(unwanted, {"terms": ["protein folding"]}, follow=True).content.decode()

    assert excluded() == ["survey", "protein folding"]
    assert "Left out from now on: “protein folding”." in said


def test_ticking_it_twice_gives_the_same(client: Client, unwanted: str) -> None:
    for _ in range(2):
        client.post(unwanted, {"terms": ["protein folding"]})

    assert excluded() == ["survey", "protein folding"]


def test_without_a_tick_nothing_changes_and_the_page_says_so(client: Client, unwanted: str) -> None:
    answer = client.post(unwanted)

    assert answer.status_code == 400
    assert "without a tick nothing changes" in answer.content.decode()
    assert excluded() == ["survey"]


def test_what_was_not_proposed_is_not_excluded(client: Client, unwanted: str) -> None:
    answer = client.post(unwanted, {"terms": ["protein folding", "graph network"]})

    assert answer.status_code == 400
    assert "Please choose again" in answer.content.decode()
    assert excluded() == ["survey"]


def test_a_list_that_is_full_says_so(client: Client, unwanted: str, interest: InterestProfile) -> None:
    InterestProfile.objects.update(exclude=[f"word {number}" for number in range(200)])

    answer = client.post(unwanted, {"terms": ["protein folding"]})

    assert answer.status_code == 400
    assert "200 words are the most" in answer.content.decode()


def test_before_less_like_this_that_is_asked_first(client: Client, item: DigestItem) -> None:
    path = link("topics", reader=item.subscriber, purpose="feedback", extra=item.pk)

    page = client.post(path, {"terms": ["protein folding"]}).content.decode()

    assert "Yes, less like this" in page
    assert excluded() == ["survey"]


def test_words_of_the_papers_that_the_reader_likes_are_not_proposed(
    client: Client, unwanted: str, interest: InterestProfile
) -> None:
    make_paper(title="Protein folding that I like", arxiv="2606.77777")
    LibraryPaper.objects.create(profile=interest, scheme="arxiv", value="2606.77777", added_at=NOW)

    assert "protein folding" not in client.get(unwanted).content.decode().replace("Protein folding by", "")


def test_a_paper_that_was_liked_and_then_unwanted_stands_in_nobody_s_way(
    client: Client, unwanted: str, item: DigestItem, interest: InterestProfile
) -> None:
    name = item.paper.identifiers.get()
    LibraryPaper.objects.create(
        profile=interest, scheme=name.scheme, value=name.value, added_at=NOW - timedelta(days=1)
    )

    assert 'value="protein folding"' in client.get(unwanted).content.decode()


def test_a_paper_that_says_nothing_telling_has_a_page_that_says_so(
    client: Client, unwanted: str, item: DigestItem
) -> None:
    item.paper.title, item.paper.abstract, item.paper.categories = "A graph network", "", []
    item.paper.save()

    assert "We found no word in this paper" in client.get(unwanted).content.decode()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((3, 41, 0, 12), "would have kept out 3 of the 41 papers we sent you, none of which you liked"),
        ((1, 1, 0, 0), "would have kept out 1 of the 1 paper we sent you"),
        (
            (3, 41, 1, 24),
            "would have kept out 3 of the 41 papers we sent you; it is also in 1 of the 24 papers you like",
        ),
        ((0, 0, 0, 0), "we have sent you nothing yet that it would have kept out"),
    ],
)
def test_the_cost_is_said_in_plain_words(counts: tuple[int, int, int, int], words: str) -> None:
    kept_out, n_sent, liked, n_liked = counts
    proposal = Proposal(term="x", is_category=False, kept_out=kept_out, n_sent=n_sent, liked=liked, n_liked=n_liked)

    assert cost_in_words(proposal=proposal) == words
