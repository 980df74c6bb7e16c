"""The encoder that the operator chose: loaded once a process, shared by its threads. Without one, words alone.

In: ENCODER, ENCODER_PATH and ENCODER_THREADS. Out: an encoder, or a sentence that says why there is none.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from digest.encoders import Encoder, find_loader
from digest.errors import EncoderUnavailable
from digest.pipeline.clock import SYSTEM_CLOCK, Clock

NOT_CHOSEN = "ENCODER is not set: papers are matched by words alone."
RETRY_AFTER = timedelta(minutes=10)  # a model that cannot be loaded is not tried again with every chunk of readers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the settings say."""

    model: str
    path: str
    threads: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    choice: Choice
    reason: str
    at: datetime


class _Process:
    """What this process has loaded, or failed to load."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.loaded: tuple[Choice, Encoder] | None = None
        self.failed: _Failure | None = None


_process = _Process()


def load_encoder(*, clock: Clock = SYSTEM_CLOCK) -> Encoder:
    """Answer the chosen encoder; the first call loads it, and others wait for that.

    Raises: EncoderUnavailable, saying what the operator can do; for RETRY_AFTER without another try.
    """
    choice = Choice(model=settings.ENCODER, path=settings.ENCODER_PATH, threads=settings.ENCODER_THREADS or None)
    if not choice.model:
        raise EncoderUnavailable(NOT_CHOSEN)
    with _process.lock:
        if _process.loaded and _process.loaded[0] == choice:
            return _process.loaded[1]
        failed = _process.failed
        if failed and failed.choice == choice and clock.now() < failed.at + RETRY_AFTER:
            raise EncoderUnavailable(failed.reason)
        return _load(choice, clock)


def _load(choice: Choice, clock: Clock) -> Encoder:
    try:
        encoder = find_loader(model=choice.model).load(model=choice.model, path=choice.path, threads=choice.threads)
    except EncoderUnavailable as error:
        log.warning("Papers are matched by words alone. %s", error)
        _process.failed = _Failure(choice=choice, reason=str(error), at=clock.now())
        raise
    _process.loaded = (choice, encoder)
    return encoder


def loaded_encoder() -> Encoder | None:
    """Answer the encoder that this process has loaded already. Never loads and never waits: a page has no seconds."""
    loaded = _process.loaded
    return loaded[1] if loaded and loaded[0].model == settings.ENCODER else None


def forget_encoder() -> None:
    """Forget what was loaded and what failed: the next call tries anew."""
    with _process.lock:
        _process.loaded = _process.failed = None


def why_words_alone() -> str:
    """Say why papers are matched by words alone, as far as can be told without loading a model; empty when not."""
    if not settings.ENCODER:
        return NOT_CHOSEN
    try:
        return find_loader(model=settings.ENCODER).why_not(model=settings.ENCODER, path=settings.ENCODER_PATH)
    except EncoderUnavailable as error:
        return str(error)


def announce() -> None:
    """Write into the log by what papers are matched; once, when a worker or web server starts."""
    reason = why_words_alone()
    if not reason:
        log.info("Papers are matched by words and by meaning: %s", settings.ENCODER)
    elif reason == NOT_CHOSEN:
        log.info(reason)
    else:
        log.warning("Papers are matched by words alone. %s", reason)
