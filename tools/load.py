"""Many requests at once over kept connections, by a client so small that it is not what is measured."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of the server; a body makes it a POST of a form."""

    path: str
    body: bytes = b""
    headers: tuple[str, ...] = ()

    def to_bytes(self, *, host: str) -> bytes:
        """Write the request as it travels (RFC 9112)."""
        lines = [f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1", f"Host: {host}", *self.headers]
        if self.body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(slots=True, kw_only=True)
class Answers:
    """How long each answer took in seconds, and how many there were of each status."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    body: bytes = b""

    def add(self, *, seconds: float, status: int, body: bytes) -> None:
        """Count one more."""
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.body = body

    def percentile(self, share: float) -> float:
        """Answer the time in milliseconds within which `share` per cent of the answers came."""
        return float(np.percentile(self.seconds, share)) * 1000


def ask(*, address: str, requests: Sequence[Request], at_once: int) -> Answers:
    """Send requests, so many of them at any moment, and wait for all.

    Raises: OSError when the server cannot be reached.
    """
    return asyncio.run(_ask_all(address, requests, at_once))


async def _ask_all(address: str, requests: Sequence[Request], at_once: int) -> Answers:
    answers, waiting = Answers(), iter(requests)
    parts = urlsplit(address)

    async def one_after_another() -> None:
        connection = None
        for request in waiting:
            since = time.perf_counter()
            if connection is None:
                connection = await asyncio.open_connection(parts.hostname, parts.port)
            connection[1].write(request.to_bytes(host=parts.netloc))
            status, body, kept = await _read(connection[0])
            answers.add(seconds=time.perf_counter() - since, status=status, body=body)
            if not kept:
                connection[1].close()
                connection = None

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return answers


async def _read(stream: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """Read one answer. Returns: its status, its body, and whether the connection stays open."""
    head = (await stream.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    body = await stream.readexactly(int(fields.get("content-length", 0)))
    return int(head[0].split()[1]), body, fields.get("connection") != "close"
