"""What an operator decides by hand: lost deliveries, hosts that said stop, suppressions."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from digest.models import Delivery, IngestRun, SourceGate
from subscriptions.models import ConsentEvent, OutgoingMail, Suppression
from tests.builders import NOW, make_reader
from tests.unit.admin.conftest import messages_of
from tests.unit.admin.rows import (
    list_url,
    make_consent,
    make_delivery,
    make_digest,
    make_gate,
    make_outgoing,
    make_run,
    make_stop,
    make_suppression,
)

pytestmark = pytest.mark.django_db


def act(client: Client, action: str, *rows: Any) -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(list_url(type(rows[0])), chosen, follow=True)


@pytest.fixture
def lost() -> Delivery:
    return make_delivery(digest=make_digest(reader=make_reader()), status=Delivery.Status.UNKNOWN, sent_at=None)


@pytest.mark.parametrize(("action", "status"), [("it_arrived", "sent"), ("send_again", "queued")])
def test_an_operator_settles_a_lost_delivery(staff_client: Client, lost: Delivery, action: str, status: str) -> None:
    page = act(staff_client, action, lost)

    lost.refresh_from_db()
    assert lost.status == status
    assert "1 delivery" in messages_of(page)


def test_a_delivery_that_was_sent_is_not_sent_again(staff_client: Client, lost: Delivery) -> None:
    sent = make_delivery(digest=make_digest(reader=make_reader()))

    page = act(staff_client, "send_again", lost, sent)

    sent.refresh_from_db()
    assert sent.status == Delivery.Status.SENT
    assert "Queued again: 1 delivery. Others were left alone." in messages_of(page)
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(lost.pk)]


@pytest.mark.parametrize("action", ["it_arrived", "send_again"])
def test_who_may_only_look_settles_nothing(looking_client: Client, lost: Delivery, action: str) -> None:
    act(looking_client, action, lost)

    lost.refresh_from_db()
    assert lost.status == Delivery.Status.UNKNOWN


def test_a_person_lifts_the_stop_of_a_host(staff_client: Client) -> None:
    gate, open_gate = make_gate(failures=4), make_gate(host="open.example.org", denied_at=None)

    page = act(staff_client, "lift_stop", gate, open_gate)

    gate.refresh_from_db()
    assert (gate.denied_at, gate.failures) == (None, 0)
    assert "lifted for 1 host." in messages_of(page)


def test_who_may_only_look_lifts_no_stop(looking_client: Client) -> None:
    gate = make_gate()

    act(looking_client, "lift_stop", gate)

    gate.refresh_from_db()
    assert gate.denied_at == NOW


def test_a_person_lifts_the_brake_and_answers_for_it(staff_client: Client) -> None:
    stop = make_stop()

    page = act(staff_client, "lift_brake", stop)

    stop.refresh_from_db()
    assert (stop.lifted_at is not None, stop.lifted_by) == (True, "grace")
    assert "lifted 1 time." in messages_of(page)
    assert LogEntry.objects.get().object_id == str(stop.pk)


def test_who_may_only_look_lifts_no_brake(looking_client: Client) -> None:
    stop = make_stop()

    act(looking_client, "lift_brake", stop)

    stop.refresh_from_db()
    assert stop.lifted_at is None


def test_a_rehearsed_delivery_can_be_sent_for_real_and_has_not_arrived(staff_client: Client, lost: Delivery) -> None:
    Delivery.objects.update(status=Delivery.Status.REHEARSED)

    act(staff_client, "it_arrived", lost)
    not_arrived = Delivery.objects.get().status
    act(staff_client, "send_again", lost)

    assert (not_arrived, Delivery.objects.get().status) == (Delivery.Status.REHEARSED, Delivery.Status.QUEUED)


def test_a_suppression_is_lifted_where_it_is_listed(staff_client: Client) -> None:
    reader = make_reader()
    suppression = make_suppression(reader=reader)

    page = act(staff_client, "lift", suppression)

    suppression.refresh_from_db()
    assert suppression.lifted_at is not None
    assert ConsentEvent.objects.get().kind == ConsentEvent.Kind.UNSUPPRESSED
    assert "Lifted 1 suppression." in messages_of(page)


def test_who_may_only_look_lifts_no_suppression(looking_client: Client) -> None:
    suppression = make_suppression(reader=make_reader())

    act(looking_client, "lift", suppression)

    suppression.refresh_from_db()
    assert suppression.lifted_at is None


@pytest.mark.parametrize(("standing", "number"), [("yes", 1), ("no", 2)])
def test_suppressions_in_force_and_lifted_ones_are_told_apart(staff_client: Client, standing: str, number: int) -> None:
    make_suppression(reader=make_reader())
    for _ in range(2):
        make_suppression(reader=make_reader(), lifted_at=NOW)

    page = staff_client.get(list_url(Suppression), {"standing": standing})

    assert len(page.context["cl"].result_list) == number


def test_suppression_and_proof_are_found_by_an_address_that_nobody_has_any_more(staff_client: Client) -> None:
    reader = make_reader(email="ada@example.org")
    suppression, consent = make_suppression(reader=reader), make_consent(reader=reader)
    make_suppression(reader=make_reader())
    reader.delete()

    for row in (suppression, consent):
        page = staff_client.get(list_url(type(row)), {"q": "Ada@Example.org"})
        assert list(page.context["cl"].result_list) == [row]
        assert "no reader any more" in page.content.decode()


@pytest.mark.parametrize("model", [Suppression, ConsentEvent])
def test_part_of_an_address_finds_no_record(staff_client: Client, model: Any) -> None:
    reader = make_reader()
    make_suppression(reader=reader)
    make_consent(reader=reader)

    page = staff_client.get(list_url(model), {"q": reader.email[:4]})

    assert not page.context["cl"].result_list


def test_mails_about_a_subscription_are_found_by_the_reader(staff_client: Client) -> None:
    wanted = make_outgoing(reader=make_reader(email="ada@example.org"))
    make_outgoing(reader=make_reader())

    page = staff_client.get(list_url(OutgoingMail), {"q": "ada@example.org"})

    assert list(page.context["cl"].result_list) == [wanted]


@pytest.mark.parametrize("outcome", ["failed", "open"])
def test_runs_that_went_wrong_or_never_ended_stand_apart(staff_client: Client, outcome: str) -> None:
    make_run()
    runs = {"failed": make_run(error="a time-out"), "open": make_run(finished_at=None)}

    page = staff_client.get(list_url(IngestRun), {"outcome": outcome})

    assert list(page.context["cl"].result_list) == [runs[outcome]]


def test_gates_say_which_host_told_us_to_stop(staff_client: Client) -> None:
    make_gate(host="export.example.org")

    assert "export.example.org" in staff_client.get(list_url(SourceGate)).content.decode()
