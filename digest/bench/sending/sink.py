"""An SMTP server that takes every mail, counts it and forgets it: as fast as a server of Python can be."""

import asyncio
from collections.abc import Callable
from typing import Any

END = b"\r\n.\r\n"
GREETING = b"220 sink ESMTP\r\n"
OFFERS = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 0\r\n"
OK, GO_ON, BYE = b"250 2.0.0 OK\r\n", b"354 Go on\r\n", b"221 2.0.0 Bye\r\n"
COUNT = b"XCOUNT"  # a word of our own: how many mails were taken, and how many bytes


class Taken:
    """What the sink has taken since it was started."""

    def __init__(self) -> None:
        self.mails = 0
        self.size = 0


class Sink(asyncio.Protocol):
    """Speaks to one client; commands may come several at once."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        self.buffer = bytearray()
        self.in_mail = False
        self.seen = 0  # bytes of the buffer in which the end was looked for in vain

    def connection_made(self, transport: Any) -> None:
        """Greet."""
        self.transport = transport
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        """Answer all that is whole by now."""
        self.buffer += data
        answers = []
        while (answer := self._mail() if self.in_mail else self._line()) is not None:
            answers.append(answer)
        if answers:
            self.transport.write(b"".join(answers))
        if answers and answers[-1] == BYE:
            self.transport.close()

    def _mail(self) -> bytes | None:
        end = self.buffer.find(END, self.seen)
        if end < 0:
            self.seen = max(len(self.buffer) - len(END) + 1, 0)
            return None
        self.taken.mails += 1
        self.taken.size += end + len(END)
        del self.buffer[: end + len(END)]
        self.in_mail, self.seen = False, 0
        return OK

    def _line(self) -> bytes | None:
        line, found, _ = self.buffer.partition(b"\r\n")
        if not found:
            return None
        del self.buffer[: len(line) + 2]
        word = bytes(line[:6]).upper()
        if word.startswith(b"DATA"):
            self.in_mail = True
            return GO_ON
        if word.startswith(b"EHLO"):
            return OFFERS
        if word == COUNT:
            return b"250 %d %d\r\n" % (self.taken.mails, self.taken.size)
        return BYE if word.startswith(b"QUIT") else OK


async def serve(*, tell: Callable[[int], object]) -> None:
    """Take mails on a free port of the loopback address for ever; `tell` hears which."""
    taken = Taken()
    server = await asyncio.get_running_loop().create_server(lambda: Sink(taken), "127.0.0.1", 0)
    tell(server.sockets[0].getsockname()[1])
    await server.serve_forever()
