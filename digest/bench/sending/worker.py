"""The service's Celery app, listened to: celery -A digest.bench.sending.worker. The service knows nothing of it."""

import json
import os
import time
from collections import Counter
from functools import wraps
from pathlib import Path
from threading import Lock, local
from typing import Any

from celery.signals import task_postrun, worker_process_init

from digest.celery import app

FOLDER = "BENCH_FOLDER"  # the variable that names where the numbers of each process are written
__all__ = ["app"]


class Shares:
    """Adds up the seconds of each part over the threads of a process; one inside another is counted once, as itself."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._lock, self._mine = Lock(), local()

    def listen(self, *, owner: Any, name: str, part: str) -> None:
        """Count each call of `owner.name` to a part."""
        heard = getattr(owner, name)

        @wraps(heard)
        def timed(*args: Any, **kwargs: Any) -> Any:
            around, began = getattr(self._mine, "inside", 0.0), time.perf_counter()
            self._mine.inside = 0.0
            try:
                return heard(*args, **kwargs)
            finally:
                took = time.perf_counter() - began
                with self._lock:
                    self.seconds[part] += took - self._mine.inside
                self._mine.inside = around + took

        setattr(owner, name, timed)


shares = Shares()


@worker_process_init.connect
def listen(**_: Any) -> None:
    """Say which functions of the service make up which part."""
    from digest.mail import brake, content, delivery, ledger, sender, smtp  # noqa: PLC0415 - Django must be ready
    from digest.mail.route import Route  # noqa: PLC0415
    from digest.mail.sender import Sender  # noqa: PLC0415
    from digest.mail.wire import Wire  # noqa: PLC0415

    for owner, name, part in (
        (Sender, "send", "rest"),
        (content, "load", "load"),
        (brake, "standing", "ledger"),
        (sender, "step", "ledger"),
        (ledger, "move", "ledger"),
        (delivery, "waiting", "ledger"),
        (delivery, "expire", "ledger"),
        (content, "to_digest", "render"),
        (sender, "render_digest", "render"),
        (smtp, "to_bytes", "mime"),
        (Wire, "hand_over", "smtp"),
        (Route, "turn", "turns"),
    ):
        shares.listen(owner=owner, name=name, part=part)


@task_postrun.connect
def write(**_: Any) -> None:
    """Write down what this process did so far."""
    if folder := os.environ.get(FOLDER):
        Path(folder, f"{os.getpid()}.json").write_text(json.dumps(shares.seconds), "utf-8")
