"""`brake`: says how it stands, pulls and lifts."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from digest.models import SendingStop
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def brake(**options: Any) -> str:
    out = StringIO()
    call_command("brake", stdout=out, now=NOW, **options)
    return out.getvalue()


def test_it_says_that_the_brake_is_off() -> None:
    assert brake() == "The brake is off: digests are sent.\n"


def test_a_person_pulls_it_and_it_says_why() -> None:
    said = brake(pull="The template is wrong.")

    assert said == brake() == "The brake is on: The template is wrong.\n"


def test_a_person_lifts_it_and_answers_for_it() -> None:
    brake(pull="The template is wrong.")

    said = brake(lift=True, by="grace")

    assert said == "The brake is off: digests are sent.\n"
    assert SendingStop.objects.get().lifted_by == "grace"


def test_nobody_lifts_it_without_a_name() -> None:
    brake(pull="The template is wrong.")

    with pytest.raises(CommandError, match="--by"):
        brake(lift=True)

    assert SendingStop.objects.get().lifted_at is None
