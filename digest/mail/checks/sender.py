"""Who sends: the domains, addresses and servers that are to be looked at."""

import ipaddress
import socket
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.encoding import punycode

from subscriptions import tokens
from subscriptions.emails import sender_domain
from subscriptions.models import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mails are handed over, and how it is encrypted."""

    host: str
    port: int
    starttls: bool
    tls_at_once: bool

    @property
    def is_here(self) -> bool:
        """Tell whether it runs on this very machine, where nobody listens in."""
        return self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """All of it, in ASCII and small letters.

    `return_path` is the domain that bounces go to, which is the one that SPF is about. `ips` are the addresses from
    which mails reach other servers; empty when they are not known. `smtp` is None when a provider's API sends.
    `leave_url` is a one-click link, rightly signed, of a reader who does not exist.
    """

    domain: str
    return_path: str
    dkim_domain: str
    selectors: tuple[str, ...]
    ips: tuple[str, ...]
    smtp: SmtpServer | None
    leave_url: str


def sender_from_settings(
    *, selectors: tuple[str, ...] = (), ips: tuple[str, ...] = (), return_path: str = ""
) -> Sender:
    """Read who sends from the settings; what is given goes before them."""
    domain = sender_domain().lower()
    bounces = return_path or settings.BOUNCE_ADDRESS or domain
    return Sender(
        domain=domain,
        return_path=str(punycode(parseaddr(bounces)[1].rpartition("@")[2] or bounces)).lower(),
        dkim_domain=(settings.DKIM_DOMAIN or domain).lower(),
        selectors=selectors or tuple(settings.DKIM_SELECTORS),
        ips=ips or tuple(settings.SENDING_IPS) or _addresses_of_smtp(),
        smtp=_smtp(),
        leave_url=tokens.one_click_url(subscriber=Subscriber()),
    )


def _smtp() -> SmtpServer | None:
    if settings.EMAIL_PROVIDER != "smtp":
        return None
    return SmtpServer(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        starttls=settings.EMAIL_USE_TLS,
        tls_at_once=settings.EMAIL_USE_SSL,
    )


def _addresses_of_smtp() -> tuple[str, ...]:
    """Take the SMTP server itself for the host that other servers see, when it has a public address."""
    if settings.EMAIL_PROVIDER != "smtp":
        return ()
    try:
        found = socket.getaddrinfo(settings.EMAIL_HOST, None, proto=socket.IPPROTO_TCP)
    except OSError:
        return ()
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    return tuple(address for address in addresses if ipaddress.ip_address(address.partition("%")[0]).is_global)
