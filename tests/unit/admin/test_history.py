"""Who may look, and that what happened stays as it happened."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from digest.models import (
    Delivery,
    DeliveryEvent,
    Digest,
    EncoderState,
    Feedback,
    FittedTaste,
    IngestRun,
    Paper,
    PaperSignal,
    SendingStop,
    SourceGate,
)
from subscriptions.models import ConsentEvent, OutgoingMail, SoftBounce, Subscriber, Suppression
from tests.unit.admin.rows import fill_every_table, list_url, page_url

pytestmark = pytest.mark.django_db

HISTORY = [Paper, PaperSignal, Digest, Delivery, DeliveryEvent, IngestRun, SourceGate, EncoderState]
HISTORY += [SendingStop, FittedTaste, Feedback, ConsentEvent, OutgoingMail, Suppression, SoftBounce]
SHOWN = [*HISTORY, Subscriber]


@pytest.fixture(autouse=True)
def rows(db: None) -> None:
    fill_every_table(number=1)


def address(row: Model, page: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk] if page != "add" else [])


def first(model: Any) -> Model:
    row: Model = model._default_manager.first()
    return row


def test_the_admin_shows_every_table_it_should_and_no_other() -> None:
    assert set(admin.site._registry) == {*SHOWN, User, Group}


@pytest.mark.parametrize("model", HISTORY)
@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_nobody_adds_changes_or_deletes_what_happened(staff_client: Client, model: type[Model], page: str) -> None:
    row = first(model)
    before = list(model._default_manager.values())

    answer = staff_client.post(address(row, page), {"post": "yes"})

    assert answer.status_code == 403
    assert list(model._default_manager.values()) == before


@pytest.mark.parametrize("model", HISTORY)
def test_nobody_deletes_what_happened_from_the_list(staff_client: Client, model: type[Model]) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [first(model).pk], "post": "yes"}

    staff_client.post(list_url(model), chosen)

    assert model._default_manager.exists()


@pytest.mark.parametrize("model", SHOWN)
def test_who_may_look_sees_the_list_and_the_row(looking_client: Client, model: type[Model]) -> None:
    answers = [looking_client.get(list_url(model)), looking_client.get(page_url(first(model)))]

    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("page", ["change", "delete"])
def test_who_may_only_look_cannot_change_or_delete_a_reader(looking_client: Client, page: str) -> None:
    answer = looking_client.post(address(first(Subscriber), page), {"post": "yes"})

    assert answer.status_code == 403
    assert Subscriber.objects.exists()


@pytest.mark.parametrize("model", SHOWN)
def test_who_is_no_staff_is_sent_to_the_log_in_page(outside_client: Client, model: type[Model]) -> None:
    answers = [outside_client.get(list_url(model)), outside_client.get(page_url(first(model)))]

    assert all(answer.status_code == 302 and "/admin/login/" in answer.headers["Location"] for answer in answers)


@pytest.mark.parametrize("model", SHOWN)
def test_staff_without_permission_see_nothing(model: type[Model]) -> None:
    client = Client()
    client.force_login(User.objects.create_user("new", is_staff=True))

    assert client.get(list_url(model)).status_code == 403
