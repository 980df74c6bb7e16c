"""Putting papers aside from a digest and from a paper's own link, and the shelf in the panel."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Digest, DigestItem, SavedPaper
from digest.pipeline import saved
from digest.pipeline.saved import save_paper
from subscriptions.models import InterestProfile, Subscriber
from tests.builders import NOW, make_paper, make_profile
from tests.unit.views.conftest import link

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(sent_digest: Digest) -> DigestItem:
    return sent_digest.items.get(section="matched")


@pytest.fixture
def interest(reader: Subscriber) -> InterestProfile:
    return make_profile(reader=reader, name="Bounds")


@pytest.fixture
def kept(reader: Subscriber, item: DigestItem) -> DigestItem:
    """A paper that is on the shelf already."""
    save_paper(subscriber=reader, paper_id=item.paper_id, now=NOW)
    return item


def of_digest(item: DigestItem, name: str = "save_from_digest") -> str:
    return link(name, reader=item.subscriber, purpose="view", extra=item.digest_id)


def of_paper(item: DigestItem, name: str = "save") -> str:
    return link(name, reader=item.subscriber, purpose="feedback", extra=item.pk)


def shelf() -> list[int]:
    return list(SavedPaper.objects.values_list("paper_id", flat=True))


@pytest.mark.parametrize("presses", [1, 2])
def test_a_press_on_the_digest_s_page_puts_a_paper_aside(client: Client, item: DigestItem, presses: int) -> None:
    for _ in range(presses):
        answer = client.post(of_digest(item), {"item": item.pk})

    page = client.get(answer["Location"]).content.decode()
    assert shelf() == [item.paper_id]
    assert answer["Location"].endswith(f"#paper_{item.pk}")
    assert page.count("Remove from saved") == 1
    assert page.count("Save for later") == 1


def test_another_press_takes_it_off_again(client: Client, kept: DigestItem) -> None:
    client.post(of_digest(kept), {"item": kept.pk, "off": "1"})

    assert shelf() == []


def test_a_paper_is_put_aside_from_the_page_of_its_reasons(client: Client, item: DigestItem) -> None:
    page = client.post(of_paper(item), follow=True).content.decode()

    assert shelf() == [item.paper_id]
    assert "Remove from saved" in page


def test_after_an_answer_the_paper_can_be_put_aside(
    client: Client, item: DigestItem, interest: InterestProfile
) -> None:
    page = client.post(of_paper(item, "more"), {"interest": interest.pk}, follow=True).content.decode()

    assert "Save for later" in page


def test_a_browser_without_cookies_puts_it_aside(item: DigestItem) -> None:
    Client(enforce_csrf_checks=True).post(of_digest(item), {"item": item.pk})

    assert shelf() == [item.paper_id]


@pytest.mark.parametrize("posted", ["", "0", "abc", "-1", "9" * 40, "١٢٣"])
def test_a_place_that_is_not_in_the_digest_is_a_page_in_words(client: Client, item: DigestItem, posted: str) -> None:
    answer = client.post(of_digest(item), {"item": posted})

    assert (answer.status_code, shelf()) == (404, [])
    assert "no longer held" in answer.content.decode()


def test_nobody_puts_aside_from_another_reader_s_digest(
    client: Client, make_reader: Callable[..., Subscriber], item: DigestItem
) -> None:
    theirs = link("save_from_digest", reader=make_reader(), purpose="view", extra=item.digest_id)

    assert client.post(theirs, {"item": item.pk}).status_code == 404
    assert shelf() == []


@pytest.mark.parametrize("build", [of_digest, of_paper])
def test_a_full_shelf_is_said_in_words(
    client: Client, item: DigestItem, build: Callable[[DigestItem], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST_SAVED", 0)

    page = client.post(build(item), {"item": item.pk}, follow=True).content.decode()

    assert "are the most that one reader can put aside" in page
    assert shelf() == []


def test_the_shelf_lists_what_was_put_aside_with_its_day(client: Client, reader: Subscriber, kept: DigestItem) -> None:
    page = client.get(link("saved", reader=reader)).content.decode()

    assert "Bounds of 10⁻⁴" in page
    assert "saved on Tuesday, 9 June 2026" in page


def test_an_empty_shelf_says_how_it_is_filled(client: Client, reader: Subscriber) -> None:
    assert "Nothing yet" in client.get(link("saved", reader=reader)).content.decode()


def test_the_shelf_costs_four_queries_however_full_it_is(
    client: Client, reader: Subscriber, kept: DigestItem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(7):
        save_paper(subscriber=reader, paper_id=make_paper().pk, now=NOW)
    path = link("saved", reader=reader)

    with django_assert_num_queries(4):
        client.get(path)


@pytest.mark.parametrize("presses", [1, 2])
def test_a_paper_is_removed_from_the_shelf(client: Client, reader: Subscriber, kept: DigestItem, presses: int) -> None:
    for _ in range(presses):
        client.post(link("saved_remove", reader=reader), {"paper": kept.paper_id})

    assert shelf() == []


@pytest.mark.parametrize("presses", [1, 2])
def test_a_paper_becomes_an_example_and_stays_on_the_shelf(
    client: Client, reader: Subscriber, kept: DigestItem, interest: InterestProfile, presses: int
) -> None:
    for _ in range(presses):
        answer = client.post(
            link("saved_learn", reader=reader), {"paper": kept.paper_id, "interest": interest.pk}, follow=True
        )

    assert "Now an example for “Bounds”" in answer.content.decode()
    assert [str(entry) for entry in interest.library.all()] == ["arxiv:2606.00001"]
    assert shelf() == [kept.paper_id]


@pytest.mark.parametrize("posted", ["", "abc", "0", "9" * 40])
def test_an_interest_that_is_not_there_is_said_above_the_shelf(
    client: Client, reader: Subscriber, kept: DigestItem, posted: str
) -> None:
    answer = client.post(link("saved_learn", reader=reader), {"paper": kept.paper_id, "interest": posted})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'role="alert"' in page
    assert "Bounds of 10⁻⁴" in page


def test_an_interest_deleted_in_another_tab_is_said_in_words(
    client: Client, reader: Subscriber, kept: DigestItem, interest: InterestProfile
) -> None:
    gone = interest.pk
    interest.delete()

    answer = client.post(link("saved_learn", reader=reader), {"paper": kept.paper_id, "interest": gone})

    assert "does not exist any more" in answer.content.decode()


def test_the_copy_of_one_s_data_holds_the_shelf(client: Client, reader: Subscriber, kept: DigestItem) -> None:
    held = json.loads(client.post(link("export", reader=reader)).content)

    assert held["saved_papers"] == [
        {"title": r"Bounds of $10^{-4}$", "names": ["arxiv:2606.00001"], "saved_at": NOW.isoformat()}
    ]
