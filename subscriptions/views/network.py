"""Which network a request comes from. A header is believed only as far as our own proxies wrote it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from subscriptions.addresses import network_key


def network_of(request: HttpRequest) -> str:
    """Give the keyed hash of the client's network, which is all that is ever kept of its address."""
    return network_key(client_address(request))


def client_address(request: HttpRequest) -> str:
    """Find the client's IP address.

    Each proxy appends the address that it was called from to X-Forwarded-For, so with N trusted proxies
    the N-th entry from the right is the last one that a client could not invent. A request with fewer
    entries came round the proxies: the connection's own address stands for it.
    Empty when nobody knows, as behind a local socket.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    entries = request.headers.get("X-Forwarded-For", "").split(",")
    claimed = entries[-proxies] if 0 < proxies <= len(entries) else direct
    return _as_ip(claimed) or _as_ip(direct)


def _as_ip(text: str) -> str:
    """Read "192.0.2.1", "192.0.2.1:4711", "2001:db8::1" or "[2001:db8::1]:4711"; anything else gives ""."""
    text = text.strip()
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
