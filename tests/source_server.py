"""A real little HTTP server on loopback that speaks like arXiv and Hugging Face, with their bad days."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer; `hangs` says nothing until the server stops."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


RATE_EXCEEDED = Answer(status=429, body=b"<html><body>Rate exceeded.</body></html>")
ACCESS_DENIED = Answer(status=403, body=b"Access denied")


def busy(*, retry_after: str = "") -> Answer:
    """A 503, with or without a word about when to come back."""
    return Answer(status=503, headers=(("Retry-After", retry_after),) if retry_after else ())


@dataclass(slots=True)
class SourceServer:
    """Answers from `script` in order, the last one for ever; pages with an ETag answer 304 to whoever has them."""

    address: str = ""
    script: list[Answer | Callable[[Request], Answer]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most_at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answers(self, *script: Answer | Callable[[Request], Answer] | bytes) -> None:
        """Say what comes, in order."""
        self.script[:] = [Answer(body=item) if isinstance(item, bytes) else item for item in script]

    @contextmanager
    def answering(self, request: Request) -> Iterator[Answer]:
        """Take the next answer, and count how many are being served at the same moment."""
        with self._lock:
            self.requests.append(request)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            item = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        try:
            yield item if isinstance(item, Answer) else item(request)
        finally:
            with self._lock:
                self.at_once -= 1


class _Handler(BaseHTTPRequestHandler):
    source: SourceServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        request = Request(path=parts.path, params=params, headers=dict(self.headers.items()))
        with self.source.answering(request) as answer:
            if answer.hangs:
                self.source.stopping.wait(timeout=30)
                return
            self._send(answer, request)

    def _send(self, answer: Answer, request: Request) -> None:
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        known = answer.status == 200 and request.headers.get("If-None-Match") == etag
        self.send_response(304 if known else answer.status)
        self.send_header("ETag", etag)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0" if known else str(len(answer.body)))
        self.end_headers()
        if not known:
            self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@contextmanager
def running() -> Iterator[SourceServer]:
    """Serve on a free port of loopback until the end of the block."""
    source = SourceServer()
    handler = type("Handler", (_Handler,), {"source": source})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    source.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield source
    finally:
        source.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
