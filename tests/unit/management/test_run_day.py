"""`manage.py run_day`: what the operator reads on its last line."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from digest.mail.limits import Limits
from digest.models import Delivery
from digest.pipeline.index import load_vectors
from tests.builders import NOW, make_paper, make_reader
from tests.encoders import MODEL, FakeLoader
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    """Read the counts that the command printed."""
    return dict(json.loads(capsys.readouterr().out.splitlines()[-1]))


def test_the_last_line_counts_what_came_of_each_digest(mailbox: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
    make_paper(signals={"huggingface_upvotes": 118})
    make_reader()
    make_reader(trending=False)

    call_command("run_day", "--now", NOW.isoformat())

    counts = {"planned": 2, "ready": 1, "empty": 1, "sent": 1, "failed": 0, "unknown": 0, "suppressed": 0, "expired": 0}
    assert last_line(capsys) == counts


def test_a_second_call_with_the_same_now_sends_nothing(mailbox: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
    make_paper(signals={"huggingface_upvotes": 118})
    make_reader()
    call_command("run_day", "--now", NOW.isoformat())

    call_command("run_day", "--now", NOW.isoformat())

    assert (set(last_line(capsys).values()), len(mailbox.messages())) == ({0}, 1)


def test_a_rehearsal_counts_what_would_have_left(settings: LazySettings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = "dry-run", "digest.mail.backends.DryRunBackend"
    make_paper(signals={"huggingface_upvotes": 118})
    make_reader()

    call_command("run_day", "--now", NOW.isoformat())

    counts = last_line(capsys)
    assert (counts["rehearsed"], counts["sent"]) == (1, 0)


def test_what_is_above_the_days_limit_waits_for_another_run(
    mailbox: Mailbox, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=2, per_second=50)
    make_paper(signals={"huggingface_upvotes": 118})
    for _ in range(3):
        make_reader()

    call_command("run_day", "--now", NOW.isoformat())

    assert (last_line(capsys)["sent"], len(mailbox.messages())) == (2, 2)
    assert Delivery.objects.filter(status=Delivery.Status.QUEUED).count() == 1


def test_a_longer_horizon_lets_old_papers_trend(mailbox: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
    make_paper(seen=NOW - timedelta(days=100), signals={"huggingface_upvotes": 118})
    make_reader()

    call_command("run_day", "--now", NOW.isoformat(), "--horizon-days", "400")

    assert last_line(capsys)["sent"] == 1


def test_a_day_that_must_be_run_again_says_so_in_one_line(mailbox: Mailbox) -> None:
    make_paper(title="State space models")
    reader = make_reader(profiles=[{"keywords": ["state space model"]}])

    def leave(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "digest_digest"') and reader.profiles.exists():
            reader.profiles.all().delete()
        return execute(sql, *rest)

    with (
        connection.execute_wrapper(leave),
        pytest.raises(CommandError, match="Run it again: what is done stays done"),
    ):
        call_command("run_day", "--now", NOW.isoformat())


def test_papers_have_their_vectors_before_they_are_matched(
    mailbox: Mailbox, loader: FakeLoader, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = make_paper(title="State space models")
    make_reader(profiles=[{"keywords": ["state space model"]}])

    call_command("run_day", "--now", NOW.isoformat())

    assert last_line(capsys)["sent"] == 1
    assert list(load_vectors(paper_ids=[paper.pk], encoder=f"{MODEL}@1")) == [paper.pk]


@pytest.mark.parametrize("fault", ["trouble", "damage"])
def test_a_model_that_cannot_be_used_costs_no_reader_the_digest(
    mailbox: Mailbox, loader: FakeLoader, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    setattr(loader, fault, "There is no folder.")
    make_paper(title="State space models")
    make_reader(profiles=[{"keywords": ["state space model"]}])

    call_command("run_day", "--now", NOW.isoformat())

    assert last_line(capsys)["sent"] == 1
