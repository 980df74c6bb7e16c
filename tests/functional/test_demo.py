"""`manage.py demo` as a visitor meets it: one process, SQLite, no broker, no network."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import PROJECT
from tests.mailbox import Mailbox, body, links
from tests.servers import Program, free_port
from tests.waiting import until

READY = "Ctrl-C ends everything"
VISITORS_AT_ONCE = 8
QUICKLY_S = 10


@dataclass(frozen=True)
class Demo:
    """A running demo, its address and its mails."""

    program: Program
    url: str
    mailbox: Mailbox

    @property
    def output(self) -> str:
        return "\n".join(self.program.lines)


def start(folder: Path) -> Demo:
    port = free_port()
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "DEMO": "1",
        "ENV_FILE": os.devnull,
        "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "EMAIL_FILE_DIR": str(folder / "outbox"),
    }
    command = [sys.executable, str(PROJECT / "manage.py"), "demo", "--port", str(port)]
    program = Program(command=command, ready=READY, env=env)
    return Demo(program=program, url=f"http://localhost:{port}", mailbox=Mailbox(folder / "outbox"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = start(tmp_path_factory.mktemp("demo"))
    yield running
    running.program.stop()


def press_button(visitor: httpx.Client, page: str, **fields: str) -> httpx.Response:
    """Open a page and send its form, as a browser would; only those that ask for an account or a link have a token."""
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(page).text)
    hidden = {"csrfmiddlewaretoken": tokens[0]} if tokens else {}
    return visitor.post(page, data={**hidden, **fields}, headers={"Sec-Fetch-Site": "same-origin"})


def sign_up_and_confirm(demo: Demo, address: str) -> None:
    with httpx.Client(base_url=demo.url, follow_redirects=True, timeout=60) as visitor:
        assert press_button(visitor, "/subscribe/", email=address).status_code == 200
        until(lambda: demo.mailbox.messages(to=address), what="the confirmation mail", timeout_s=QUICKLY_S)
        (link,) = [found for found in links(demo.mailbox.only(to=address)) if "/confirm/" in found]
        assert press_button(visitor, link).status_code == 200


@pytest.mark.parametrize("page", ["/", "/subscribe/", "/privacy/", "/inbox/", "/admin/login/", "/healthz/"])
def test_every_page_answers(demo: Demo, page: str) -> None:
    assert httpx.get(demo.url + page).status_code == 200


def test_the_style_of_the_pages_is_served_too(demo: Demo) -> None:
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', httpx.get(demo.url).text)

    assert sheets
    answers = [httpx.get(demo.url + sheet) for sheet in sheets]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["content-encoding"] for answer in answers} == {"gzip"}
    assert all("immutable" in answer.headers["cache-control"] for answer in answers)  # its name has its hash in it


def test_the_inbox_lists_the_mails_of_the_sample_readers(demo: Demo) -> None:
    page = httpx.get(f"{demo.url}/inbox/").text

    assert "wanjiru.mwangale@example.org" in page
    assert "solveig.aasen@example.org" in page


def test_what_is_printed_says_where_to_look(demo: Demo) -> None:
    assert f"{demo.url}/inbox/" in demo.output
    assert f"{demo.url}/admin/ (user admin, password admin)" in demo.output


def test_staff_can_log_in(demo: Demo) -> None:
    with httpx.Client(base_url=demo.url, follow_redirects=True) as staff:
        page = press_button(staff, "/admin/login/?next=/admin/", username="admin", password="admin")

    assert page.status_code == 200
    assert "/admin/logout/" in page.text


def test_a_visitor_who_confirms_has_a_digest_within_seconds(demo: Demo) -> None:
    sign_up_and_confirm(demo, "visitor@example.org")

    until(lambda: len(demo.mailbox.messages(to="visitor@example.org")) == 2, what="the digest", timeout_s=QUICKLY_S)
    newest = demo.mailbox.messages(to="visitor@example.org")[-1]
    assert "upvotes on Hugging Face" in body(newest)
    assert demo.url in body(newest)


def test_visitors_at_the_same_moment_do_not_lock_each_other_out(demo: Demo) -> None:
    addresses = [f"visitor{number}@example.org" for number in range(VISITORS_AT_ONCE)]

    with ThreadPoolExecutor(VISITORS_AT_ONCE) as crowd:
        list(crowd.map(lambda address: sign_up_and_confirm(demo, address), addresses))

    for address in addresses:
        until(lambda to=address: len(demo.mailbox.messages(to=to)) == 2, what=f"the digest of {address}")  # type: ignore[misc]
    assert "database is locked" not in demo.output
    assert "Traceback" not in demo.output


def test_a_second_start_begins_where_the_first_one_ended(tmp_path: Path) -> None:
    first = start(tmp_path)
    first.program.stop()
    mails = len(first.mailbox.messages())

    second = start(tmp_path)
    second.program.stop()

    assert "0 new papers, 0 updated" in second.output
    assert "0 signed up now, 9 were here before" in second.output
    assert len(second.mailbox.messages()) == mails


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_quickly_and_quietly(tmp_path: Path, number: signal.Signals) -> None:
    running = start(tmp_path)

    running.program.process.send_signal(number)
    code = running.program.process.wait(QUICKLY_S)
    running.program.stop()

    assert code == 0
    assert "Traceback" not in running.output
    with pytest.raises(httpx.ConnectError):
        httpx.get(running.url)
