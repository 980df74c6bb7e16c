"""`why`: a reader's day on the command line, a dated sentence a line."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.builders import NOW, make_reader
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db


def why(*arguments: str, **options: Any) -> list[str]:
    out = StringIO()
    call_command("why", *arguments, stdout=out, **{"now": NOW, **options})
    return out.getvalue().splitlines()


def test_each_line_says_when_and_what() -> None:
    make_delivery(reader=make_reader(email="ada@example.org"))

    assert "2026-06-09 08:00 UTC  The digest of Tuesday, 9 June 2026 was planned." in why("ada@example.org")


def test_another_day_is_told_when_it_is_asked_for() -> None:
    make_delivery(reader=make_reader(email="ada@example.org"))

    assert not any("was planned." in line for line in why("ada@example.org", "--date", "2026-06-08"))


@pytest.mark.parametrize("words", ["yesterday", "2026-13-01", "0001-01-01"])
def test_what_is_no_day_is_refused_in_one_sentence(words: str) -> None:
    with pytest.raises(CommandError, match="argument --date"):
        why("ada@example.org", "--date", words)


def test_what_is_no_address_is_refused_in_one_sentence() -> None:
    with pytest.raises(CommandError, match="An address has an @ in it"):
        why("ada")
