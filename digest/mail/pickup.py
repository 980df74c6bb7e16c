r"""The mailbox that bounces and complaints come back to -> events. Safe to repeat, and to be killed anywhere.

A mail is marked after what it reports is stored: \Seen when it was a report, \Flagged when it was none, so that a
person finds what a reader wrote. What is marked is not looked at again; nothing is ever deleted.
"""

import imaplib
import logging
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings

from digest.errors import TemporaryError
from digest.mail.reports import MAX_BYTES
from digest.mail.returned import take

log = logging.getLogger(__name__)

TIMEOUT_S = 30
PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
WRONG_CERTIFICATE = (
    "The mailbox of BOUNCE_IMAP_URL was not read, for its server's certificate cannot be trusted: {}. It was told "
    "nothing. Name the server as its certificate does; SSL_CERT_FILE may name a file with an authority of your own."
)
HANDLED, FOR_A_PERSON = "\\Seen", "\\Flagged"
_CONTROL = re.compile(r"[\r\n\0]")

Connection = imaplib.IMAP4


def pick_up(*, now: datetime, limit: int = 200) -> Counter[str]:
    """Take at most `limit` mails out of the mailbox of BOUNCE_IMAP_URL; nothing when there is none.

    A mail that cannot be stored stays unmarked and costs only itself.
    Returns: how many events of each kind there were, and "no report" and "failed" for mails.
    Raises: TemporaryError when the mailbox cannot be read; what was marked until then stays marked.
    """
    counts: Counter[str] = Counter()
    if not settings.BOUNCE_IMAP_URL:
        return counts
    try:
        with _opened(settings.BOUNCE_IMAP_URL) as mailbox:
            for uid in _waiting(mailbox)[:limit]:
                counts.update(_take_one(mailbox, uid, now))
    except ssl.SSLCertVerificationError as error:
        raise TemporaryError(WRONG_CERTIFICATE.format(error.verify_message.rstrip("."))) from error
    except (imaplib.IMAP4.error, OSError) as error:
        raise TemporaryError(f"The mailbox of BOUNCE_IMAP_URL cannot be read: {type(error).__name__}.") from error
    return counts


def _take_one(mailbox: Connection, uid: str, now: datetime) -> Counter[str]:
    raw = _fetch(mailbox, uid)
    try:
        counts = take(raw=raw, now=now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others are taken
        log.error("A mail that came back could not be stored: %s", type(error).__name__)  # noqa: TRY400 - a traceback could name the reader
        return Counter(failed=1)
    _ask(mailbox, "STORE", uid, "+FLAGS.SILENT", f"({HANDLED if counts else FOR_A_PERSON})")
    return counts or Counter({"no report": 1})


@contextmanager
def _opened(url: str) -> Iterator[Connection]:
    """Log in and select the folder; the password is in no error."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    with _connected(parts.scheme, host, port) as mailbox:
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = _CONTROL.sub("", unquote(parts.path.lstrip("/"))) or "INBOX"
        answer, _ = mailbox.select('"{}"'.format(folder.replace("\\", "").replace('"', "")))
        if answer != "OK":
            raise imaplib.IMAP4.error("no such folder")
        yield mailbox


def _connected(scheme: str, host: str, port: int) -> Connection:
    """Connect, encrypted as the scheme says. imaplib by itself would take any certificate."""
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_S)
    mailbox = imaplib.IMAP4(host, port, timeout=TIMEOUT_S)
    if scheme == "imap+tls":
        try:
            mailbox.starttls(ssl_context=ssl.create_default_context())
        except (imaplib.IMAP4.error, OSError):
            with suppress(OSError):  # of a connection that has ended already
                mailbox.shutdown()
            raise
    return mailbox


def _waiting(mailbox: Connection) -> list[str]:
    """List what nobody has marked, the oldest first."""
    found = _ask(mailbox, "SEARCH", "UNSEEN", "UNFLAGGED")
    return found[0].decode().split() if found and isinstance(found[0], bytes) else []


def _fetch(mailbox: Connection, uid: str) -> bytes:
    """Read a mail's beginning without marking it as seen; nothing when it has gone meanwhile."""
    found = _ask(mailbox, "FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
    return next((part[1] for part in found if isinstance(part, tuple)), b"")


def _ask(mailbox: Connection, command: str, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
    answer, found = mailbox.uid(command, *words)
    if answer != "OK":
        raise imaplib.IMAP4.error(f"{command} was refused")
    return found
