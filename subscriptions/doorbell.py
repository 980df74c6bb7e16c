"""A doorbell: tells a worker at once that a row is waiting. Nothing depends on it, for a sweep finds the row too.

In: a Celery task, itself or by its name, and its arguments, rung on commit. Out: with Redis, a message to a worker;
without, a call in this process by whoever answers (the demo's ticker).
"""

import logging
from collections import deque
from typing import Any

from celery import Task, current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

UNANSWERED_AT_MOST = 1000  # where nobody answers, old rings are forgotten: their rows wait for a sweep

_rung: deque[tuple[str, tuple[Any, ...]]] = deque(maxlen=UNANSWERED_AT_MOST)


def ring(task: Task[Any, Any] | str, *args: Any) -> None:
    """Have `task` run soon after the present transaction commits, or never if it does not.

    A broker that cannot be reached is logged and costs the caller nothing: the row is committed.
    """
    name = task if isinstance(task, str) else str(task.name)

    def tell() -> None:
        if settings.REDIS_URL:
            current_app.send_task(name, args=args)
        else:
            _rung.append((name, args))

    transaction.on_commit(tell, robust=True)


def answer() -> int:
    """Run what was rung, in this process, and what that rings in turn, until it is quiet.

    Returns: how many tasks were run. One that fails is logged and costs no other; the sweep finds its row.
    """
    answered = 0
    if _rung:
        current_app.autodiscover_tasks(force=True)  # a web process has not imported the tasks by itself
    while _rung:
        name, args = _rung.popleft()
        answered += 1
        try:
            current_app.tasks[name](*args)
        except Exception:
            log.exception("%s failed; the next sweep finds what it left", name)
    return answered
