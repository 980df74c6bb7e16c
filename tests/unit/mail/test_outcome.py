"""What each error of each provider means, case by case."""

import smtplib
import socket
import ssl
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from anymail.backends.base_requests import AnymailRequestsAPIError
from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)

from digest.mail.outcome import MAX_REASON_CHARS, Verdict, read_error, read_status, without_addresses
from subscriptions.mail_errors import AnswerLost


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    """Refuse the one recipient."""
    return smtplib.SMTPRecipientsRefused({"ada@example.org": (code, b"5.1.1 <ada@example.org> unknown")})


def answered(code: int, text: str = "{}") -> AnymailRequestsAPIError:
    """Answer a provider's web interface with an HTTP status."""
    response = requests.Response()
    response.status_code = code
    response._content = text.encode()
    return AnymailRequestsAPIError("Error", response=response)


def unanswered(error: requests.RequestException) -> AnymailRequestsAPIError:
    """Fail as anymail does: with an error that is both its own and that of requests."""
    kind = type("AnymailRequestsAPIError", (AnymailRequestsAPIError, type(error)), {})
    failure: AnymailRequestsAPIError = kind("Error posting")
    failure.__cause__ = error
    return failure


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (refused(550), Verdict.REFUSED),
        (refused(450), Verdict.LATER),
        (refused(421), Verdict.DOWN),
        (smtplib.SMTPDataError(554, b"5.7.1 spam"), Verdict.REFUSED),
        (smtplib.SMTPDataError(452, b"4.3.1 full"), Verdict.LATER),
        (smtplib.SMTPDataError(421, b"4.7.0 closing"), Verdict.DOWN),
        (smtplib.SMTPDataError(-1, b"garbage"), Verdict.LOST),
        (smtplib.SMTPDataError(251, b"?"), Verdict.LOST),
        (smtplib.SMTPSenderRefused(553, b"not yours", "digest@example.org"), Verdict.DOWN),
        (smtplib.SMTPAuthenticationError(535, b"wrong"), Verdict.DOWN),
        (smtplib.SMTPConnectError(554, b"go away"), Verdict.DOWN),
        (smtplib.SMTPHeloError(501, b"no"), Verdict.DOWN),
        (smtplib.SMTPServerDisconnected("gone"), Verdict.DOWN),
        (AnswerLost("no answer"), Verdict.LOST),
        (ConnectionRefusedError(111, "refused"), Verdict.DOWN),
        (ConnectionResetError(104, "reset"), Verdict.DOWN),
        (TimeoutError("timed out"), Verdict.DOWN),
        (socket.gaierror(-2, "unknown host"), Verdict.DOWN),
        (ssl.SSLError(1, "bad certificate"), Verdict.DOWN),
        (answered(200, "<html>"), Verdict.LOST),
        (answered(400), Verdict.REFUSED),
        (answered(401), Verdict.DOWN),
        (answered(403), Verdict.DOWN),
        (answered(422), Verdict.REFUSED),
        (answered(429), Verdict.DOWN),
        (answered(500), Verdict.LATER),
        (answered(502), Verdict.LOST),
        (answered(503), Verdict.DOWN),
        (answered(504), Verdict.LOST),
        (unanswered(requests.ConnectTimeout()), Verdict.DOWN),
        (unanswered(requests.exceptions.SSLError()), Verdict.DOWN),
        (unanswered(requests.ReadTimeout()), Verdict.LOST),
        (unanswered(requests.ConnectionError("Connection aborted")), Verdict.LOST),
        (AnymailAPIError("boto said something"), Verdict.LOST),
        (AnymailRecipientsRefused(), Verdict.REFUSED),
        (AnymailInvalidAddress("bad"), Verdict.REFUSED),
        (AnymailUnsupportedFeature("no headers"), Verdict.DOWN),
        (AnymailConfigurationError("no key"), Verdict.DOWN),
        (ValueError("a header with a line end"), Verdict.REFUSED),
        (RuntimeError("nobody knows"), Verdict.LOST),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_an_error_means(error: Exception, verdict: Verdict) -> None:
    assert read_error(error=error).verdict is verdict


def test_a_connection_that_was_never_made_is_known_by_its_inner_cause() -> None:
    inner = type("NewConnectionError", (Exception,), {})()
    outer = requests.ConnectionError(SimpleNamespace(reason=inner))
    outer.args = (type("MaxRetryError", (Exception,), {"reason": inner})(),)

    assert read_error(error=unanswered(outer)).verdict is Verdict.DOWN


def test_the_servers_own_words_are_kept_without_the_address() -> None:
    reason = read_error(error=refused(550)).reason

    assert "(550)" in reason
    assert "5.1.1 <<address>> unknown" in reason
    assert "ada" not in reason


def test_a_providers_long_answer_is_cut() -> None:
    assert len(read_error(error=answered(400, "x" * 1_000_000)).reason) <= MAX_REASON_CHARS


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("user ada.l+x@mail.example.org unknown", "user <address> unknown"),
        ("two: a@b.org,c@d.org", "two: <address>,<address>"),
        ("lines\r\nand\tblanks", "lines and blanks"),
        ("RCPT TO:<ada@example.org>: 'ada@example.org'", "RCPT TO:<<address>>: '<address>'"),
        ("see https://example.org/?to=ada%40example.org", "see https://example.org/?to=<address>"),
        ("nobody here", "nobody here"),
    ],
)
def test_no_address_is_left_in_words_that_are_kept(text: str, clean: str) -> None:
    assert without_addresses(text=text) == clean


def anymail_status(status: set[str], message_id: str | None = "abc") -> Any:
    """Answer as anymail notes it."""
    return SimpleNamespace(status=status, message_id=message_id)


@pytest.mark.parametrize("word", ["rejected", "invalid", "failed"])
def test_a_provider_that_says_no_without_an_error_has_refused(word: str) -> None:
    outcome = read_status(status=anymail_status({word}), message_id="<ours@example.org>")

    assert outcome.verdict is Verdict.REFUSED
    assert word in outcome.reason


@pytest.mark.parametrize("word", ["sent", "queued", "unknown"])
def test_a_provider_that_takes_the_mail_names_it(word: str) -> None:
    outcome = read_status(status=anymail_status({word}), message_id="<ours@example.org>")

    assert (outcome.verdict, outcome.message_id) == (Verdict.SENT, "abc")


def test_a_mail_that_no_provider_named_keeps_our_name() -> None:
    assert read_status(status=None, message_id="<ours@example.org>").message_id == "<ours@example.org>"
