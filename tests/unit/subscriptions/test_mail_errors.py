"""What an error of a mail provider means."""

import smtplib

import pytest
from anymail.exceptions import (
    AnymailAPIError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)

from subscriptions.mail_errors import judge

ADDRESS = "ada@example.org"
LATER = [
    smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"4.2.1 mailbox of ada@example.org is busy")}),
    smtplib.SMTPDataError(451, b"try again later"),
    smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
    smtplib.SMTPConnectError(554, b"no service"),
    smtplib.SMTPAuthenticationError(535, b"bad credentials"),
    smtplib.SMTPSenderRefused(550, b"not allowed", "digest@example.org"),
    TimeoutError("timed out"),
    ConnectionRefusedError(111, "refused"),
    AnymailAPIError("slow down", status_code=429),
    AnymailAPIError("oops", status_code=500),
    AnymailAPIError("no answer"),
]
NEVER = [
    smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"5.1.1 no such user ada@example.org")}),
    smtplib.SMTPDataError(554, b"spam"),
    AnymailAPIError("ada@example.org is wrong", status_code=400),
    AnymailRecipientsRefused(),
    AnymailInvalidAddress("ada@example.org"),
    AnymailUnsupportedFeature("no"),
    ValueError("Header values can't contain newlines: ada@example.org"),
]


@pytest.mark.parametrize("error", LATER, ids=repr)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert judge(error=error).retry


@pytest.mark.parametrize("error", NEVER, ids=repr)
def test_what_cannot_pass_is_given_up(error: Exception) -> None:
    assert not judge(error=error).retry


@pytest.mark.parametrize("error", LATER + NEVER, ids=repr)
def test_a_reason_says_something_and_names_nobody(error: Exception) -> None:
    reason = judge(error=error).reason

    assert len(reason) > 10
    assert "@" not in reason


def test_a_refused_address_keeps_the_servers_number() -> None:
    error = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"5.1.1 no such user")})

    assert judge(error=error).reason == "the receiving server refused the address (550)"
