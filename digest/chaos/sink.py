"""A small SMTP server on loopback that does to each hand-over what its fate says, and writes everything down."""

import asyncio
import contextlib
import re
import threading
import time

from digest.chaos.book import Book, Taking
from digest.chaos.fates import Fate, Fates

LONGEST_MAIL = 2**22  # bytes
SLOW_S = 0.6
CUT_AFTER = 400  # bytes of a mail
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)
AT_RECIPIENT = {
    Fate.BUSY: b"450 4.2.1 Mailbox busy",
    Fate.NO_SUCH_READER: b"550 5.1.1 No such mailbox",
    Fate.AWAY: b"421 4.3.2 Closing",
}
AFTER_MAIL = {Fate.FULL: b"452 4.3.1 Out of space", Fate.UNWANTED: b"554 5.7.1 Not wanted"}
ANSWERS_AT_ONCE = b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME"  # RFC 2920
ONE_BY_ONE = b"250-sink.example\r\n250 8BITMIME"
PLAIN = {b"MAIL": b"250 OK", b"RSET": b"250 OK", b"NOOP": b"250 OK", b"HELO": b"250 sink.example"}


class Gone(Exception):
    """The line is cut, by us or by the other side."""


class Session:
    """One connection, for as many mails as it lasts."""

    def __init__(self, *, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, book: Book, fates: Fates) -> None:
        self.reader, self.writer, self.book, self.fates = reader, writer, book, fates
        self.recipient, self.fate = "", Fate.TAKEN
        self.book.connections += 1
        self.at_once = bool(self.book.connections % 2)

    async def talk(self) -> None:
        """Answer until somebody cuts the line."""
        with contextlib.suppress(Gone, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._say(b"220 sink.example ESMTP")
            while line := await self.reader.readline():
                self.book.last_heard_s = time.monotonic()
                await self._answer(line)

    async def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            await self._say(ANSWERS_AT_ONCE if self.at_once else ONE_BY_ONE)
        elif verb == b"RCPT":
            await self._take_recipient(line)
        elif verb == b"DATA":
            await self._take_mail()
        elif verb == b"QUIT":
            await self._say(b"221 Bye")
            raise Gone
        else:
            await self._say(PLAIN.get(verb, b"502 5.5.1 Not here"))

    async def _take_recipient(self, line: bytes) -> None:
        self.recipient = line.partition(b"<")[2].partition(b">")[0].decode("ascii", "replace").lower()
        key = (self.recipient, self.book.day)
        self.book.tries[key] += 1
        self.fate = self.fates.of(recipient=key[0], day=key[1], attempt=self.book.tries[key])
        if self.fate in AT_RECIPIENT:
            self.book.note(recipient=self.recipient, fate=self.fate)
        await self._say(AT_RECIPIENT.get(self.fate, b"250 OK"))
        if self.fate is Fate.AWAY:
            raise Gone

    async def _take_mail(self) -> None:
        if self.fate in AT_RECIPIENT:  # who sends commands at once sends this one, too
            await self._say(b"503 5.5.1 No recipient")
            return
        if self.fate is Fate.CUT_BEFORE_MAIL:
            self._cut()
        await self._say(b"354 Go on")
        if self.fate is Fate.CUT_BEFORE_DOT:
            await self.reader.readexactly(CUT_AFTER)
            self._cut()
        mail = await self._read_mail()
        if self.fate in AFTER_MAIL:
            self.book.note(recipient=self.recipient, fate=self.fate)
            await self._say(AFTER_MAIL[self.fate])
            return
        await self._keep(mail)

    async def _read_mail(self) -> bytes:
        try:
            return await self.reader.readuntil(b"\r\n.\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            self.book.broken += 1
            raise

    async def _keep(self, mail: bytes) -> None:
        """From here on the reader has the mail, whatever the sender hears of it."""
        found = MESSAGE_ID.search(mail)
        taking = Taking(recipient=self.recipient, message_id=found[1].decode("ascii", "replace") if found else "")
        self.book.takings.append(taking)
        if self.fate is Fate.SLOW:
            await self._hold()
        if self.fate is Fate.CUT_AFTER_DOT:
            self._cut()
        if self.reader.at_eof():  # who sent it is dead
            raise Gone
        await self._say(b"250 2.0.0 Taken")
        taking.answered = True

    async def _hold(self) -> None:
        self.book.note(recipient=self.recipient, fate=Fate.SLOW)
        self.book.holding += 1
        await asyncio.sleep(SLOW_S)
        self.book.holding -= 1

    def _cut(self) -> None:
        self.book.note(recipient=self.recipient, fate=self.fate)
        self.writer.transport.abort()
        raise Gone

    async def _say(self, line: bytes) -> None:
        self.writer.write(line + b"\r\n")
        await self.writer.drain()
        self.book.last_heard_s = time.monotonic()


class Sink:
    """The server, in a thread of its own."""

    def __init__(self, *, port: int, fates: Fates) -> None:
        """Listen from now on."""
        self.port, self.fates, self.book = port, fates, Book()
        self._listens, self._over = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        self._listens.wait()

    def idle_s(self) -> float:
        """Tell for how long nobody has said a word; 0 while somebody waits for an answer."""
        return 0.0 if self.book.holding else time.monotonic() - self.book.last_heard_s

    def stop(self) -> None:
        """Hang up on everybody."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=LONGEST_MAIL)
        self._listens.set()
        await self._over.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError), contextlib.closing(writer):
            await Session(reader=reader, writer=writer, book=self.book, fates=self.fates).talk()
