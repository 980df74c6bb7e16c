"""Recorded requests of mail providers, read from their files and signed anew with keys of our own."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client

SECRET = "invented-secret"
SHARED = "username:password"  # as the recorded requests have it
KEYS: dict[str, Any] = {
    "WEBHOOK_SECRET": SHARED,
    "MAILGUN_WEBHOOK_SIGNING_KEY": "TEST_WEBHOOK_SIGNING_KEY",
    "MAILERSEND_SIGNING_SECRET": SECRET,
    "MAILERSEND_INBOUND_SECRET": SECRET,
    "MANDRILL_WEBHOOK_KEY": SECRET,
    "UNISENDER_GO_API_KEY": SECRET,
    "AMAZON_SES_AUTO_CONFIRM_SNS_SUBSCRIPTIONS": False,  # confirming one would ask Amazon
}
BORDER = "BoUnDaRyStRiNg"  # of the forms in the recordings

_MANDRILLS_FIELD = re.compile(rf'name="mandrill_events"\r?\n\r?\n(.*?)\r?\n--{BORDER}--'.encode(), re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A recorded request."""

    method: str
    path: str
    body: bytes
    content_type: str
    headers: Mapping[str, str]

    def post(self) -> int:
        """Send it as the provider does. Returns: the status of the answer."""
        options: Any = {"content_type": self.content_type, "headers": self.headers}
        return Client().generic(self.method, self.path, self.body, **options).status_code

    def with_header(self, name: str, value: str) -> "Request":
        """Set a header."""
        return replace(self, headers={**self.headers, name: value})


def recorded(path: Path) -> Request:
    """Read a recorded request, signed with our keys."""
    raw = path.read_bytes()
    border = b"\r\n\r\n" if b"\r\n\r\n" in raw.partition(b"Host:")[2][:1_000] else b"\n\n"
    head, _, body = raw.partition(border)
    first, *lines = head.decode().splitlines()
    headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
    headers.pop("Content-Length")
    method, address, _ = first.split()
    request = Request(
        method=method,
        path=urlsplit(address).path,
        body=body,
        content_type=headers.pop("Content-Type"),
        headers=headers,
    )
    return sign(request=request, provider=path.stem)


def sign(*, request: Request, provider: str) -> Request:
    """Put in the mark that this provider would make with our key."""
    for name, make in SIGNATURES.items():
        if provider.startswith(name):
            return make(request)
    return request


def keys() -> dict[str, Any]:
    """Answer all keys that the requests are signed with."""
    return {**KEYS, "POSTAL_WEBHOOK_KEY": _postal_public_key()}


def with_metadata(*, request: Request, provider: str, delivery_id: str) -> Request:
    """Let a request carry what our mails give every provider along: the id of the delivery."""
    if provider.startswith("mailgun"):
        headers = json.dumps([["X-Mailgun-Variables", json.dumps({"delivery_id": delivery_id})]])
        part = f'--{BORDER}\r\nContent-Disposition: form-data; name="message-headers"\r\n\r\n{headers}\r\n'
        return replace(request, body=part.encode() + request.body)
    words = json.loads(request.body)
    words["metadata"] = {"delivery_id": delivery_id}
    return _unisender(replace(request, body=json.dumps(words).encode()))


def _mailersend(request: Request) -> Request:
    return request.with_header("Signature", hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest())


def _unisender(request: Request) -> Request:
    """Put in the mark that the provider makes of the body and our key."""
    old = json.loads(request.body)["auth"].encode()
    mark = hashlib.md5(request.body.replace(old, SECRET.encode()), usedforsecurity=False).hexdigest()
    return replace(request, body=request.body.replace(old, mark.encode()))


def _mandrill(request: Request) -> Request:
    """Sign the whole address, with what stands before its @, and what the form says."""
    if request.method == "HEAD":
        return request
    said = _MANDRILLS_FIELD.search(request.body)
    words = said[1].decode() if said else ""
    signed = f"http://{SHARED}@testserver{request.path}mandrill_events{words}"
    mark = base64.b64encode(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha1).digest())
    return request.with_header("X-Mandrill-Signature", mark.decode())


def _postal(request: Request) -> Request:
    """Sign with a key made for this run; Postal's requests carry our secret as every other provider's do."""
    mark = base64.b64encode(_postal_key().sign(request.body, padding.PKCS1v15(), hashes.SHA1()))
    auth = base64.b64encode(SHARED.encode()).decode()
    return request.with_header("X-Postal-Signature", mark.decode()).with_header("Authorization", f"Basic {auth}")


@cache
def _postal_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _postal_public_key() -> str:
    formats = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return "".join(_postal_key().public_key().public_bytes(*formats).decode().splitlines()[1:-1])


SIGNATURES: dict[str, Callable[[Request], Request]] = {
    "mailersend": _mailersend,
    "mandrill": _mandrill,
    "postal": _postal,
    "unisender_go": _unisender,
}
"""By provider, what puts its mark on a request."""
