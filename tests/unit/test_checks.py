"""`manage.py check --deploy` warns of what only a trial may have."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from digest.checks import (
    tell_that_no_encoder_is_chosen,
    warn_of_trial_settings,
    warn_of_unknown_categories,
    warn_of_unusable_encoder,
)

PRODUCTION = {"DEMO": False, "REDIS_URL": "redis://cache.example", "EMAIL_PROVIDER": "smtp", "SECURE": True}
Warnings = Callable[..., list[str | None]]


@pytest.fixture
def warnings(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Warnings:
    """Check production settings, some of them changed."""

    def check(*, engine: str = "postgresql", **changed: Any) -> list[str | None]:
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
        for name, value in (PRODUCTION | changed).items():
            setattr(settings, name, value)
        return [message.id for message in warn_of_trial_settings()]

    return check


def test_production_settings_are_without_warning(warnings: Warnings) -> None:
    assert warnings() == []


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        ({"DEMO": True}, "postprint.W001"),
        ({"engine": "sqlite3"}, "postprint.W002"),
        ({"REDIS_URL": ""}, "postprint.W003"),
        ({"EMAIL_PROVIDER": "file"}, "postprint.W004"),
        ({"SECURE": False}, "postprint.W005"),
    ],
)
def test_each_trial_setting_is_warned_of(warnings: Warnings, changed: dict[str, Any], warning: str) -> None:
    assert warnings(**changed) == [warning]


@pytest.mark.parametrize("known", ["cs.CL", "hep-th", "math", "astro-ph.GA"])
def test_a_category_that_arxiv_has_is_no_complaint(known: str, settings: LazySettings) -> None:
    settings.ARXIV_CATEGORIES = [known]

    assert warn_of_unknown_categories() == []


def test_a_category_that_arxiv_does_not_have_is_warned_of_by_name(settings: LazySettings) -> None:
    settings.ARXIV_CATEGORIES = ["cs.CL", "cs.XX"]

    (warning,) = warn_of_unknown_categories()

    assert "cs.XX" in warning.msg
    assert "cs.CL" not in warning.msg


def test_words_alone_by_choice_is_told_and_no_warning(settings: LazySettings) -> None:
    settings.ENCODER = ""

    assert [message.id for message in tell_that_no_encoder_is_chosen()] == ["postprint.I001"]
    assert warn_of_unusable_encoder() == []


@pytest.mark.parametrize(
    ("encoder", "path", "words"),
    [
        ("sentence-transformers/all-MiniLM-L6-v2", "/nowhere/at/all", "there is no folder /nowhere/at/all"),
        ("invented/unknown", "", "invented/unknown is unknown here"),
    ],
)
def test_words_alone_by_mishap_is_warned_of_with_the_reason(
    encoder: str, path: str, words: str, settings: LazySettings
) -> None:
    settings.ENCODER, settings.ENCODER_PATH = encoder, path

    (warning,) = warn_of_unusable_encoder()

    assert warning.msg.startswith("Papers are matched by words alone. ")
    assert words in warning.msg
    assert tell_that_no_encoder_is_chosen() == []


def test_an_encoder_that_may_work_is_no_complaint(settings: LazySettings) -> None:
    settings.ENCODER, settings.ENCODER_PATH = "sentence-transformers/all-MiniLM-L6-v2", ""

    assert warn_of_unusable_encoder() == tell_that_no_encoder_is_chosen() == []
