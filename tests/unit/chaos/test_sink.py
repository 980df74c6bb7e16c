"""The mail server of chaos: does what it is told to each mail, and remembers who has what."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from digest.chaos.fates import Fate, Fates
from digest.chaos.sink import Sink
from tests.servers import free_port
from tests.waiting import until

MAIL = b"Message-ID: <d1@postprint.example>\r\nSubject: Papers\r\n\r\n" + b"A line of text.\r\n" * 100


@dataclass(frozen=True)
class AlwaysFates(Fates):
    """Deals out one fate alone."""

    fate: Fate = Fate.TAKEN

    def of(self, *, recipient: str, day: int, attempt: int) -> Fate:
        """Answer it."""
        return self.fate


@contextmanager
def sink_that(fate: Fate) -> Iterator[tuple[Sink, smtplib.SMTP]]:
    """A server with one fate for all, and a client that is connected to it."""
    sink = Sink(port=free_port(), fates=AlwaysFates(seed=1, fate=fate))
    client = smtplib.SMTP("127.0.0.1", sink.port, timeout=10)
    try:
        yield sink, client
    finally:
        client.close()
        sink.stop()


def send(client: smtplib.SMTP) -> None:
    client.sendmail("digest@postprint.example", ["reader1@example.org"], MAIL)


def test_two_mails_over_one_connection_are_taken_and_answered() -> None:
    with sink_that(Fate.TAKEN) as (sink, client):
        send(client)
        send(client)

        until(lambda: all(taking.answered for taking in sink.book.takings), what="the answers")
        seen = [(taking.recipient, taking.message_id) for taking in sink.book.takings]
        assert seen == [("reader1@example.org", "<d1@postprint.example>")] * 2


@pytest.mark.parametrize(("fate", "code"), [(Fate.BUSY, 450), (Fate.NO_SUCH_READER, 550), (Fate.AWAY, 421)], ids=str)
def test_a_refused_recipient_has_no_mail(fate: Fate, code: int) -> None:
    with sink_that(fate) as (sink, client):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            send(client)

        assert [answer[0] for answer in caught.value.recipients.values()] == [code]
        assert (sink.book.takings, sink.book.count(fate)) == ([], 1)


@pytest.mark.parametrize(("fate", "code"), [(Fate.FULL, 452), (Fate.UNWANTED, 554)], ids=str)
def test_a_mail_that_is_refused_after_its_end_is_not_taken(fate: Fate, code: int) -> None:
    with sink_that(fate) as (sink, client):
        with pytest.raises(smtplib.SMTPDataError) as caught:
            send(client)

        assert caught.value.smtp_code == code
        assert (sink.book.takings, sink.book.count(fate)) == ([], 1)


@pytest.mark.parametrize(
    ("fate", "copies"), [(Fate.CUT_BEFORE_MAIL, 0), (Fate.CUT_BEFORE_DOT, 0), (Fate.CUT_AFTER_DOT, 1)]
)
def test_a_cut_line_leaves_the_mail_only_when_it_was_whole(fate: Fate, copies: int) -> None:
    with sink_that(fate) as (sink, client):
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            send(client)

        until(lambda: sink.book.count(fate), what="the cut")
        assert [taking.answered for taking in sink.book.takings] == [False] * copies


def test_a_mail_whose_sender_died_before_the_answer_is_taken_and_not_answered() -> None:
    with sink_that(Fate.SLOW) as (sink, client):
        client.putcmd("mail from:<digest@postprint.example>")
        client.getreply()
        client.putcmd("rcpt to:<reader1@example.org>")
        client.getreply()
        client.putcmd("data")
        client.getreply()
        client.send(MAIL + b".\r\n")
        until(lambda: sink.book.holding, what="the mail in hand")
        assert sink.idle_s() == 0.0
        client.close()

        until(lambda: not sink.book.holding, what="the end of the wait")
        assert [taking.answered for taking in sink.book.takings] == [False]


def test_half_a_mail_is_no_mail() -> None:
    with sink_that(Fate.TAKEN) as (sink, client):
        client.docmd("mail", "from:<digest@postprint.example>")
        client.docmd("rcpt", "to:<reader1@example.org>")
        client.docmd("data")
        client.send(MAIL)
        client.close()

        until(lambda: sink.book.broken, what="the broken hand-over")
        assert sink.book.takings == []
