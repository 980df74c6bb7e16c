"""The question on the panel, and the switch that lets likes fade."""

import pytest
from django.test import Client

from subscriptions.forms import TASTE_WORDING
from subscriptions.models import ConsentEvent, InterestProfile, Subscriber
from tests.unit.subscriptions.views.conftest import Path

pytestmark = pytest.mark.django_db


def test_the_panel_asks_and_ticks_nothing_beforehand(client: Client, path: Path) -> None:
    page = client.get(path("manage")).content.decode()

    assert str(TASTE_WORDING) in page
    assert 'id="taste_shares">' in page


def test_a_ticked_box_is_kept_with_its_very_words(client: Client, path: Path, reader: Subscriber) -> None:
    answer = client.post(path("share_taste"), {"shares": "on"}, follow=True)

    reader.refresh_from_db()
    assert reader.shares_taste
    assert ConsentEvent.objects.get().wording == str(TASTE_WORDING)
    assert 'id="taste_shares" checked>' in answer.content.decode()


def test_an_empty_box_takes_it_back(client: Client, path: Path, reader: Subscriber) -> None:
    client.post(path("share_taste"), {"shares": "on"})
    client.post(path("share_taste"), {})

    reader.refresh_from_db()
    assert not reader.shares_taste
    assert ConsentEvent.objects.latest("pk").kind == "taste_withdrawn"


def test_the_form_of_an_interest_has_the_switch_on_and_can_turn_it_off(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    edit = path("profile_edit", interest.pk)
    page = client.get(edit).content.decode()

    client.post(edit, {"name": "Long context", "keywords": "retrieval"})

    interest.refresh_from_db()
    assert 'name="fades" aria-describedby="id_fades_helptext" id="id_fades" checked' in page
    assert not interest.fades
    assert "all count the same" in client.get(path("manage")).content.decode()


def test_signing_up_leaves_the_switch_on(client: Client) -> None:
    client.post("/subscribe/", {"email": "grace@example.org", "keywords": "graphs"})

    assert InterestProfile.objects.get().fades
