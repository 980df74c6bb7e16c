"""Signed bytes in few letters, for links that stand in a mail's header or many times in its text.

A token is base64url(body, signature) without dots or padding. Keys that were retired still open what they signed.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.crypto import constant_time_compare, salted_hmac

SIGNATURE_BYTES = 11  # nobody guesses 88 bits by asking


def sign(*, body: bytes, salt: str) -> str:
    """Write a body and its signature under a salt."""
    return _letters(body + _signature(body, salt, settings.SECRET_KEY))


def unsign(*, token: str, salt: str) -> bytes:
    """Give the body of a token.

    Raises: BadSignature when it was not signed here under this salt, or is spelled in another way.
    """
    try:
        packed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError as error:
        raise BadSignature("no base64") from error
    body, signature = packed[:-SIGNATURE_BYTES], packed[-SIGNATURE_BYTES:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    is_ours = any(constant_time_compare(signature, _signature(body, salt, key)) for key in keys)
    if not is_ours or _letters(packed) != token:
        raise BadSignature("not signed by us")
    return body


def _letters(packed: bytes) -> str:
    return urlsafe_b64encode(packed).decode().rstrip("=")


def _signature(body: bytes, salt: str, key: str | bytes) -> bytes:
    begun = _begun(salt, key).copy()
    begun.update(body)
    return begun.digest()[:SIGNATURE_BYTES]


@lru_cache(maxsize=64)
def _begun(salt: str, key: str | bytes) -> hmac.HMAC:
    """Begin a signature: what comes of salt and key is the same for two hundred links of a mail."""
    return salted_hmac(salt, b"", secret=key, algorithm="sha256")
