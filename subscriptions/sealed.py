"""Words that must be kept but that nobody may read: sealed before they are stored, opened where they are used.

In: a key that a reader gave us for another service. Out: a text that only ENCRYPTION_KEYS or SECRET_KEY open. A new
key put first in ENCRYPTION_KEYS seals from then on; those behind it still open.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"postprint: keys of readers' libraries"


class SealBroken(Exception):
    """No key that we have opens it: the settings have changed, or it is damaged."""


def seal(text: str) -> str:
    """Seal a text with the first of the keys."""
    return _locks().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Open a sealed text.

    Raises: SealBroken.
    """
    try:
        return _locks().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("The key that was kept can no longer be opened; please give it again.") from None


def seal_anew(sealed: str) -> str:
    """Seal with the first of the keys what an older one has sealed.

    Raises: SealBroken.
    """
    return seal(unseal(sealed))


def _locks() -> MultiFernet:
    keys = [*settings.ENCRYPTION_KEYS, settings.SECRET_KEY]
    return MultiFernet([Fernet(_derived(key)) for key in dict.fromkeys(keys)])


def _derived(key: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return base64.urlsafe_b64encode(kdf.derive(key.encode()))
