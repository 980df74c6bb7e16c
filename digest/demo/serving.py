"""Serves the site and does the work behind it until somebody ends it, in one process and for one machine."""

import contextlib
import errno
import signal
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application

from digest.demo.ticker import Ticker

PATIENCE_S = 3.0  # for each thread at the end
LOCAL = frozenset({"127.0.0.1", "0.0.0.0", "::1", "::", "localhost"})  # noqa: S104 - names are compared, nothing is bound


class CannotServe(Exception):
    """The address cannot be used; the message says what to do."""


class QuietHandler(WSGIRequestHandler):
    """Answers without a line in the log for each request: their paths are links that belong to readers."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


def open_server(*, host: str, port: int) -> ThreadedWSGIServer:
    """Take the address, so that nothing else is begun when it is not free.

    Raises: CannotServe.
    """
    try:
        return ThreadedWSGIServer((host, port), QuietHandler, ipv6=":" in host)
    except OSError as error:
        raise CannotServe(_why(error, host, port)) from error
    except OverflowError as error:
        raise CannotServe(f"{port} is no port: choose one from 1024 to 65535.") from error


def site_url(*, host: str, port: int) -> str:
    """Say where a browser on this machine finds the site."""
    if host in LOCAL:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def move_site(*, url: str) -> None:
    """Have links and the host check follow the port that this process was told to use."""
    settings.SITE_URL = url
    settings.CSRF_TRUSTED_ORIGINS = [url]
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, urlsplit(url).hostname or ""]


def serve(*, server: ThreadedWSGIServer, on_ready: Callable[[], None]) -> None:
    """Serve until KeyboardInterrupt (see `interruptible`), then end everything that was started."""
    server.set_app(get_internal_wsgi_application())
    web = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    ticker = Ticker()
    web.start()
    ticker.start()
    try:
        on_ready()
        threading.Event().wait()
    finally:
        _ignore_signals()
        server.shutdown()
        ticker.stop(patience_s=PATIENCE_S)


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into a quiet end of what is inside."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        yield


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken. End what uses it, or choose another: python manage.py demo --port {port + 1}"
    return f"{host}:{port} cannot be used: {error.strerror or error}."
