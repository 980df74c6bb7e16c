"""A sender whose every record is right, and a name server that a test may put one wrong record into."""

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from digest.mail.checks.finding import Finding, Level
from digest.mail.checks.names import Names
from digest.mail.checks.sender import Sender
from tests.dns_server import DnsServer

DOMAIN, IP = "papers.example.org", "198.51.100.7"


def der(kind: int, content: bytes) -> bytes:
    """Write one element of DER."""
    length = len(content)
    head = bytes([length]) if length < 128 else bytes([0x82]) + length.to_bytes(2, "big")
    return bytes([kind]) + head + content


def rsa_key(bits: int) -> str:
    """Make the p= of a key of so many bits; nobody could sign with it."""
    modulus = der(2, b"\0" + (1 << (bits - 1) | 1).to_bytes(bits // 8, "big"))
    key = der(0x30, modulus + der(2, b"\x01\x00\x01"))
    algorithm = der(0x30, der(6, bytes.fromhex("2a864886f70d010101")) + b"\x05\x00")
    return base64.b64encode(der(0x30, algorithm + der(3, b"\0" + key))).decode()


KEY = f"v=DKIM1; k=rsa; p={rsa_key(2048)}"
ZONE = {
    (DOMAIN, "NS"): ["ns.example.org."],
    (DOMAIN, "TXT"): ["v=spf1 mx -all", "some-site-verification=1"],
    (DOMAIN, "MX"): ["10 mail.example.org."],
    ("mail.example.org", "A"): [IP],
    ("7.100.51.198.in-addr.arpa", "PTR"): ["mail.example.org."],
    (f"one._domainkey.{DOMAIN}", "TXT"): [KEY],
    (f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=none; rua=mailto:reports@example.org"],
}

Look = Callable[..., list[Finding]]


def make_sender(**fields: Any) -> Sender:
    """Build a sender; a test names what matters to it."""
    ordinary = {"domain": DOMAIN, "return_path": DOMAIN, "dkim_domain": DOMAIN, "selectors": ("one",), "ips": (IP,)}
    return Sender(**{**ordinary, "smtp": None, "leave_url": f"https://{DOMAIN}/u/token/", **fields})


@pytest.fixture
def names_of() -> Iterator[Callable[..., Names]]:
    """Start a name server with the right records, or with others in their place, and give whoever asks it."""
    with ExitStack() as stack:

        def start(zone: dict[tuple[str, str], Sequence[str]] | None = None, **faults: Any) -> Names:
            server = stack.enter_context(DnsServer({**ZONE, **(zone or {})}, **faults))
            patience_s = 0.6 if faults else 10.0  # a busy machine is no silent server
            return Names(nameserver="127.0.0.1", port=server.port, timeout_s=patience_s)

        yield start


def words(findings: Sequence[Finding], *, level: Level) -> str:
    """Join what was said at one level."""
    return "\n".join(f"{each.words} {each.remedy}" for each in findings if each.level is level)
