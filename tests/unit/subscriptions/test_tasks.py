"""The tasks of the beat schedule call one service each."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from subscriptions import doorbell, tasks
from subscriptions.models import OutgoingMail, RateWindow, Subscriber
from subscriptions.services import housekeeping
from subscriptions.services.housekeeping import UNCONFIRMED_FOR
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue(make_reader: Callable[..., Subscriber]) -> Callable[[int], None]:
    def add(count: int) -> None:
        now = timezone.now()
        for _ in range(count):
            OutgoingMail.objects.create(subscriber=make_reader(), kind="manage", not_before=now, created_at=now)

    return add


def test_waiting_mails_are_sent(queue: Callable[[int], None], mailbox: Mailbox) -> None:
    queue(2)

    tasks.send_outgoing_mail()

    assert len(mailbox.messages()) == 2


def test_a_full_chunk_rings_for_the_next_one(
    queue: Callable[[int], None], mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MAILS_A_RUN", 2)
    queue(5)

    tasks.send_outgoing_mail()
    doorbell.answer()

    assert len(mailbox.messages()) == 5


def test_more_readers_than_a_chunk_are_all_forgotten(
    make_reader: Callable[..., Subscriber], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK", 2)
    for _ in range(5):
        make_reader(status=Subscriber.Status.PENDING, created=timezone.now() - 2 * UNCONFIRMED_FOR)

    tasks.tidy()
    doorbell.answer()

    assert Subscriber.objects.count() == 0


def test_tidying_forgets_what_is_old(make_reader: Callable[..., Subscriber]) -> None:
    long_ago = timezone.now() - 2 * UNCONFIRMED_FOR
    make_reader(status=Subscriber.Status.PENDING, created=long_ago)
    RateWindow.objects.create(key="key", began_at=long_ago)

    tasks.tidy()

    assert (Subscriber.objects.count(), RateWindow.objects.count()) == (0, 0)
