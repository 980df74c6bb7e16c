"""The real Celery app with the real schedule, every time in it shortened to a second: for tests of beat."""

from datetime import timedelta

from digest.celery import app

EVERY = timedelta(seconds=1)

for entry in app.conf.beat_schedule.values():
    entry["schedule"] = EVERY
app.conf.beat_max_loop_interval = EVERY.total_seconds()
