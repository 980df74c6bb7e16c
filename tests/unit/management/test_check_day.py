"""`check_day`: silent when all is well, words and exit 1 when it is not."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from digest.models import SendingStop
from tests.builders import NOW, make_reader

pytestmark = pytest.mark.django_db


def check_day(**options: Any) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("check_day", stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_all_is_well_exits_0() -> None:
    code, said, complained = check_day(now=NOW)

    assert (code, complained) == (0, "")
    assert said == "All is well: every source was read in time, and nobody waits.\n"


def test_a_day_that_did_not_run_exits_1_and_says_why() -> None:
    make_reader(next_digest_at=NOW)

    code, said, complained = check_day(now=NOW.replace(hour=10))

    assert (code, said) == (1, "")
    assert "A reader's digest has been due since 09 June 2026 08:00 UTC" in complained


def test_sources_that_were_not_read_are_said_one_a_line(settings: Any) -> None:
    settings.DEMO = False

    code, _, complained = check_day(now=NOW)

    assert code == 1
    assert all("has never been read without an error" in line for line in complained.splitlines())


def test_the_moment_is_the_one_that_is_given() -> None:
    make_reader(next_digest_at=NOW)

    assert check_day(now=NOW.replace(hour=7))[0] == 0


def test_a_moment_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="is not a date like"):
        call_command("check_day", "--now", "noon")


def test_a_standing_brake_exits_1_with_its_reason_however_new_it_is() -> None:
    SendingStop.objects.create(kind="by_hand", reason="The template is wrong.", pulled_at=NOW)

    code, _, complained = check_day(now=NOW)

    assert code == 1
    assert "the emergency brake is on: The template is wrong." in complained
