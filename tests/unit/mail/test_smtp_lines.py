"""SMTP where the server takes several commands at once: what travels, and what each refusal comes to."""

import smtplib
import socketserver
import threading
from collections.abc import Iterator

import pytest

from digest.mail.smtp import _Smtp
from subscriptions.mail_errors import AnswerLost

MAIL = b"Subject: x\r\n\r\n.\r\n..two\r\nend\r\n"


class Server(socketserver.ThreadingTCPServer):
    """Answers each command as told, else that all is well; keeps what it reads, packet by packet and mail by mail."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.answers: dict[str, str] = {}
        self.lines: list[str] = []
        self.mails: list[bytes] = []


class Talk(socketserver.StreamRequestHandler):
    """One client."""

    server: Server

    def handle(self) -> None:
        self.say("220 hello")
        for line in iter(self.rfile.readline, b""):
            word = line[:4].decode().strip().upper()
            self.server.lines.append(line.decode().strip())
            if word == "EHLO":
                self.say("250-here\r\n250-SIZE 0\r\n250 PIPELINING")
            elif word == "DATA":
                answer = self.server.answers.get("DATA", "354 go on")
                self.say(answer)
                if answer.startswith("354") and not self.take():
                    return
            else:
                self.say(self.server.answers.get(word, "250 OK"))

    def take(self) -> bool:
        mail = b""
        while not mail.endswith(b"\r\n.\r\n") and mail != b".\r\n":
            mail += self.rfile.readline()
        self.server.mails.append(mail)
        answer = self.server.answers.get("taken", "250 taken")
        if answer:
            self.say(answer)
        return bool(answer)

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def client(server: Server) -> Iterator[_Smtp]:
    connection = _Smtp("127.0.0.1", server.server_address[1], local_hostname="test", timeout=5)
    connection.ehlo()
    yield connection
    connection.close()


def hand_over(client: _Smtp) -> None:
    """Give the server a mail."""
    client.hand_over(sender="a@example.org", recipient="b@example.org", mail=MAIL)


def test_mails_follow_one_another_with_their_dots_doubled(server: Server, client: _Smtp) -> None:
    hand_over(client)
    hand_over(client)

    assert server.mails == [b"Subject: x\r\n\r\n..\r\n...two\r\nend\r\n.\r\n"] * 2
    assert server.lines[1:4] == [f"MAIL FROM:<a@example.org> size={len(MAIL)}", "RCPT TO:<b@example.org>", "DATA"]


@pytest.mark.parametrize("data", ["503 no recipients", "354 go on"])
def test_a_recipient_who_is_refused_costs_the_next_mail_nothing(server: Server, client: _Smtp, data: str) -> None:
    server.answers = {"RCPT": "550 no such user", "DATA": data}
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        hand_over(client)
    server.answers, server.mails = {}, []

    hand_over(client)

    assert refusal.value.recipients == {"b@example.org": (550, b"no such user")}
    assert len(server.mails) == 1


def test_a_sender_who_is_refused_is_told_so(server: Server, client: _Smtp) -> None:
    server.answers = {"MAIL": "530 log in first", "RCPT": "503 no", "DATA": "503 no"}

    with pytest.raises(smtplib.SMTPSenderRefused, match="log in first"):
        hand_over(client)


def test_a_mail_that_is_refused_is_told_so(server: Server, client: _Smtp) -> None:
    server.answers = {"taken": "554 looks like spam"}

    with pytest.raises(smtplib.SMTPDataError, match="looks like spam"):
        hand_over(client)


def test_a_server_that_is_gone_after_the_mail_leaves_it_in_doubt(server: Server, client: _Smtp) -> None:
    server.answers = {"taken": ""}

    with pytest.raises(AnswerLost):
        hand_over(client)
