"""From the links beside a paper to what is learnt: GET only shows, the right interest learns, all can be taken back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from digest.mail.content import load_digests
from digest.models import Delivery, Digest, DigestItem, Feedback
from subscriptions import services
from subscriptions.models import InterestProfile, Subscriber
from tests.builders import NOW, make_profile, make_reader
from tests.unit.views.conftest import link

pytestmark = pytest.mark.django_db


@pytest.fixture
def interest(reader: Subscriber) -> InterestProfile:
    return make_profile(reader=reader, name="Bounds", keywords=["bounds"])


@pytest.fixture
def matched(sent_digest: Digest, interest: InterestProfile) -> DigestItem:
    """A paper that was sent for the interest."""
    item = sent_digest.items.get(section="matched")
    item.profile, item.profile_name = interest, interest.name
    item.save()
    return item


@pytest.fixture
def trending(sent_digest: Digest) -> DigestItem:
    """A paper that no interest brought."""
    return sent_digest.items.get(section="trending")


def path(name: str, item: DigestItem) -> str:
    return link(name, reader=item.subscriber, purpose="feedback", extra=item.pk)


def learnt() -> list[tuple[str, int, str]]:
    return list(Feedback.objects.order_by("pk").values_list("profile__name", "paper_id", "verdict"))


def test_the_links_of_the_mail_lead_to_what_is_learnt_and_back(client: Client, matched: DigestItem) -> None:
    mail = load_digests(delivery_ids=[Delivery.objects.get().pk])[0].matched[0]
    more = re.sub(r"^https?://[^/]+", "", mail.more_url)

    asking = client.get(more).content.decode()
    nothing_yet = learnt()
    said = client.post(more, follow=True).content.decode()
    written = learnt()
    taken_back = client.post(more, {"undo": "1"}, follow=True).content.decode()

    assert "Bounds of 10⁻⁴" in asking
    assert "Yes, more like this" in asking
    assert nothing_yet == []
    assert "count for more in “Bounds”" in said
    assert "Undo" in said
    assert written == [("Bounds", matched.paper_id, "more")]
    assert "Taken back" in taken_back
    assert learnt() == []


@pytest.mark.parametrize("name", ["more", "less"])
def test_saying_it_twice_is_the_same(client: Client, matched: DigestItem, name: str) -> None:
    for _ in range(2):
        client.post(path(name, matched))

    assert learnt() == [("Bounds", matched.paper_id, name)]


def test_the_last_word_wins(client: Client, matched: DigestItem) -> None:
    client.post(path("more", matched))
    client.post(path("less", matched))

    assert learnt() == [("Bounds", matched.paper_id, "less")]
    assert "Yes, more like this" in client.get(path("more", matched)).content.decode()


def test_taking_back_what_was_not_said_last_takes_nothing(client: Client, matched: DigestItem) -> None:
    client.post(path("less", matched))
    client.post(path("more", matched), {"undo": "1"})

    assert learnt() == [("Bounds", matched.paper_id, "less")]


def test_only_after_less_like_this_is_the_topic_asked_about(client: Client, matched: DigestItem) -> None:
    liked = client.post(path("more", matched), follow=True).content.decode()
    unwanted = client.post(path("less", matched), follow=True).content.decode()

    assert "Not interested in this topic?" not in liked
    assert f'href="{path("topics", matched)[:20]}' in unwanted


# --- which interest learns ----------------------------------------------------------------


def test_what_is_posted_cannot_teach_another_interest_than_that_of_the_paper(
    client: Client, matched: DigestItem
) -> None:
    other = make_profile(reader=matched.subscriber, name="Another")
    client.post(path("more", matched), {"interest": str(other.pk)})

    assert learnt() == [("Bounds", matched.paper_id, "more")]


def test_of_a_trending_paper_the_reader_says_which_interest_learns(
    client: Client, interest: InterestProfile, trending: DigestItem
) -> None:
    make_profile(reader=trending.subscriber, name="Another")

    page = client.get(path("more", trending)).content.decode()
    client.post(path("more", trending), {"interest": str(interest.pk)})

    for name in ("Bounds", "Another", "A new one: “Liked papers”"):
        assert name in page
    assert learnt() == [("Bounds", trending.paper_id, "more")]


@pytest.mark.parametrize("chosen", ["", "x", "0", "-1", "²", "foreign"])
def test_an_interest_that_is_not_the_reader_s_own_is_refused(
    client: Client, interest: InterestProfile, trending: DigestItem, chosen: str
) -> None:
    foreign = make_profile(reader=make_reader(), name="Foreign")
    answer = client.post(path("more", trending), {"interest": str(foreign.pk) if chosen == "foreign" else chosen})

    assert answer.status_code == 400
    assert "Please choose one of your interests." in answer.content.decode()
    assert learnt() == []


def test_a_reader_may_begin_an_interest_with_what_they_like(
    client: Client, interest: InterestProfile, trending: DigestItem
) -> None:
    for _ in range(2):
        client.post(path("more", trending), {"interest": "new"})

    assert learnt()[0] == ("Liked papers", trending.paper_id, "more")
    assert InterestProfile.objects.filter(name="Liked papers").count() == 1


def test_a_reader_without_interests_gets_one_that_begins_with_the_liked_paper(
    client: Client, trending: DigestItem
) -> None:
    page = client.get(path("more", trending)).content.decode()
    said = client.post(path("more", trending), follow=True).content.decode()

    assert "One called “Liked papers” begins with this paper." in page
    assert "count for more in “Liked papers”" in said
    assert learnt() == [("Liked papers", trending.paper_id, "more")]


def test_an_unwanted_paper_begins_no_interest(client: Client, trending: DigestItem) -> None:
    page = client.get(path("less", trending)).content.decode()
    answer = client.post(path("less", trending), {"interest": "new"})

    assert "no interest yet that could learn from this" in page
    assert answer.status_code == 400
    assert InterestProfile.objects.count() == 0


def test_when_the_interest_of_a_paper_was_deleted_the_reader_chooses_anew(
    client: Client, matched: DigestItem, interest: InterestProfile
) -> None:
    services.delete_profile(subscriber=matched.subscriber, profile_id=interest.pk)
    other = make_profile(reader=matched.subscriber, name="Another")

    client.post(path("less", matched), {"interest": str(other.pk)})

    assert learnt() == [("Another", matched.paper_id, "less")]


def test_of_a_full_set_of_interests_the_reader_is_told(client: Client, trending: DigestItem) -> None:
    for _ in range(50):
        make_profile(reader=trending.subscriber)

    answer = client.post(path("more", trending), {"interest": "new"})

    assert answer.status_code == 400
    assert "50 interests are the most" in answer.content.decode()


# --- links that do not open ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["more", "less", "topics"])
@pytest.mark.parametrize("extra", ["", "0", "999999"])
def test_a_paper_that_is_not_held_is_a_humane_404(
    client: Client, reader: Subscriber, interest: InterestProfile, name: str, extra: str
) -> None:
    answer = client.post(link(name, reader=reader, purpose="feedback", extra=extra))

    assert answer.status_code == 404
    assert "no longer held" in answer.content.decode()


def test_nobody_answers_on_a_paper_that_another_was_sent(client: Client, matched: DigestItem) -> None:
    eve = make_reader(profiles=[{"name": "Eve's"}])

    answer = client.post(link("more", reader=eve, purpose="feedback", extra=matched.pk))

    assert answer.status_code == 404
    assert learnt() == []


def test_a_link_that_is_too_old_is_offered_anew_and_learns_nothing(client: Client, matched: DigestItem) -> None:
    with time_machine.travel(NOW, tick=False):
        old = path("more", matched)

    with time_machine.travel(NOW + timedelta(days=91), tick=False):
        answer = client.post(old)

    assert answer.status_code == 404
    assert "too old" in answer.content.decode()
    assert learnt() == []


def test_a_link_to_a_reader_who_was_erased_says_so(client: Client, matched: DigestItem) -> None:
    more = path("more", matched)
    services.erase(subscriber=matched.subscriber, now=NOW)

    assert "has been deleted" in client.post(more).content.decode()


def test_a_browser_without_cookies_says_it_and_takes_it_back(matched: DigestItem) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.post(path("more", matched))
    said = learnt()
    browser.cookies.clear()

    browser.post(path("more", matched), {"undo": "1"})

    assert said == [("Bounds", matched.paper_id, "more")]
    assert learnt() == []


def test_the_page_of_the_digest_asks_what_its_mail_asks(
    client: Client, matched: DigestItem, make_paper: Callable[..., object]
) -> None:
    view = link("digest", reader=matched.subscriber, purpose="view", extra=matched.digest_id)

    page = client.get(view).content.decode()

    paths = re.findall(r'href="https?://[^/"]+(/(?:more|less)/[^"]+)"', page)
    assert len(paths) == 4
    assert all(client.get(each).status_code == 200 for each in paths)
