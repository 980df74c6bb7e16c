"""The chosen encoder: loaded once, and a sentence for everything that can be wrong with it."""

import logging

import pytest
from django.conf import LazySettings

from digest.errors import EncoderUnavailable
from digest.pipeline import encoding
from digest.pipeline.encoding import NOT_CHOSEN, RETRY_AFTER, announce, load_encoder, why_words_alone
from tests.builders import NOW
from tests.encoders import MODEL, FakeLoader
from tests.threads import at_once
from tests.unit.pipeline.moments import FakeTime


def test_the_encoder_is_loaded_once(loader: FakeLoader) -> None:
    assert load_encoder() is load_encoder()
    assert loader.loads == 1


def test_threads_that_ask_at_the_same_moment_share_one_loading(loader: FakeLoader) -> None:
    at_once(workers=8, do=load_encoder)

    assert loader.loads == 1


def test_another_folder_is_another_loading(loader: FakeLoader, settings: LazySettings) -> None:
    load_encoder()
    settings.ENCODER_PATH = "elsewhere"
    load_encoder()

    assert loader.loads == 2


def test_a_failure_is_remembered_for_ten_minutes_and_said_once(
    loader: FakeLoader, caplog: pytest.LogCaptureFixture
) -> None:
    loader.damage = "The files are damaged."

    time = FakeTime(NOW)

    for pause, loads in [(0, 1), (RETRY_AFTER.total_seconds() - 1, 1), (1, 2)]:
        time.passes(seconds=pause)
        with pytest.raises(EncoderUnavailable, match=r"^The files are damaged\.$"):
            load_encoder(clock=time.clock)
        assert loader.loads == loads

    assert caplog.messages == ["Papers are matched by words alone. The files are damaged."] * 2


def test_a_folder_that_was_mended_is_loaded_at_the_next_try(loader: FakeLoader) -> None:
    loader.damage = "The files are damaged."
    with pytest.raises(EncoderUnavailable):
        load_encoder()
    loader.damage = ""
    encoding.forget_encoder()

    assert load_encoder() is loader.encoder


@pytest.mark.parametrize(
    ("chosen", "trouble", "said"),
    [
        ("", "", NOT_CHOSEN),
        (MODEL, "There is no folder.", "There is no folder."),
        ("invented/unknown", "", "invented/unknown is unknown here"),
        (MODEL, "", ""),
    ],
    ids=["not chosen", "not usable", "unknown", "all is well"],
)
def test_what_keeps_meaning_out_is_said(
    loader: FakeLoader, settings: LazySettings, chosen: str, trouble: str, said: str
) -> None:
    settings.ENCODER, loader.trouble = chosen, trouble

    reason = why_words_alone()

    assert said in reason
    assert bool(reason) == bool(said)
    assert loader.loads == 0


@pytest.mark.parametrize(
    ("chosen", "trouble", "level", "line"),
    [
        ("", "", logging.INFO, NOT_CHOSEN),
        (MODEL, "No folder.", logging.WARNING, "Papers are matched by words alone. No folder."),
        (MODEL, "", logging.INFO, f"Papers are matched by words and by meaning: {MODEL}"),
    ],
)
def test_a_start_says_by_what_papers_are_matched(
    loader: FakeLoader,
    settings: LazySettings,
    caplog: pytest.LogCaptureFixture,
    chosen: str,
    trouble: str,
    level: int,
    line: str,
) -> None:
    settings.ENCODER, loader.trouble = chosen, trouble
    caplog.set_level(logging.INFO)

    announce()

    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(level, line)]
