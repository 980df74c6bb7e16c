"""Deliveries over a real SMTP server, which refuses, stumbles and hangs up."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.conf import LazySettings

from digest.mail.delivery import DeliveryReport, deliver
from digest.mail.ledger import Status
from digest.mail.providers import backend_for, smtp_settings
from digest.mail.smtp import SmtpBackend
from digest.models import Delivery
from tests.builders import NOW, make_paper
from tests.functional.smtp_server import Fault, Postbox, Server, SmtpServer
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
CERTIFICATE = Path(__file__).parent.parent / "fixtures" / "smtp" / "certificate.pem"
Connect = Callable[[SmtpServer, str], Postbox]


@pytest.fixture
def connect(settings: LazySettings) -> Iterator[Connect]:
    """Start a server and point the settings at it; it stops with the test."""
    running: list[SmtpServer] = []

    def start(server: SmtpServer, url: str) -> Postbox:
        server.start()
        running.append(server)
        settings.EMAIL_PROVIDER = "smtp"
        settings.EMAIL_BACKEND = backend_for("smtp")
        settings.EMAIL_TIMEOUT = 5
        for name, value in smtp_settings(url.format(port=server.port)).items():
            setattr(settings, name, value)
        return server.postbox

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def postbox(connect: Connect) -> Postbox:
    """A server without TLS."""
    return connect(SmtpServer(), "smtp://127.0.0.1:{port}")


def answer(text: str) -> Fault:
    """Answer so."""
    return lambda _: text


def hang_up(server: Server) -> str:
    """Answer nothing any more."""
    return server.hang_up()


def all_is_well(_: Server) -> None:
    """Let one mail pass."""


async def fall_silent(_: Server) -> None:
    """Never answer."""
    await asyncio.Event().wait()


def send_all() -> DeliveryReport:
    """Deliver all that waits."""
    return deliver(delivery_ids=None, now=NOW)


def test_a_mail_arrives_as_it_was_written(postbox: Postbox) -> None:
    delivery = make_delivery(papers=[make_paper(title="A title\n.\nwith a dot", abstract=".\n.. dots at\n.the start")])

    assert send_all() == DeliveryReport(sent=1)

    raw = postbox.taken[0].original_content
    message = message_from_bytes(raw or b"", policy=default)
    text = message.get_body(preferencelist=("plain",))
    assert message["To"] == delivery.digest.subscriber.email
    assert text is not None
    assert ". .. dots at .the start" in text.get_content()
    assert raw is not None
    assert raw.isascii()


def test_many_mails_travel_over_one_connection(postbox: Postbox) -> None:
    for _ in range(5):
        make_delivery()

    assert send_all().sent == 5
    assert (len(postbox.taken), postbox.connections) == (5, 1)


@pytest.mark.parametrize(
    ("step", "fault", "report", "end"),
    [
        ("rcpt", answer("550 5.1.1 no such user"), DeliveryReport(failed=1), Status.FAILED),
        ("rcpt", answer("450 4.2.1 busy"), DeliveryReport(retried=1), Status.QUEUED),
        ("data", answer("554 5.7.1 looks like spam"), DeliveryReport(failed=1), Status.FAILED),
        ("data", answer("452 4.3.1 no room"), DeliveryReport(retried=1), Status.QUEUED),
        ("connect", answer("554 go away"), DeliveryReport(retried=1, provider_down=True), Status.QUEUED),
        ("mail", answer("530 log in first"), DeliveryReport(retried=1, provider_down=True), Status.QUEUED),
        ("mail", hang_up, DeliveryReport(retried=1, provider_down=True), Status.QUEUED),
        ("rcpt", hang_up, DeliveryReport(retried=1, provider_down=True), Status.QUEUED),
        ("data", hang_up, DeliveryReport(unknown=1), Status.UNKNOWN),
        ("taken", hang_up, DeliveryReport(unknown=1), Status.UNKNOWN),
    ],
)
def test_every_fault_ends_where_it_must(
    postbox: Postbox, step: str, fault: Fault, report: DeliveryReport, end: str
) -> None:
    delivery = make_delivery()
    postbox.faults[step] = [fault, fault] if step == "connect" else [fault]  # after EHLO, HELO is tried

    assert send_all() == report

    delivery.refresh_from_db()
    assert delivery.status == end


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_line_cut_between_two_mails_costs_nothing(postbox: Postbox, step: str) -> None:
    for _ in range(3):
        make_delivery()
    postbox.faults[step] = [all_is_well, hang_up]

    assert send_all() == DeliveryReport(sent=3)
    assert (len(postbox.taken), postbox.connections) == (3, 2)


def test_a_server_that_has_had_enough_of_a_connection_gets_a_new_one(postbox: Postbox) -> None:
    for _ in range(3):
        make_delivery()
    postbox.faults["rcpt"] = [all_is_well, answer("421 too many mails on this connection")]

    assert send_all() == DeliveryReport(sent=3)
    assert postbox.connections == 2


def test_nothing_is_sent_twice_when_the_line_is_cut_after_the_final_dot(postbox: Postbox) -> None:
    make_delivery()
    make_delivery()
    postbox.faults["taken"] = [hang_up]

    report = send_all()
    again = deliver(delivery_ids=None, now=NOW + timedelta(days=1))

    recipients = [address for envelope in postbox.taken for address in envelope.rcpt_tos]
    assert report == DeliveryReport(sent=1, unknown=1)
    assert again.total == 0
    assert len(recipients) == len(set(recipients)) == 2


def test_a_server_that_is_not_there_costs_no_attempt(connect: Connect, settings: LazySettings) -> None:
    server = SmtpServer()
    connect(server, "smtp://127.0.0.1:{port}")
    settings.EMAIL_PORT = 1
    make_delivery()

    assert send_all() == DeliveryReport(retried=1, provider_down=True)
    assert Delivery.objects.get().attempts == 0


@pytest.mark.parametrize(
    ("step", "end"), [("connect", Status.QUEUED), ("rcpt", Status.QUEUED), ("data", Status.UNKNOWN)]
)
def test_a_server_that_falls_silent_is_left_after_the_time_out(
    postbox: Postbox, settings: LazySettings, step: str, end: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    make_delivery()
    postbox.faults[step] = [fall_silent, fall_silent]

    send_all()

    assert Delivery.objects.get().status == end


@pytest.fixture
def tls() -> ssl.SSLContext:
    """The server's side of TLS, with a certificate that nobody signed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("key.pem"))
    return context


def test_a_certificate_that_nobody_signed_is_not_trusted(connect: Connect, tls: ssl.SSLContext) -> None:
    postbox = connect(SmtpServer(tls_context=tls), "smtp://127.0.0.1:{port}?tls=true")
    make_delivery()

    assert send_all() == DeliveryReport(retried=1, provider_down=True)
    assert postbox.taken == []


def test_over_tls_small_packets_are_sent_at_once(
    connect: Connect, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    connect(SmtpServer(tls_context=tls), "smtp://localhost:{port}?tls=true")

    backend = SmtpBackend()
    backend.open()
    try:
        sock = getattr(backend.connection, "sock", None)
        assert isinstance(sock, ssl.SSLSocket)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        backend.close()


def test_a_mail_arrives_over_tls(connect: Connect, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    postbox = connect(SmtpServer(tls_context=tls, require_starttls=True), "smtp://localhost:{port}?tls=true")
    make_delivery()

    assert send_all() == DeliveryReport(sent=1)
    assert len(postbox.taken) == 1
