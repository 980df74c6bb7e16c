"""/healthz/: plain for load balancers, exact for monitors, and nothing personal."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from digest.pipeline.index import index_papers
from tests.builders import NOW, make_reader
from tests.encoders import FakeLoader
from tests.unit.admin.rows import make_delivery, make_digest, make_stop


@pytest.fixture(autouse=True)
def asks_no_source(settings: Any) -> None:
    settings.DEMO = True


@pytest.mark.django_db
def test_a_process_that_can_serve_says_so(client: Client) -> None:
    answer = client.get("/healthz/")

    assert (answer.status_code, answer.json()["database"], answer.json()["problems"]) == (200, True, [])


@pytest.mark.django_db
def test_late_work_is_told_and_takes_no_web_process_out_of_service(client: Client) -> None:
    make_reader(next_digest_at=NOW)

    answer = client.get("/healthz/")

    assert answer.status_code == 200
    assert "A reader's digest has been due since" in answer.json()["problems"][0]


@pytest.mark.django_db
def test_late_work_turns_the_monitors_answer_to_503(client: Client) -> None:
    make_reader(next_digest_at=NOW)

    assert client.get("/healthz/?day=1").status_code == 503


@pytest.mark.django_db
def test_work_in_time_leaves_the_monitors_answer_at_200(client: Client) -> None:
    assert client.get("/healthz/?day=1").status_code == 200


@pytest.mark.django_db
def test_a_standing_brake_turns_the_monitors_answer_to_503_with_the_reason(client: Client) -> None:
    make_stop(reason="9 of 100 mails came back.")

    answer = client.get("/healthz/?day=1")

    assert answer.status_code == 503
    assert "9 of 100 mails came back." in " ".join(answer.json()["problems"])


@pytest.mark.django_db
def test_sources_that_were_never_read_are_told(client: Client, settings: Any) -> None:
    settings.DEMO = False

    answer = client.get("/healthz/?day=1")

    assert answer.status_code == 503
    assert set(answer.json()["sources"].values()) == {None}


@pytest.mark.django_db
def test_nothing_personal_is_said(client: Client) -> None:
    reader = make_reader(email="ada@example.org", next_digest_at=NOW)
    delivery = make_delivery(digest=make_digest(reader=reader), status="unknown", error="for ada@example.org")

    said = client.get("/healthz/").content.decode()

    assert "ada" not in said
    assert str(delivery.pk) not in said


@pytest.mark.django_db
def test_whose_vectors_matching_reads_is_told(client: Client, loader: FakeLoader) -> None:
    before = client.get("/healthz/").json()["space"]
    index_papers(encoder=loader.encoder, now=NOW)

    assert (before, client.get("/healthz/").json()["space"]) == (None, "invented/model@1")


@pytest.mark.django_db
def test_no_cache_keeps_the_answer(client: Client) -> None:
    assert "no-store" in client.get("/healthz/").headers["Cache-Control"]


@pytest.mark.django_db
def test_the_answer_takes_no_form(client: Client) -> None:
    assert client.post("/healthz/").status_code == 405


@pytest.mark.django_db
def test_a_database_that_cannot_be_reached_is_503_and_says_nothing_else(client: Client) -> None:
    def refuse(*arguments: Any) -> Any:
        raise OperationalError("could not connect to server at 10.0.0.7")

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz/")

    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert "10.0.0.7" not in answer.content.decode()
