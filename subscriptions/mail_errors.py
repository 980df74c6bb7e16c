"""What an error of a mail provider means: try again later, or never. No word of it is kept that may name a person."""

import smtplib
from dataclasses import dataclass

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
# Ours to mend, not the address's fault: the mail waits while an operator mends it.
SETTINGS_TO_MEND = (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused)
# What a provider, a network or a mail that cannot be put together may raise. Anything else is a fault of our own.
SENDING_ERRORS = (smtplib.SMTPException, AnymailError, OSError, ValueError)


class AnswerLost(Exception):
    """The whole mail was handed over and no answer came: it may have arrived, or not."""


class OnlyRehearsed(Exception):
    """The mail was written and handed to nobody, as the `dry-run` provider does with every mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether to try again, and why it failed, in words that may be stored and logged."""

    retry: bool
    reason: str


def judge(*, error: Exception) -> Verdict:
    """Decide what an error from sending one mail means.

    SMTP: 4xx is for now, 5xx for ever (RFC 5321 section 4.2.1); a lost connection is for now.
    A provider's web interface: 429, 5xx and no answer at all are for now, any other refusal for ever.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return _by_smtp_code(max(codes, default=0), "the receiving server refused the address")
    if isinstance(error, SETTINGS_TO_MEND):
        return Verdict(retry=True, reason=f"the mail server refused our own settings ({error.smtp_code})")
    if isinstance(error, smtplib.SMTPConnectError):
        return Verdict(retry=True, reason="the mail server could not be reached")
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_smtp_code(error.smtp_code, "the mail server refused the mail")
    if isinstance(error, AnymailError):
        return _by_anymail(error)
    if isinstance(error, OSError):  # SMTPException and all network errors are of this kind
        return Verdict(retry=True, reason=f"the connection failed ({type(error).__name__})")
    return Verdict(retry=False, reason=f"the mail could not be put together ({type(error).__name__})")


def _by_smtp_code(code: int, words: str) -> Verdict:
    return Verdict(retry=code < SERVER_ERROR, reason=f"{words} ({code})")


def _by_anymail(error: AnymailError) -> Verdict:
    if isinstance(error, AnymailRecipientsRefused):
        return Verdict(retry=False, reason="the provider refused the address")
    if not isinstance(error, AnymailAPIError):
        return Verdict(retry=False, reason=f"the provider cannot send this mail ({type(error).__name__})")
    code = error.status_code
    if code is None:
        return Verdict(retry=True, reason="the provider could not be reached")
    return Verdict(retry=code == TOO_MANY_REQUESTS or code >= SERVER_ERROR, reason=f"the provider refused ({code})")
