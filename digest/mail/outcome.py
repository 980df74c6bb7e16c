"""What came of handing a mail over: a pure reading of the error, or of the provider's answer."""

import smtplib
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import requests
from anymail.exceptions import AnymailAPIError, AnymailConfigurationError, AnymailError, AnymailUnsupportedFeature

from digest.logs import ADDRESS
from digest.mail.bounces import Weight, weigh
from subscriptions.mail_errors import SERVER_ERROR, AnswerLost, OnlyRehearsed, judge

MAX_REASON_CHARS = 400
NOT_AVAILABLE = 421  # SMTP: the server closes the connection, whatever it was asked
GATEWAY_LOST_THE_ANSWER = frozenset({502, 504})
ASKS_FOR_A_PAUSE = frozenset({401, 402, 403, 429, 503})  # keys, unpaid bills, limits: no mail would fare better
NEVER_CONNECTED = frozenset(
    {"ConnectTimeout", "ConnectTimeoutError", "NewConnectionError", "NameResolutionError", "SSLError", "ProxyError",
     "EndpointConnectionError", "ProxyConnectionError", "NoCredentialsError"}
)  # fmt: skip
"""Names of requests', urllib3's and botocore's errors of connections over which nothing was sent."""


class Verdict(Enum):
    """What a hand-over came to."""

    SENT = auto()
    """The provider has it."""
    REFUSED = auto()
    """This mail will never be taken."""
    LATER = auto()
    """This mail was not taken now; another may be."""
    DOWN = auto()
    """No mail can be taken now; this one was not."""
    LOST = auto()
    """Nobody knows whether this mail was taken."""
    REHEARSED = auto()
    """This mail was written and handed to nobody: the provider is `dry-run`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A verdict, why in words that may be stored and logged, and the provider's own id of the mail.

    `providers_fault`: the provider itself is unwell, whatever the mail was.
    """

    verdict: Verdict
    reason: str = ""
    message_id: str = ""
    providers_fault: bool = False
    weight: Weight | None = None
    """What the receiving server said of the address, when it refused it for good while we were listening."""


def read_error(*, error: Exception) -> Outcome:
    """Decide what an error from handing one mail over means.

    When it cannot be told whether the mail left, the verdict is LOST: a mail too few is better than one twice.
    """
    reason = _reason(error)
    if isinstance(error, OnlyRehearsed):
        return Outcome(verdict=Verdict.REHEARSED, reason=reason)
    if _is_lost(error):
        return Outcome(verdict=Verdict.LOST, reason=reason, providers_fault=True)
    if _is_down(error):
        return Outcome(verdict=Verdict.DOWN, reason=reason, providers_fault=True)
    failed = isinstance(error, AnymailAPIError) and (error.status_code or 0) >= SERVER_ERROR
    if judge(error=error).retry:
        return Outcome(verdict=Verdict.LATER, reason=reason, providers_fault=failed)
    return Outcome(verdict=Verdict.REFUSED, reason=reason, providers_fault=failed, weight=_weight(error))


def read_status(*, status: Any, message_id: str) -> Outcome:
    """Read anymail's status of a mail that raised no error; without one (SMTP, files), no error is acceptance."""
    if status is None:
        return Outcome(verdict=Verdict.SENT, message_id=message_id)
    words = set(status.status or ())
    if words and words <= {"rejected", "invalid", "failed"}:
        return Outcome(verdict=Verdict.REFUSED, reason=f"the provider says: {', '.join(sorted(words))}")
    return Outcome(verdict=Verdict.SENT, message_id=str(status.message_id or message_id))


def without_addresses(*, text: str) -> str:
    """Bring a server's words onto one line, cut them, take addresses and null characters out of them."""
    return ADDRESS.sub("<address>", " ".join(text[:4_000].replace("\0", "").split()))[:MAX_REASON_CHARS]


def _is_lost(error: Exception) -> bool:
    if isinstance(error, AnswerLost):
        return True
    if isinstance(error, smtplib.SMTPDataError):
        return not 400 <= error.smtp_code < 600  # an answer that says neither yes nor no
    if isinstance(error, AnymailAPIError):
        return _is_lost_on_the_web(error)
    return not isinstance(error, OSError | ValueError | AnymailError | AnymailConfigurationError)


def _is_lost_on_the_web(error: AnymailAPIError) -> bool:
    if error.status_code is None:
        return not _never_connected(error)
    return error.status_code < 300 or error.status_code in GATEWAY_LOST_THE_ANSWER  # 2xx: taken, but unreadable


def _is_down(error: Exception) -> bool:
    if isinstance(error, AnymailConfigurationError | AnymailUnsupportedFeature):
        return True  # it would be the same for every mail
    if isinstance(error, AnymailAPIError):
        return error.status_code is None or error.status_code in ASKS_FOR_A_PAUSE
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == NOT_AVAILABLE for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code == NOT_AVAILABLE
    return isinstance(error, OSError)  # connection, greeting, log-in, sender: the same for every mail


def _never_connected(error: Exception) -> bool:
    """Look for the name of an error of connecting in what the error came from."""
    seen: list[BaseException] = []
    todo: list[object] = [error]
    while todo and len(seen) < 10:
        one = todo.pop()
        if not isinstance(one, BaseException) or one in seen:
            continue
        if any(kind.__name__ in NEVER_CONNECTED for kind in type(one).__mro__):
            return True
        seen.append(one)
        todo += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return False


def _reason(error: Exception) -> str:
    words = str(error) if isinstance(error, AnswerLost | OnlyRehearsed) else judge(error=error).reason
    return without_addresses(text=f"{words}: {_reply(error)}" if _reply(error) else words)


def _reply(error: Exception) -> str:
    """Find what the server itself said."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return " ".join(_text(reply) for _, reply in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _text(error.smtp_error)
    response = getattr(error, "response", None)
    return response.text if isinstance(response, requests.Response) else ""


def _weight(error: Exception) -> Weight | None:
    """Weigh the words on the one address that a mail of ours has; None when the error is not about it."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return None
    words = " ".join(f"{code} {_text(reply)}" for code, reply in error.recipients.values())
    return weigh(action="failed", status="", words=words)


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
