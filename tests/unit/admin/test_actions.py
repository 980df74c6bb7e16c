"""What staff do for readers from the list: asked first where it hurts, through the services, written in the log."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client

from subscriptions.admin import acts
from subscriptions.models import ConsentEvent, Subscriber, Suppression
from tests.builders import NOW, make_reader
from tests.unit.admin.conftest import messages_of
from tests.unit.admin.rows import list_url, make_suppression

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def act(client: Client, action: str, *readers: Subscriber, **fields: Any) -> Any:
    chosen = {"action": action, "_selected_action": [reader.pk for reader in readers]}
    return client.post(list_url(Subscriber), {**chosen, **fields}, follow=True)


def act_at_once(client: Client, action: str, *readers: Subscriber, **fields: Any) -> Any:
    return act(client, action, *readers, confirmed="yes", **fields)


ASKED_FIRST = ["suppress", "pause", "unsubscribe"]
EVERY = [*ASKED_FIRST, "lift_suppression", "resume"]


@pytest.mark.parametrize("action", ASKED_FIRST)
def test_an_action_that_stops_mail_asks_first_and_changes_nothing(staff_client: Client, action: str) -> None:
    reader = make_reader(email="ada@example.org")
    before = Subscriber.objects.values().get()

    page = act(staff_client, action, reader).content.decode()

    assert "ada@example.org" in page
    assert "No, take me back" in page
    assert (Subscriber.objects.values().get(), Suppression.objects.count()) == (before, 0)


def test_suppressing_stops_the_address_and_keeps_the_reason(staff_client: Client) -> None:
    readers = [make_reader(), make_reader()]

    page = act_at_once(staff_client, "suppress", *readers, detail="asked by telephone")

    assert Suppression.objects.standing().filter(reason="staff", detail="asked by telephone").count() == 2
    assert ConsentEvent.objects.filter(kind="suppressed").count() == 2
    assert "Suppressed: 2 readers." in messages_of(page)


def test_a_note_with_an_address_is_asked_for_again_since_it_would_outlive_the_reader(staff_client: Client) -> None:
    page = act_at_once(staff_client, "suppress", make_reader(), detail="asked from ada@example.org")

    assert "leave the address out" in page.content.decode()
    assert not Suppression.objects.exists()


def test_lifting_frees_only_those_that_were_suppressed(staff_client: Client) -> None:
    suppressed, free = make_reader(), make_reader()
    make_suppression(reader=suppressed)

    page = act(staff_client, "lift_suppression", suppressed, free)

    assert Suppression.objects.get().lifted_at == NOW
    assert "Lifted the suppression: 1 reader." in messages_of(page)


def test_a_pause_holds_until_the_day(staff_client: Client) -> None:
    reader = make_reader()

    page = act_at_once(staff_client, "pause", reader, until="2026-06-20")

    reader.refresh_from_db()
    assert (reader.paused_until, reader.next_digest_at) == (date(2026, 6, 20), datetime(2026, 6, 20, 8, tzinfo=UTC))
    assert "Paused: 1 reader." in messages_of(page)


@pytest.mark.parametrize(
    ("until", "said"),
    [("", "This field is required"), ("2026-06-09", "choose a day after today"), ("20 June", "Enter a valid date")],
)
def test_a_pause_without_a_day_ahead_is_asked_for_again(staff_client: Client, until: str, said: str) -> None:
    reader = make_reader()

    page = act_at_once(staff_client, "pause", reader, until=until).content.decode()

    reader.refresh_from_db()
    assert reader.paused_until is None
    assert said in page


def test_when_one_reader_cannot_be_paused_none_is(staff_client: Client) -> None:
    here = make_reader()
    ahead = make_reader(timezone="Pacific/Kiritimati", hour=8)  # there it is the next day already in the evening

    with time_machine.travel(datetime(2026, 6, 9, 20, tzinfo=UTC), tick=False):
        act_at_once(staff_client, "pause", here, ahead, until="2026-06-10")

    assert not Subscriber.objects.filter(paused_until__isnull=False).exists()


def test_resuming_ends_the_pause(staff_client: Client) -> None:
    reader = make_reader(paused_until=date(2026, 6, 20), next_digest_at=datetime(2026, 6, 20, 8, tzinfo=UTC))

    act(staff_client, "resume", reader)

    reader.refresh_from_db()
    assert (reader.paused_until, reader.next_digest_at) == (None, datetime(2026, 6, 10, 8, tzinfo=UTC))


def test_unsubscribing_ends_the_mails(staff_client: Client) -> None:
    reader = make_reader()

    act_at_once(staff_client, "unsubscribe", reader)

    reader.refresh_from_db()
    assert (reader.status, reader.next_digest_at) == (Subscriber.Status.UNSUBSCRIBED, None)


def test_who_did_what_to_whom_is_in_the_log(staff_client: Client) -> None:
    reader = make_reader()

    act_at_once(staff_client, "suppress", reader)

    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id, entry.change_message) == ("grace", str(reader.pk), "Suppressed")


@pytest.mark.parametrize("action", EVERY)
def test_more_readers_than_one_click_may_change_are_left_alone(
    staff_client: Client, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr(acts, "MOST_AT_ONCE", 1)
    readers = [make_reader(paused_until=date(2026, 6, 20)), make_reader(paused_until=date(2026, 6, 20))]
    before = list(Subscriber.objects.values())

    page = act_at_once(staff_client, action, *readers, until="2026-07-01")

    assert "Nothing was done: choose 1 rows at most." in messages_of(page)
    assert (list(Subscriber.objects.values()), Suppression.objects.count()) == (before, 0)


@pytest.mark.parametrize("action", EVERY)
def test_who_may_only_look_can_do_nothing(looking_client: Client, action: str) -> None:
    reader = make_reader(paused_until=date(2026, 6, 20))
    make_suppression(reader=reader)
    before = (Subscriber.objects.values().get(), Suppression.objects.values().get())

    act_at_once(looking_client, action, reader, until="2026-07-01")

    assert (Subscriber.objects.values().get(), Suppression.objects.values().get()) == before


@pytest.mark.parametrize("action", EVERY)
def test_following_a_link_does_nothing(staff_client: Client, action: str) -> None:
    reader = make_reader(paused_until=date(2026, 6, 20))
    before = Subscriber.objects.values().get()

    staff_client.get(list_url(Subscriber), {"action": action, "_selected_action": str(reader.pk), "confirmed": "yes"})

    assert (Subscriber.objects.values().get(), Suppression.objects.count()) == (before, 0)
