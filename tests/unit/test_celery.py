"""The beat schedule: every source is asked, and nothing in it is kept by hand."""

from celery import current_app

from digest.sources import sources


def test_every_source_is_asked_and_no_other() -> None:
    lines = current_app.conf.beat_schedule.values()

    asked = [line["args"] for line in lines if line["task"] == "digest.tasks.ingest_source"]

    assert sorted(asked) == [[name] for name in sorted(sources())]


def test_what_is_done_by_the_clock_stands_in_the_schedule_beside_them() -> None:
    tasks = {line["task"] for line in current_app.conf.beat_schedule.values()}

    assert tasks > {"digest.tasks.plan_due", "digest.tasks.sweep", "subscriptions.tasks.send_outgoing_mail"}
