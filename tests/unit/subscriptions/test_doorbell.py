"""The doorbell: rung on commit, answered in this process, and never the cause of a failure."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from celery import current_app, shared_task
from django.conf import LazySettings
from django.db import transaction

from subscriptions import doorbell, services
from subscriptions.types import SignUp
from tests.mailbox import Mailbox

visits: list[str] = []


@shared_task(name="tests.visit")
def visit(name: str) -> None:
    visits.append(name)


@shared_task(name="tests.visit_two")
def visit_two() -> None:
    doorbell.ring(visit, "second")


@shared_task(name="tests.stumble")
def stumble() -> None:
    raise ZeroDivisionError("the stairs")


@pytest.fixture(autouse=True)
def quiet_doorbell(settings: LazySettings) -> Iterator[None]:
    settings.REDIS_URL = ""
    doorbell._rung.clear()  # what other tests rang
    visits.clear()
    yield
    doorbell._rung.clear()


@pytest.fixture
def unreachable_broker() -> Iterator[None]:
    before = current_app.conf.broker_url
    current_app.conf.update(broker_url="redis://127.0.0.1:1/0")
    yield
    current_app.conf.update(broker_url=before)


@pytest.mark.django_db(transaction=True)
def test_what_was_rung_runs_with_its_arguments() -> None:
    doorbell.ring(visit, "Ada")

    answered = doorbell.answer()

    assert (answered, visits) == (1, ["Ada"])


@pytest.mark.django_db(transaction=True)
def test_tasks_run_in_the_order_they_were_rung() -> None:
    doorbell.ring(visit, "first")
    doorbell.ring(visit, "second")

    doorbell.answer()

    assert visits == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_rung_before_the_transaction_commits() -> None:
    with transaction.atomic():
        doorbell.ring(visit, "early")
        answered_before = doorbell.answer()

    answered_after = doorbell.answer()

    assert (answered_before, answered_after) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_rings_nothing() -> None:
    with transaction.atomic():
        doorbell.ring(visit, "never")
        transaction.set_rollback(True)

    answered = doorbell.answer()

    assert answered == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_task_rings_is_answered_too() -> None:
    doorbell.ring(visit_two)

    answered = doorbell.answer()

    assert (answered, visits) == (2, ["second"])


@pytest.mark.django_db(transaction=True)
def test_a_task_that_fails_is_logged_and_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    doorbell.ring(stumble)
    doorbell.ring(visit, "after")

    with caplog.at_level(logging.ERROR):
        doorbell.answer()

    assert visits == ["after"]
    assert "tests.stumble failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_answering_twice_runs_nothing_twice() -> None:
    doorbell.ring(visit, "once")
    doorbell.answer()

    answered = doorbell.answer()

    assert (answered, visits) == (0, ["once"])


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_nobody_answers_forgets_the_oldest_rings() -> None:
    for number in range(doorbell.UNANSWERED_AT_MOST + 1):
        doorbell.ring(visit, str(number))

    answered = doorbell.answer()

    assert answered == doorbell.UNANSWERED_AT_MOST
    assert visits[0] == "1"


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_cannot_be_reached_does_not_undo_what_was_committed(
    settings: LazySettings, unreachable_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    with transaction.atomic():
        doorbell.ring(visit, "by a worker")

    assert "Error calling" in caplog.text
    assert doorbell.answer() == 0


@pytest.mark.django_db(transaction=True)
def test_a_task_can_be_rung_by_its_name() -> None:
    doorbell.ring("tests.visit", "Ada")

    doorbell.answer()

    assert visits == ["Ada"]


@pytest.mark.django_db(transaction=True)
def test_a_name_that_no_task_has_is_logged_and_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    doorbell.ring("tests.nobody")
    doorbell.ring(visit, "after")

    doorbell.answer()

    assert visits == ["after"]
    assert "tests.nobody failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_signing_up_rings_for_the_confirmation_mail(mailbox: Mailbox) -> None:
    form = SignUp(email="ada@example.org")
    services.sign_up(form=form, network="a network", wording="Mail me.", now=datetime.now(UTC))

    doorbell.answer()

    assert mailbox.only()["To"] == "ada@example.org"
