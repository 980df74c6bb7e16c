"""The preview below the form of an interest: what was typed stays, and nothing is saved."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from subscriptions.limits import PREVIEWS
from subscriptions.models import InterestProfile, LibraryPaper, RateWindow, Subscriber
from subscriptions.tokens import make_token
from tests.builders import make_paper, make_profile, make_reader

pytestmark = pytest.mark.django_db
Path = Callable[..., str]


@pytest.fixture
def path(reader: Subscriber) -> Path:
    def build(name: str, *args: object, whose: Subscriber = reader) -> str:
        return reverse(name, args=[make_token(purpose="manage", subscriber=whose), *args])

    return build


@pytest.fixture(autouse=True)
def sundials() -> None:
    """A paper of this hour, among others."""
    make_paper(title=r"Sundials of $10^{-4}$ & <b>gnomons</b>", seen=timezone.now() - timedelta(minutes=1))
    for number in range(30):
        make_paper(title=f"On harbours {number}", seen=timezone.now() - timedelta(minutes=1))


def test_the_form_has_a_button_that_leads_to_the_preview(client: Client, path: Path) -> None:
    page = client.get(path("profile_new")).content.decode()

    assert re.search(r'formaction="[^"]+/interests/preview/#preview"', page)


def test_a_new_interest_is_shown_with_the_papers_it_would_bring_and_keeps_what_was_typed(
    client: Client, path: Path
) -> None:
    page = client.post(path("interest_preview_new"), {"keywords": "sundials", "name": ""}).content.decode()

    assert "Sundials of 10⁻⁴ &amp; &lt;b&gt;gnomons&lt;/b&gt;" in page
    assert "about 1 a day" in page
    assert re.search(r'name="keywords"[^>]*>\s*sundials', page)
    assert InterestProfile.objects.count() == 0


def test_the_form_below_which_it_stands_still_saves_where_it_did(client: Client, path: Path) -> None:
    page = client.post(path("interest_preview_new"), {"keywords": "sundials"}).content.decode()

    assert "/interests/new/" in page


def test_a_stored_interest_is_previewed_with_other_words_and_stays_as_it_was(
    client: Client, path: Path, reader: Subscriber
) -> None:
    saved = make_profile(reader=reader, keywords=["bees"], likes=["2606.77777"])

    page = client.post(path("interest_preview", saved.pk), {"keywords": "sundials", "name": "Other"}).content.decode()

    saved.refresh_from_db()
    assert "Sundials of" in page
    assert (saved.keywords, saved.revision, LibraryPaper.objects.count()) == (["bees"], 0, 1)


def test_looking_at_a_stored_interest_shows_it_as_it_is(client: Client, path: Path, reader: Subscriber) -> None:
    saved = make_profile(reader=reader, keywords=["sundials"])

    page = client.get(path("interest_preview", saved.pk)).content.decode()

    assert "Sundials of" in page


def test_an_empty_interest_is_told_what_is_missing(client: Client, path: Path) -> None:
    answer = client.post(path("interest_preview_new"), {})

    assert answer.status_code == 200
    assert "a category or a keyword will do" in answer.content.decode()


def test_what_cannot_be_read_is_said_beside_the_field(client: Client, path: Path) -> None:
    answer = client.post(path("interest_preview_new"), {"keywords": ", ".join(f"word{n}" for n in range(300))})

    assert answer.status_code == 400
    assert "What it would have brought" not in answer.content.decode()


def test_the_interest_of_another_reader_is_not_there(client: Client, path: Path, reader: Subscriber) -> None:
    saved = make_profile(reader=make_reader(), keywords=["sundials"])

    assert client.post(path("interest_preview", saved.pk), {"keywords": "x"}).status_code == 404


def test_one_preview_too_many_in_an_hour_is_refused_in_words(client: Client, path: Path, reader: Subscriber) -> None:
    limit, _ = PREVIEWS
    RateWindow.objects.create(key=f"preview:{reader.pk}", began_at=timezone.now(), count=limit - 1)

    last, refused = (client.post(path("interest_preview_new"), {"keywords": "sundials"}) for _ in range(2))

    assert (last.status_code, refused.status_code) == (200, 429)
    assert "try again in an hour" in refused.content.decode()
