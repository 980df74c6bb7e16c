"""`check_sending` over real DNS, SMTP and HTTP on loopback."""

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from digest.mail.checks import one_click, server
from digest.mail.checks.finding import Finding, Level
from digest.mail.checks.sender import SmtpServer as SmtpAddress
from digest.mail.checks.sender import sender_from_settings
from subscriptions.models import ConsentEvent, Subscriber
from tests.builders import make_reader
from tests.dns_server import DnsServer
from tests.functional.smtp_server import SmtpServer
from tests.servers import free_port
from tests.unit.mail.checks.conftest import DOMAIN, IP, ZONE, make_sender

CERTIFICATE = Path(__file__).parent.parent / "fixtures" / "smtp" / "certificate.pem"


# --- the one-click link ---------------------------------------------------------------------


def click(url: str) -> list[Finding]:
    with httpx.Client(follow_redirects=False, trust_env=False, timeout=5) as web:
        return list(one_click.check(sender=make_sender(leave_url=url), web=web))


def said(findings: list[Finding], *, level: Level) -> str:
    return "\n".join(finding.words for finding in findings if finding.level is level)


@pytest.fixture
def site(live_server: Any, settings: LazySettings) -> str:
    """The real site, over plain http, as tests have no certificate that the world trusts."""
    settings.SITE_URL = live_server.url
    return sender_from_settings().leave_url


def test_our_own_site_passes_but_for_tls_and_no_reader_is_touched(site: str) -> None:
    reader = make_reader()

    found = click(site)

    assert [finding.level for finding in found] == [Level.WRONG, Level.FINE, Level.FINE]
    assert "is not https" in found[0].words
    assert Subscriber.objects.get().status == reader.status
    assert not ConsentEvent.objects.exists()


def test_a_site_with_another_secret_key_is_told(site: str, settings: LazySettings) -> None:
    settings.SECRET_KEY = "another-" + "k" * 50

    assert "does not know the signature" in said(click(site), level=Level.WRONG)


@pytest.fixture
def answering() -> Iterator[Callable[[int, dict[str, str]], str]]:
    """Start a site that answers everything in one way; it ends with the test."""
    running: list[HTTPServer] = []

    def start(status: int, headers: dict[str, str]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(status)
                for name, value in {"content-length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the library looks for this name

            def log_message(self, *_: Any) -> None:
                """Stay silent."""

        site = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True).start()
        running.append(site)
        return f"http://127.0.0.1:{site.server_port}/u/token/"

    yield start
    for site in running:
        site.shutdown()
        site.server_close()


def test_a_redirect_is_told_with_where_it_leads(answering: Callable[[int, dict[str, str]], str]) -> None:
    url = answering(301, {"location": "https://www.papers.example.org/u/token/"})

    assert "is sent on to www.papers.example.org" in said(click(url), level=Level.WRONG)


@pytest.mark.parametrize("status", [200, 403, 502])
def test_an_answer_that_is_not_our_page_is_told_with_its_number(
    answering: Callable[[int, dict[str, str]], str], status: int
) -> None:
    assert f"answered with {status}, and not by our page" in said(click(answering(status, {})), level=Level.WRONG)


def test_a_site_that_is_down_is_told() -> None:
    assert "cannot be reached: ConnectError" in said(click(f"http://127.0.0.1:{free_port()}/u/x/"), level=Level.WRONG)


# --- the SMTP server ------------------------------------------------------------------------


@pytest.fixture
def start() -> Iterator[Callable[..., SmtpServer]]:
    """Start a real SMTP server; it ends with the test."""
    running: list[SmtpServer] = []

    def begin(**options: Any) -> SmtpServer:
        smtp = SmtpServer(**options)
        smtp.start()
        running.append(smtp)
        return smtp

    yield begin
    for smtp in running:
        smtp.stop()


def look(port: int, *, host: str = "127.0.0.1", starttls: bool = False, tls_at_once: bool = False) -> Finding:
    smtp = SmtpAddress(host=host, port=port, starttls=starttls, tls_at_once=tls_at_once)
    (finding,) = server.check(sender=make_sender(smtp=smtp))
    return finding


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("key.pem"))
    return context


def test_a_server_with_a_valid_certificate_is_fine(
    start: Callable[..., SmtpServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    found = look(start(tls_context=tls()).port, starttls=True)

    assert found.level is Level.FINE
    assert "answers over TLSv1" in found.words


def test_a_certificate_that_nobody_vouches_for_is_told(start: Callable[..., SmtpServer]) -> None:
    found = look(start(tls_context=tls()).port, starttls=True)

    assert found.level is Level.WRONG
    assert "is not valid: self-signed certificate" in found.words


def test_a_server_without_starttls_is_told(start: Callable[..., SmtpServer]) -> None:
    assert "does not offer STARTTLS" in look(start().port, starttls=True).words


def test_tls_at_once_on_a_port_that_does_not_speak_it_is_told(start: Callable[..., SmtpServer]) -> None:
    assert "does not speak TLS from the first byte" in look(start().port, tls_at_once=True).words


def test_a_plain_way_is_fine_within_one_machine_alone(start: Callable[..., SmtpServer]) -> None:
    port = start().port

    assert look(port).level is Level.FINE
    assert look(port, host="127.1").level is Level.FINE


def test_a_server_that_is_not_there_is_told() -> None:
    found = look(free_port())

    assert found.level is Level.WRONG
    assert "cannot be reached: ConnectionRefusedError" in found.words


# --- all of it ------------------------------------------------------------------------------


@pytest.fixture
def ours(settings: LazySettings) -> None:
    settings.DEFAULT_FROM_EMAIL = f"Postprint <digest@{DOMAIN}>"
    settings.DKIM_SELECTORS = ["one"]


def check_sending(nameserver: DnsServer, *arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        options = ["--nameserver", f"127.0.0.1:{nameserver.port}", "--ip", IP, *arguments]
        call_command("check_sending", *options, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("site", "ours")
def test_the_command_says_each_thing_and_exits_1_for_the_one_that_is_wrong() -> None:
    with DnsServer(ZONE) as nameserver:
        code, out, err = check_sending(nameserver)

    assert code == 1
    assert [line.split(":")[0] for line in out.splitlines() if line.startswith("ok")] == [
        "ok    SPF",
        "ok    DKIM",
        "ok    DMARC",
        "ok    DMARC",
        "ok    Reverse DNS",
        "ok    MX",
        "ok    One-click link",
        "ok    One-click link",
    ]
    assert "WRONG One-click link" in out
    assert "To do: Set SITE_URL to https." in out
    assert err == "1 of 9 things are wrong.\n"


@pytest.mark.usefixtures("site", "ours")
def test_name_servers_that_fail_for_one_name_cost_only_what_hangs_on_it() -> None:
    with DnsServer(ZONE, broken=[f"_dmarc.{DOMAIN}"]) as nameserver:
        _, out, _ = check_sending(nameserver)

    assert f"WRONG DNS: The name servers of _dmarc.{DOMAIN} do not answer" in out
    assert "ok    MX" in out


@pytest.mark.usefixtures("ours")
def test_a_machine_without_network_gets_one_clear_sentence() -> None:
    with DnsServer({}, silent=["*"]) as nameserver, pytest.raises(CommandError, match="this machine has no network"):
        check_sending(nameserver, "--timeout", "0.4")


@pytest.mark.parametrize(
    "arguments",
    [["--ip", "mail"], ["--nameserver", "dns.example"], ["--nameserver", "1.1.1.1:0"], ["--timeout", "0"]],
)
def test_a_wrong_argument_is_refused_in_one_sentence(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="is not an IP address|is not a number of seconds"):
        call_command("check_sending", *arguments)
