"""Interests: add, edit, pause, delete."""

import pytest
from django.test import Client

from subscriptions.models import InterestProfile, Subscriber
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db


def test_an_interest_is_added(client: Client, path: Path, reader: Subscriber) -> None:
    sent = {
        "name": "Proofs",
        "categories": ["cs.LO", "math.LO"],
        "keywords": "type theory, -survey",
        "pickiness": "picky",
    }

    answer = client.post(path("profile_new"), sent, follow=True)

    profile = InterestProfile.objects.get(subscriber=reader)
    assert (profile.categories, profile.keywords, profile.exclude) == (
        ["cs.LO", "math.LO"],
        ["type theory"],
        ["survey"],
    )
    assert profile.pickiness == "picky"
    assert "“Proofs” is saved." in answer.content.decode()


def test_an_interest_is_edited_where_it_stands(client: Client, path: Path, interest: InterestProfile) -> None:
    client.post(path("profile_edit", interest.pk), {"name": "Long documents", "papers": "2406.01234 2406.05678"})

    interest.refresh_from_db()
    assert (interest.name, interest.keywords, interest.library.count()) == ("Long documents", [], 2)
    assert InterestProfile.objects.count() == 1


def test_the_form_shows_what_is_stored(client: Client, path: Path, interest: InterestProfile) -> None:
    page = client.get(path("profile_edit", interest.pk)).content.decode()

    assert 'value="Long context"' in page
    assert "retrieval</textarea>" in page
    assert "2406.01234</textarea>" in page


def test_editing_a_paused_interest_does_not_wake_it(client: Client, path: Path, interest: InterestProfile) -> None:
    InterestProfile.objects.update(active=False)

    client.post(path("profile_edit", interest.pk), {"name": "Long context", "keywords": "retrieval"})

    interest.refresh_from_db()
    assert not interest.active


@pytest.mark.parametrize(("sent", "active"), [("0", False), ("1", True), ("", False)])
def test_pausing_twice_is_pausing_once(
    client: Client, path: Path, interest: InterestProfile, sent: str, active: bool
) -> None:
    for _ in range(2):
        client.post(path("profile_pause", interest.pk), {"active": sent})

    interest.refresh_from_db()
    assert interest.active is active


def test_deleting_twice_is_deleting_once(client: Client, path: Path, interest: InterestProfile) -> None:
    answers = [client.post(path("profile_delete", interest.pk)).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert not InterestProfile.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "", "keywords": "x"}, "Please give this interest a name."),
        ({"name": "Long context", "keywords": "x"}, "Another of your interests has this name."),
        ({"name": "A", "keywords": '"open'}, "A quotation mark is opened but not closed."),
        ({"name": "A", "papers": "hello"}, "No arXiv id, DOI or link to a paper"),
        ({"name": "A", "keywords": "x" * 101}, "One entry has 100 characters at most."),
        ({"name": "A", "keywords": ",".join(map(str, range(201)))}, "This list has 201 entries; 200 are the most."),
        ({"name": "A\r\nBcc: all@example.org", "keywords": "x"}, "invisible control character"),
        ({"name": "A" * 81, "keywords": "x"}, "at most 80 characters"),
    ],
)
def test_what_cannot_be_an_interest_is_refused_in_words_and_kept(
    client: Client, path: Path, interest: InterestProfile, sent: dict[str, str], words: str
) -> None:
    answer = client.post(path("profile_new"), {**sent, "description": "What I typed"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert 'value="What I typed"' in page
    assert InterestProfile.objects.count() == 1


def test_an_interest_in_nothing_is_refused(client: Client, path: Path) -> None:
    answer = client.post(path("profile_new"), {"name": "Empty"})

    assert answer.status_code == 400
    assert "at least one thing that interests you" in answer.content.decode()


@pytest.mark.parametrize("number", [0, 999_999, 2**63 - 1])
def test_an_interest_that_is_not_there_is_a_404(client: Client, path: Path, number: int) -> None:
    assert client.get(path("profile_edit", number)).status_code == 404


def test_what_was_typed_into_an_interest_that_another_tab_deleted_is_kept(
    client: Client, path: Path, reader: Subscriber, interest: InterestProfile
) -> None:
    edit, typed = path("profile_edit", interest.pk), {"name": "Whales", "keywords": "songs", "pickiness": "balanced"}
    client.post(path("profile_delete", interest.pk))

    answer = client.post(edit, typed)

    page = answer.content.decode()
    assert "deleted meanwhile" in page
    assert 'value="Whales"' in page
    assert "songs" in page
    assert not reader.profiles.exists()
    assert '/interests/new/"' in page
    client.post(path("profile_new"), typed)
    assert reader.profiles.get().name == "Whales"
