"""The database itself refuses rows that cannot be, whoever writes them."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models
from django.db.models import Q

from digest.models import Delivery
from tests.builders import NOW, make_reader
from tests.unit.mail.rows import make_delivery

WITH_CHOICES = [
    pytest.param(model, field, id=f"{model.__name__}.{field.name}")
    for label in ("digest", "subscriptions")
    for model in apps.get_app_config(label).get_models()
    for field in model._meta.concrete_fields
    if field.choices
]


@pytest.mark.parametrize(("model", "field"), WITH_CHOICES)
def test_a_field_holds_one_of_its_choices(model: type[models.Model], field: "models.Field[Any, Any]") -> None:
    choices = Q(**{f"{field.name}__in": [value for value, _ in field.flatchoices]})

    conditions = [each.condition for each in model._meta.constraints if isinstance(each, models.CheckConstraint)]

    assert choices in conditions


@pytest.mark.django_db
def test_a_word_that_is_no_choice_is_refused() -> None:
    reader = make_reader()
    reader.status = "gone"

    with pytest.raises(IntegrityError, match="subscriber_status_is_a_choice"):
        reader.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "missing", "constraint"),
    [
        (Delivery.Status.SENDING, "claimed_at", "delivery_sending_was_claimed"),
        (Delivery.Status.SENT, "sent_at", "delivery_sent_says_when"),
    ],
)
def test_a_delivery_says_since_when(status: Delivery.Status, missing: str, constraint: str) -> None:
    moments: dict[str, Any] = {"claimed_at": NOW, "sent_at": NOW, missing: None}

    with pytest.raises(IntegrityError, match=constraint):
        make_delivery(status=status, **moments)
