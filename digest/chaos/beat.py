"""The real Celery app for a beat in a hurry: the product's own entries that move digests, each at shorter intervals."""

from datetime import timedelta

from digest import celery_app as app

HURRIED = {"plan": timedelta(seconds=1), "sweep": timedelta(seconds=4), "watch-sending": timedelta(seconds=5)}

app.conf.beat_schedule = {
    name: {**entry, "schedule": HURRIED[name]} for name, entry in app.conf.beat_schedule.items() if name in HURRIED
}
app.conf.beat_max_loop_interval = 1
