"""A preview for somebody who has not signed up: cheap enough to be asked for while they type.

What is alike in all of them is read once a minute. An answer is kept for a minute under a hash of what was typed, in
no table and no log.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import get_language

from digest.pipeline.preview import DAYS, Preview, preview
from digest.pipeline.week import Week, load_week
from subscriptions import services
from subscriptions.types import ProfileInput

KEPT = timedelta(minutes=1)


@dataclass(slots=True)
class _Memory:
    """The week that was read last, and when; one at a time is at work on it."""

    lock: threading.Lock
    week: Week | None = None
    read_at: datetime | None = None


_memory = _Memory(lock=threading.Lock())


def open_preview(*, wanted: ProfileInput, now: datetime) -> Preview:
    """Tell what an interest would have brought in the last seven days; it may be a minute old.

    One at a time in each process: they are all calculation, so two side by side would only be slower, and who asks for
    the same as another waits for the other's answer.
    Raises: SubscriptionError with the field's name.
    """
    row = services.draft_wish(profile=wanted)
    key = f"preview:{sha256(repr((wanted, get_language())).encode()).hexdigest()}"
    with _memory.lock:
        found: Preview | None = cache.get(key)
        if found is None:
            found = preview(profile=row, liked=wanted.papers, now=now, week=_week(now))
            cache.set(key, found, timeout=KEPT.total_seconds())
    return found


def forget_week() -> None:
    """Forget the papers that were read: another database may lie behind the same ids."""
    _memory.week = _memory.read_at = None


def _week(now: datetime) -> Week:
    is_fresh = _memory.read_at is not None and timedelta(0) <= now - _memory.read_at < KEPT
    if _memory.week is None or not is_fresh or _memory.read_at is None or _memory.read_at.date() != now.date():
        _memory.week, _memory.read_at = load_week(now=now, days=DAYS), now
    return _memory.week
