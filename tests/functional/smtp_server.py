"""A real SMTP server on loopback, which takes mails or does to them what a test wants."""
# ruff: noqa: N802 - aiosmtpd gives the handlers their names

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Fault = Callable[["Server"], str | None | Awaitable[str | None]]
"""Called in place of an answer: answers something else, falls silent, or cuts the line. None: all is well."""


class Server(SMTP):
    """Speaks SMTP, and can hang up in the middle of it."""

    def hang_up(self) -> str:
        """Cut the line; what is answered after that reaches nobody."""
        transport: Any = self.transport
        transport.abort()
        return "421 gone"


class Postbox:
    """Keeps what it takes; each of `faults` is used once, in order, at the step that it names."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.connections = 0
        self.faults: dict[str, list[Fault]] = {"connect": [], "mail": [], "rcpt": [], "data": [], "taken": []}

    async def _fault(self, step: str, server: Any) -> str | None:
        if not self.faults[step]:
            return None
        answer = self.faults[step].pop(0)(server)
        return await answer if inspect.isawaitable(answer) else answer

    async def handle_EHLO(self, server: Any, session: Session, _: Envelope, name: str, lines: list[str]) -> list[str]:
        """Greet."""
        self.connections += 1
        session.host_name = name
        answer = await self._fault("connect", server)
        return [answer] if answer else lines

    async def handle_HELO(self, server: Any, session: Session, _: Envelope, name: str) -> str:
        """Greet a client that was refused before."""
        session.host_name = name
        return await self._fault("connect", server) or "250 hello"

    async def handle_MAIL(self, server: Any, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:
        """Take a sender."""
        envelope.mail_from = address
        return await self._fault("mail", server) or "250 OK"

    async def handle_RCPT(self, server: Any, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:
        """Take a recipient."""
        answer = await self._fault("rcpt", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, _: Session, envelope: Envelope) -> str:
        """Take the mail: the fault "data" strikes before it is kept, the fault "taken" after."""
        answer = await self._fault("data", server)
        if answer is None:
            self.taken.append(envelope)
        return answer or await self._fault("taken", server) or "250 OK"


class SmtpServer(Controller):
    """The server in a thread of its own, on a free port."""

    def __init__(self, **options: Any) -> None:
        self.postbox = Postbox()
        self.options = options
        super().__init__(self.postbox, hostname="127.0.0.1", port=0, ready_timeout=10)

    def factory(self) -> Server:
        """Speak to one client."""
        return Server(self.handler, **self.options)

    def _trigger_server(self) -> None:
        """Ask the system which port it gave, and wait until it answers."""
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
