"""`manage.py fit_taste`: what the operator reads."""

import json

import pytest
from django.core.management import call_command

from tests.builders import NOW

pytestmark = pytest.mark.django_db


def test_the_last_lines_say_what_came_of_it_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("fit_taste", "--now", NOW.isoformat())

    sentence, counts = capsys.readouterr().out.splitlines()
    stopped = "Taste is learnt beside meaning alone, and no encoder serves."
    assert sentence == f"{stopped} 0 likes of 0 readers."
    assert json.loads(counts) == {"readers": 0, "likes": 0, "map": None, "stopped": stopped}
