"""The SMTP server that we hand mails to: whether it answers, and whether the way to it is encrypted."""

import smtplib
import ssl
from collections.abc import Iterator

from digest.mail.checks.finding import Finding, fine, wrong
from digest.mail.checks.sender import Sender, SmtpServer

SMTP = "SMTP"
TIMEOUT_S = 15
SWITCH_ON = "Write EMAIL_URL with smtp+tls:// (STARTTLS, mostly port 587) or smtps:// (TLS at once, mostly port 465)."


def check(*, sender: Sender) -> Iterator[Finding]:
    """Connect, and leave again before anything is sent or anybody logs in."""
    smtp = sender.smtp
    if smtp is None:
        return
    try:
        yield _look(smtp)
    except ssl.SSLCertVerificationError as error:
        remedy = "Use the name that stands in the certificate, or renew it."
        yield wrong(SMTP, f"The certificate of {_at(smtp)} is not valid: {error.verify_message}.", remedy)
    except ssl.SSLError:
        remedy = "The port may be for STARTTLS: write smtp+tls:// in EMAIL_URL, or take port 465."
        yield wrong(SMTP, f"{_at(smtp)} does not speak TLS from the first byte.", remedy)
    except (OSError, smtplib.SMTPException) as error:
        remedy = "Look at EMAIL_URL, at the server, and at firewalls between here and there."
        yield wrong(SMTP, f"{_at(smtp)} cannot be reached: {type(error).__name__}.", remedy)


def _look(smtp: SmtpServer) -> Finding:
    context = ssl.create_default_context()
    if smtp.tls_at_once:
        with smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_S, context=context) as server:
            server.ehlo()
            return _encrypted(smtp, server)
    with smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_S) as server:
        server.ehlo()
        if not smtp.starttls:
            return _plain(smtp, offers_tls=server.has_extn("starttls"))
        if not server.has_extn("starttls"):
            remedy = "Use another port, or switch TLS on at the server; as it is, no mail can be handed over."
            return wrong(SMTP, f"{_at(smtp)} does not offer STARTTLS, which EMAIL_URL asks for.", remedy)
        server.starttls(context=context)
        return _encrypted(smtp, server)


def _encrypted(smtp: SmtpServer, server: smtplib.SMTP) -> Finding:
    version = server.sock.version() if isinstance(server.sock, ssl.SSLSocket) else None
    return fine(SMTP, f"{_at(smtp)} answers over {version or 'TLS'}, and its certificate is valid.")


def _plain(smtp: SmtpServer, *, offers_tls: bool) -> Finding:
    if smtp.is_here:
        return fine(SMTP, f"{_at(smtp)} answers, on this machine; whether it uses TLS to the world is its own setting.")
    offer = "though it offers TLS" if offers_tls else "and it offers no TLS"
    return wrong(SMTP, f"Mails, and the password, go to {_at(smtp)} for everybody to read, {offer}.", SWITCH_ON)


def _at(smtp: SmtpServer) -> str:
    return f"{smtp.host} port {smtp.port}"
