"""Web and worker as production runs them: real gunicorn, real Celery, PostgreSQL and Redis between them."""

import sys
from collections.abc import Callable

import httpx
import pytest

from subscriptions.tokens import manage_url
from tests.builders import make_reader
from tests.mailbox import Mailbox
from tests.processes import Site, Start
from tests.servers import Program, free_port
from tests.waiting import until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def ask_for_a_link(*, site: Site, email: str) -> httpx.Response:
    """Fill in the form for a fresh link, as a browser does."""
    with httpx.Client(base_url=site.address) as browser:
        assert browser.get("/link/").status_code == 200
        return browser.post("/link/", data={"email": email}, headers={"Sec-Fetch-Site": "same-origin"})


def test_a_mail_that_is_asked_for_goes_out_at_once_through_redis(
    gunicorn_process: Callable[[], Site], celery_worker_process: Callable[..., Program], mailbox: Mailbox
) -> None:
    reader = make_reader(email="ada@example.org")
    celery_worker_process()

    answer = ask_for_a_link(site=gunicorn_process(), email=reader.email)

    assert answer.status_code in {200, 302}
    until(lambda: mailbox.messages(to=reader.email), what="the mail with the link")


def test_no_log_line_holds_an_address_or_a_link(
    gunicorn_process: Callable[[], Site], celery_worker_process: Callable[..., Program], mailbox: Mailbox
) -> None:
    reader = make_reader(email="ada@example.org")
    worker, site = celery_worker_process(), gunicorn_process()
    token = manage_url(subscriber=reader).rstrip("/").rsplit("/", 1)[-1]

    httpx.get(f"{site.address}/preferences/{token}/")
    httpx.get(f"{site.address}/no-such-page/{token}/?email=ada@example.org")
    ask_for_a_link(site=site, email=reader.email)
    until(lambda: mailbox.messages(to=reader.email), what="the mail with the link")

    lines = "\n".join([*site.program.lines, *worker.lines])
    assert lines.count("gunicorn.access GET /preferences/[...]/ ") == 1
    assert token not in lines
    assert "ada" not in lines


def test_web_and_worker_start_without_their_model_and_say_so(
    start_program: Start, celery_worker_process: Callable[..., Program]
) -> None:
    chosen = {"ENCODER": "sentence-transformers/all-MiniLM-L6-v2", "ENCODER_PATH": "/nowhere/at/all"}
    words = (
        "Papers are matched by words alone. sentence-transformers/all-MiniLM-L6-v2 cannot be loaded: there is no folder"
    )
    address = f"127.0.0.1:{free_port()}"
    serve = [sys.executable, "-m", "gunicorn", "digest.wsgi", "--bind", address, "--workers", "1"]

    worker = celery_worker_process(**chosen)
    web = start_program(serve, ready="Booting worker", **chosen)

    assert all(any(words in line for line in program.lines) for program in (worker, web))
