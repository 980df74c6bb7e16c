"""The Celery app and the beat schedule: what happens when nobody asks for it."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")

ASK_SOURCES_EVERY = timedelta(minutes=10)

app = Celery("postprint")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,  # but a task whose process dies in it is not tried at once: the sweeps find its rows
    worker_prefetch_multiplier=1,
    task_soft_time_limit=240,
    task_time_limit=300,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 600,  # seconds; above the longest task
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 3,  # seconds: a Redis that swallows packets must not hold a reader's sign-up
    },
    beat_schedule={
        "look-up-library": {"task": "digest.tasks.look_up_library", "schedule": timedelta(minutes=10)},
        "name-library": {"task": "digest.tasks.name_library", "schedule": timedelta(minutes=2)},
        "bring-lists": {"task": "digest.tasks.bring_lists", "schedule": timedelta(minutes=2)},
        "refresh-libraries": {"task": "digest.tasks.refresh_libraries", "schedule": timedelta(minutes=10)},
        "index": {"task": "digest.tasks.index_papers", "schedule": timedelta(minutes=3)},
        "file-papers": {"task": "digest.tasks.file_papers", "schedule": timedelta(minutes=10)},
        "stand": {"task": "digest.tasks.stand_profiles", "schedule": timedelta(minutes=3)},
        "fit-taste": {"task": "digest.tasks.fit_taste", "schedule": crontab(hour=2, minute=40)},
        "trending": {"task": "digest.tasks.rank_trending", "schedule": timedelta(minutes=30)},
        "plan": {"task": "digest.tasks.plan_due", "schedule": timedelta(minutes=5)},
        "sweep": {"task": "digest.tasks.sweep", "schedule": timedelta(minutes=2)},
        "watch-sending": {"task": "digest.tasks.watch_sending", "schedule": timedelta(minutes=1)},
        "pick-up-bounces": {"task": "digest.tasks.pick_up_bounces", "schedule": timedelta(minutes=5)},
        "outgoing-mail": {"task": "subscriptions.tasks.send_outgoing_mail", "schedule": timedelta(minutes=1)},
        "tidy": {"task": "subscriptions.tasks.tidy", "schedule": timedelta(hours=6)},
        "tidy-vectors": {"task": "digest.tasks.tidy_vectors", "schedule": timedelta(hours=6)},
        "tidy-runs": {"task": "digest.tasks.tidy_runs", "schedule": timedelta(hours=6)},
    },
)


@app.on_after_configure.connect
def ask_every_source(sender: Celery, **_: Any) -> None:
    """Put every source into the schedule: how often there is something to read, its own clock decides."""
    from digest.sources import sources  # noqa: PLC0415 - only who needs the schedule reads the sources' files

    for name in sources():
        entry = {"task": "digest.tasks.ingest_source", "args": [name], "schedule": ASK_SOURCES_EVERY}
        sender.conf.beat_schedule[f"ingest-{name}"] = entry


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Leave the logs as the settings have set them up: Celery's own lines would not be blotted."""


@celeryd_init.connect
@beat_init.connect
def refuse_without_redis(**_: Any) -> None:
    """End a worker or beat that could only wait for ever."""
    if app.conf.broker_url == "memory://":
        raise SystemExit("REDIS_URL is not set: a worker or beat has nothing to listen to.")


@worker_init.connect
def say_what_papers_are_matched_by(**_: Any) -> None:
    """Write into a worker's log whether papers are matched by their meaning, and why not."""
    from digest.pipeline.encoding import announce  # noqa: PLC0415 - only a worker encodes; Django must be ready

    announce()
