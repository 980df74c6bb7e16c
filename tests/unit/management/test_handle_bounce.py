"""A mail server pipes what came back."""

import io
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from digest.models import DeliveryEvent
from tests.unit.mail.came_back import bounce, prose

pytestmark = pytest.mark.django_db


def pipe(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Pipe a mail into the command, and read what it prints."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    out = io.StringIO()
    call_command("handle_bounce", stdout=out)
    counts: dict[str, int] = json.loads(out.getvalue())
    return counts


def test_a_report_is_kept_once_however_often_it_is_piped(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = pipe(bounce(), monkeypatch), pipe(bounce(), monkeypatch)

    assert (first, second) == ({"hard": 1}, {"repeated": 1})
    assert DeliveryEvent.objects.count() == 1


def test_what_reports_nothing_is_no_error_or_it_would_bounce_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pipe(prose(text="Thank you!", sender="Ada <ada@example.org>"), monkeypatch) == {}


def test_nothing_on_stdin_is_one_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"^There is no mail on stdin\.$"):
        pipe(b"\n", monkeypatch)


def test_without_a_database_the_mail_server_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def execute(*_args: Any) -> None:
        raise OperationalError

    with connection.execute_wrapper(execute), pytest.raises(CommandError, match="try again later") as caught:
        pipe(bounce(), monkeypatch)

    assert caught.value.returncode == 75
