"""`manage.py index`: what the operator reads on its last line, and what is said when nothing can be encoded."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from tests.builders import NOW, make_paper
from tests.encoders import MODEL, FakeLoader

pytestmark = pytest.mark.django_db


def index(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    call_command("index", "--now", NOW.isoformat(), *words)
    return dict(json.loads(capsys.readouterr().out.splitlines()[-1]))


def test_the_last_line_says_how_many_were_encoded_and_who_serves(
    loader: FakeLoader, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        make_paper()

    assert index(capsys) == {"encoded": 3, "waiting": 0, "serving": f"{MODEL}@1"}


def test_a_second_call_has_nothing_to_do(loader: FakeLoader, capsys: pytest.CaptureFixture[str]) -> None:
    make_paper()
    index(capsys)

    assert index(capsys)["encoded"] == 0


@pytest.mark.parametrize(("limit", "encoded"), [("2", 2), ("3", 3), ("4", 3)])
def test_no_more_are_encoded_than_asked_for(
    loader: FakeLoader, capsys: pytest.CaptureFixture[str], limit: str, encoded: int
) -> None:
    for _ in range(3):
        make_paper()

    assert index(capsys, "--limit", limit) | {"serving": ""} == {
        "encoded": encoded,
        "waiting": 3 - encoded,
        "serving": "",
    }


def test_without_an_encoder_it_says_that_words_alone_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    make_paper()

    call_command("index")

    sentence, counts = capsys.readouterr().out.splitlines()
    assert sentence == "ENCODER is not set: papers are matched by words alone."
    assert json.loads(counts) == {"encoded": 0, "waiting": 0, "serving": None}


def test_a_folder_that_is_not_there_is_named(settings: LazySettings, tmp_path: Path) -> None:
    settings.ENCODER, settings.ENCODER_PATH = "sentence-transformers/all-MiniLM-L6-v2", str(tmp_path / "nowhere")

    with pytest.raises(CommandError, match=str(tmp_path / "nowhere")):
        call_command("index")
