"""Addresses that are left alone after soft bounces, as staff see them, and the end that staff put to a wait."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.test import Client

from digest.mail.ledger import waiting
from digest.mail.settle import let_through
from digest.models import Delivery
from subscriptions.models import SoftBounce
from tests.builders import NOW, make_reader
from tests.unit.admin.conftest import messages_of
from tests.unit.admin.rows import list_url, make_delivery, make_digest, make_soft_bounce, make_suppression

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def put_off(*, until: datetime = NOW + HOUR) -> tuple[SoftBounce, Delivery]:
    """Save an address that waits, and its reader's mail that waits for it."""
    reader = make_reader()
    fields = {"status": Delivery.Status.QUEUED, "sent_at": None, "retry_at": until}
    return make_soft_bounce(reader=reader), make_delivery(digest=make_digest(reader=reader), **fields)


def let(client: Client, *rows: SoftBounce) -> object:
    chosen = {"action": "let_through", ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
    return client.post(list_url(SoftBounce), chosen, follow=True)


def test_the_list_tells_who_waits_until_when_and_how_often(staff_client: Client) -> None:
    reader = make_reader(email="ada@example.org")
    make_soft_bounce(reader=reader, times=3, detail="452 4.2.2 mailbox full")
    gone = make_reader()
    make_soft_bounce(reader=gone)
    gone.delete()

    page = staff_client.get(list_url(SoftBounce)).content.decode()

    for words in ("ada@example.org", ">3<", "452 4.2.2 mailbox full", "no reader any more"):
        assert words in page
    assert reader.address_key not in page


@pytest.mark.parametrize(("chosen", "found"), [("yes", [2]), ("no", [1]), ("", [2, 1])])
def test_the_list_can_be_narrowed_to_waits_that_last_or_are_over(
    staff_client: Client, chosen: str, found: list[int]
) -> None:
    make_soft_bounce(reader=make_reader(), times=1, waits_until=NOW)
    make_soft_bounce(reader=make_reader(), times=2, waits_until=NOW + timedelta(microseconds=1))

    page = staff_client.get(list_url(SoftBounce), {"waiting": chosen} if chosen else {})

    assert [row.times for row in page.context["cl"].result_list] == found


def test_an_address_is_found_whether_or_not_somebody_reads_under_it(staff_client: Client) -> None:
    make_soft_bounce(reader=make_reader(email="ada@example.org"))
    make_soft_bounce(reader=make_reader())

    page = staff_client.get(list_url(SoftBounce), {"q": "Ada@example.org"})

    assert [row.reader_email for row in page.context["cl"].result_list] == ["ada@example.org"]


def test_letting_through_ends_the_wait_of_the_address_and_of_its_mail(staff_client: Client) -> None:
    bounce, delivery = put_off()
    other, _ = put_off()

    page = let(staff_client, bounce)

    assert list(SoftBounce.objects.all()) == [other]
    assert waiting(now=NOW, limit=9) == [delivery.pk]
    assert "Let mails through to 1 address; 1 mail that waited may leave at once." in messages_of(page)
    assert LogEntry.objects.get().object_id == str(bounce.pk)


def test_letting_through_twice_changes_nothing_more() -> None:
    bounce, _ = put_off()

    assert [let_through(address_keys=[bounce.address_key], now=NOW) for _ in range(2)] == [1, 0]


def test_letting_through_lifts_no_suppression() -> None:
    reader = make_reader()
    suppression = make_suppression(reader=reader)

    let_through(address_keys=[reader.address_key], now=NOW)

    suppression.refresh_from_db()
    assert suppression.lifted_at is None


def test_who_may_only_look_lets_nothing_through(looking_client: Client) -> None:
    bounce, delivery = put_off()

    let(looking_client, bounce)

    delivery.refresh_from_db()
    assert (SoftBounce.objects.count(), delivery.retry_at) == (1, NOW + HOUR)
