"""SMTP that knows whether a mail was handed over, and that asks for as few answers as the server allows."""

import contextlib
import smtplib
import socket
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from subscriptions.mail_bytes import envelope_address, to_bytes
from subscriptions.mail_errors import AnswerLost

TAKEN = frozenset({250, 251})
GO_ON, NOT_AVAILABLE = 354, 421
END = b".\r\n"


class _Smtp(smtplib.SMTP):
    """Knows what smtplib leaves open: whether a connection that broke had already been given the whole mail."""

    def hand_over(self, *, sender: str, recipient: str, mail: bytes) -> None:
        """Give a mail, whose lines end with CRLF, to one recipient's server.

        Where the server takes several commands at once (RFC 2920), one answer is waited for instead of three.
        Raises: smtplib's errors; AnswerLost when it falls silent after the mail.
        """
        size = [f"size={len(mail)}"] if self.has_extn("size") else []
        if not self.has_extn("pipelining"):
            self.sendmail(sender, [recipient], mail, size)
            return
        mail_from = f"MAIL FROM:{smtplib.quoteaddr(sender)}{''.join(f' {option}' for option in size)}"
        self.send(f"{mail_from}\r\nRCPT TO:{smtplib.quoteaddr(recipient)}\r\nDATA\r\n".encode("ascii"))
        (of_sender, why), of_recipient = self.getreply(), self.getreply()
        go_on = self.getreply()
        if of_sender not in TAKEN:
            self._leave(go_on[0], of_sender)
            raise smtplib.SMTPSenderRefused(of_sender, why, sender)
        if of_recipient[0] not in TAKEN:
            self._leave(go_on[0], of_recipient[0])
            raise smtplib.SMTPRecipientsRefused({recipient: of_recipient})
        self._give(go_on, mail)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the mail's bytes, whose lines end with CRLF.

        Raises: SMTPDataError when the server says no before the mail; AnswerLost when it falls silent after it.
        """
        code, reply = self.docmd("data")
        if code != GO_ON:
            raise smtplib.SMTPDataError(code, reply)
        return self._content(msg)

    def _give(self, go_on: tuple[int, bytes], mail: bytes) -> None:
        code, reply = go_on
        if code == GO_ON:
            code, reply = self._content(mail)
        if code not in TAKEN:
            self._leave(0, code)
            raise smtplib.SMTPDataError(code, reply)

    def _content(self, mail: bytes) -> tuple[int, bytes]:
        stuffed = mail.replace(b"\r\n.", b"\r\n..")
        stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
        try:
            self.send(stuffed + (END if mail.endswith(b"\r\n") else b"\r\n" + END))
            return self.getreply()
        except OSError as error:  # also smtplib's own errors
            raise AnswerLost(f"no answer after the mail was handed over: {type(error).__name__}") from error

    def _leave(self, go_on: int, code: int) -> None:
        """Get ready for the next mail after one was refused."""
        if code == NOT_AVAILABLE:
            self.close()
            return
        with contextlib.suppress(smtplib.SMTPServerDisconnected):  # what was refused stays so
            if go_on == GO_ON:  # the server waits for a mail that nobody gets: an empty one, which it must refuse
                self.docmd(".")
            self.rset()


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP backend over connections that know whether a mail was handed over."""

    connection: Any  # one of ours; Django's types know smtplib's

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Choose TLS from the first byte, or not."""
        return _SmtpOverTls if self.use_ssl else _Smtp

    def open(self) -> bool | None:
        """Connect, and send small packets at once: Nagle's algorithm costs 40 ms a mail over TLS."""
        opened = super().open()
        sock = getattr(self.connection, "sock", None)
        if opened and sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.ehlo_or_helo_if_needed()
        return opened

    def _send(self, email_message: EmailMessage) -> bool:
        if len(email_message.recipients()) != 1 or self.fail_silently:
            return bool(super()._send(email_message))  # type: ignore[misc] # Django's types leave it out
        self.connection.hand_over(
            sender=envelope_address(address=email_message.from_email),
            recipient=envelope_address(address=email_message.to[0]),
            mail=to_bytes(message=email_message),
        )
        return True
