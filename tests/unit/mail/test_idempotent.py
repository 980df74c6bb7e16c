"""The key under which a provider sends a mail once, against servers that speak the providers' own protocol."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings

from digest.mail.delivery import deliver
from digest.mail.ledger import Status
from digest.mail.providers import backend_for
from digest.mail.settle import send_again
from digest.models import Delivery
from subscriptions.marks import known_marks
from tests.builders import NOW
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db


class Post(ThreadingHTTPServer):
    """Sends a mail once per key, as Resend (a header of the request) and Brevo (a header of the mail) do."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.sent: dict[str, dict[str, Any]] = {}
        self.requests: list[str] = []
        self.cut = 0  # so many answers are lost, after the mail was taken


class Request(BaseHTTPRequestHandler):
    """One mail that is handed over."""

    server: Post
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take it."""
        mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"] or mail["headers"].get("idempotencyKey", "")
        self.server.requests.append(key)
        self.server.sent.setdefault(key, mail)
        if self.server.cut:
            self.server.cut -= 1
            self.connection.close()
            self.close_connection = True
            return
        answer = json.dumps({"id": f"resend-{key}", "messageId": f"<brevo-{key}>"}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(params=["resend", "brevo"])
def post(request: pytest.FixtureRequest, settings: LazySettings) -> Iterator[Post]:
    """A provider on loopback, and the settings that lead to it."""
    name = request.param
    server = Post()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = name, backend_for(name)
    settings.ANYMAIL = {f"{name.upper()}_API_KEY": "invented", f"{name.upper()}_API_URL": url}
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_key_of_a_mail_is_its_deliverys_id(post: Post) -> None:
    delivery = make_delivery()

    deliver(delivery_ids=None, now=NOW)

    delivery.refresh_from_db()
    assert post.requests == [str(delivery.pk)]
    assert (delivery.status, str(delivery.pk) in delivery.provider_message_id) == (Status.SENT, True)


def test_a_mail_that_staff_send_again_although_it_had_arrived_is_no_second_mail(post: Post) -> None:
    delivery = make_delivery()
    post.cut = 1
    deliver(delivery_ids=None, now=NOW)
    assert Delivery.objects.get().status == Status.UNKNOWN

    send_again(delivery_ids=[delivery.pk])
    deliver(delivery_ids=None, now=NOW + timedelta(minutes=5))

    assert Delivery.objects.get().status == Status.SENT
    assert (post.requests, len(post.sent)) == ([str(delivery.pk)] * 2, 1)


@pytest.mark.parametrize("name", ["resend", "brevo"])
def test_a_provider_with_a_key_still_carries_our_marks(name: str) -> None:
    assert {"metadata", "tags"} <= known_marks(backend=backend_for(name))
