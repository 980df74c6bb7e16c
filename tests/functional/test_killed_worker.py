"""Real workers and beat on PostgreSQL and Redis run a day; one worker is killed in the middle of it."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.models import Delivery, Digest
from tests.builders import make_paper, make_reader
from tests.mailbox import Mailbox
from tests.waiting import until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

READERS = 200
LANES = 4  # each has one mail in hand at most; see EMAIL_LANES
ON_THE_WAY = [Delivery.Status.QUEUED, Delivery.Status.SENDING]


@pytest.fixture
def day(transactional_db: None) -> None:
    """A morning: papers came in an hour ago, and the hour of every reader has come."""
    now = datetime.now(UTC)
    for number in range(12):
        make_paper(
            title=f"Invented paper {number}",
            seen=now - timedelta(hours=1),
            signals={"huggingface_upvotes": 10 + number},
        )
    for _ in range(READERS):
        make_reader(next_digest_at=now - timedelta(minutes=1), digested_until=now - timedelta(days=1))


def test_a_killed_worker_loses_no_digest_and_sends_none_twice(
    day: None,
    mailbox: Mailbox,
    celery_worker_process: Callable[..., Any],
    celery_beat_process: Callable[..., Any],
) -> None:
    survivor, victim = celery_worker_process(name="survivor"), celery_worker_process(name="victim")
    celery_beat_process()
    until(lambda: Delivery.objects.filter(status=Delivery.Status.SENT).count() > 20, what="the first mails")
    victim.kill()
    in_the_middle = Delivery.objects.filter(status__in=ON_THE_WAY).count() + READERS - Delivery.objects.count()

    until(lambda: unfinished() <= LANES, what="the other mails", timeout_s=240)

    cut = Delivery.objects.exclude(status=Delivery.Status.SENT).count()
    recipients = Counter(str(message["To"]) for message in mailbox.messages())
    assert in_the_middle > 0, "the day was over before the worker was killed"
    assert (Digest.objects.count(), max(recipients.values())) == (READERS, 1)
    assert len(recipients) >= READERS - cut >= READERS - LANES
    survivor.stop()


def unfinished() -> int:
    """Count digests that are not yet at an end."""
    return READERS - Delivery.objects.exclude(status__in=ON_THE_WAY).count()
