"""A doorbell: tells a worker at once that a row is waiting. Nothing depends on it, for a sweep finds the row too.

In: a Celery task and its arguments, rung on commit. Out: with Redis, a message to a worker; without, a call in this
process by whoever answers (the demo's ticker).
"""

import logging
from collections import deque
from functools import partial
from typing import Any

from celery import Task
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

UNANSWERED_AT_MOST = 1000  # where nobody answers, old rings are forgotten: their rows wait for a sweep

_rung: deque[tuple[Task[Any, Any], tuple[Any, ...]]] = deque(maxlen=UNANSWERED_AT_MOST)


def ring(task: Task[Any, Any], *args: Any) -> None:
    """Have `task` run soon after the present transaction commits, or never if it does not.

    A broker that cannot be reached is logged and costs the caller nothing: the row is committed.
    """
    if settings.REDIS_URL:
        transaction.on_commit(partial(task.delay, *args), robust=True)
    else:
        transaction.on_commit(partial(_rung.append, (task, args)))


def answer() -> int:
    """Run what was rung, in this process, and what that rings in turn, until it is quiet.

    Returns: how many tasks were run. One that fails is logged and costs no other; the sweep finds its row.
    """
    answered = 0
    while _rung:
        task, args = _rung.popleft()
        answered += 1
        try:
            task(*args)
        except Exception:
            log.exception("%s failed; the next sweep finds what it left", task.name)
    return answered
