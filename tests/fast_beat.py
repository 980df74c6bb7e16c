"""The real Celery app with the real schedule, every time in it shortened to a second: for tests of beat.

BEAT_ONLY names the one entry that a test needs, where all of them each second would keep its workers from theirs.
"""

import os
from datetime import timedelta

from digest.celery import app

EVERY = timedelta(seconds=1)

if only := os.environ.get("BEAT_ONLY"):
    app.conf.beat_schedule = {only: app.conf.beat_schedule[only]}
for entry in app.conf.beat_schedule.values():
    entry["schedule"] = EVERY
app.conf.beat_max_loop_interval = EVERY.total_seconds()
