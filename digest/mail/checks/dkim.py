"""DKIM: the public key under which receiving servers check our mails' signatures.

Source: RFC 6376, RFC 8301, RFC 8463.
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping

from digest.mail.checks.finding import Finding, fine, note, wrong
from digest.mail.checks.names import Names
from digest.mail.checks.rsa import modulus_bits
from digest.mail.checks.sender import Sender
from digest.mail.checks.tags import read_tags

DKIM = "DKIM"
LEAST_BITS, GOOD_BITS = 1024, 2048
ED25519_BYTES = 32
PUBLISH = "Publish the TXT record that your mail server or provider shows for this selector, whole and unchanged."


def check(*, sender: Sender, names: Names) -> Iterator[Finding]:
    """Read the key of every selector."""
    if not sender.selectors:
        yield note(
            DKIM,
            "The DKIM key was not checked: nobody said under which selector it is.",
            "Set DKIM_SELECTORS, or give --selector; it is the s= in the DKIM-Signature of a mail that arrived.",
        )
    for selector in sender.selectors:
        yield from _check_one(f"{selector}._domainkey.{sender.dkim_domain}", names)


def _check_one(name: str, names: Names) -> Iterator[Finding]:
    records = names.texts(name=name)
    if not records:
        yield wrong(DKIM, f"There is no DKIM key at {name}.", PUBLISH)
    elif len(records) > 1:
        yield wrong(DKIM, f"There are {len(records)} TXT records at {name}; which one counts is anybody's guess.",
                    "Leave the one key that signs now.")  # fmt: skip
    else:
        yield _key(name, read_tags(text=records[0]))
        yield from _limits(name, read_tags(text=records[0]))


def _key(name: str, tags: Mapping[str, str]) -> Finding:
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return wrong(DKIM, f"What stands at {name} is no DKIM key.", PUBLISH)
    key = re.sub(r"\s", "", tags["p"])
    if not key:
        remedy = (
            "Sign with the selector of a key that is in use, and set DKIM_SELECTORS to it; or publish the key anew."
        )
        return wrong(DKIM, f"The DKIM key at {name} was revoked: its p= is empty.", remedy)
    try:
        der = b64decode(key + "=" * (-len(key) % 4), validate=True)
        return _ed25519(name, der) if tags.get("k", "rsa").lower() == "ed25519" else _rsa(name, modulus_bits(der=der))
    except ValueError:  # also of base64
        return wrong(DKIM, f"The DKIM key at {name} cannot be read: its p= is damaged or cut off.", PUBLISH)


def _rsa(name: str, bits: int) -> Finding:
    longer = f"Make a key of {GOOD_BITS} bits under a new selector, and sign with that one."
    if bits < LEAST_BITS:
        return wrong(DKIM, f"The DKIM key at {name} is too short: {bits} bits, and no server accepts it.", longer)
    if bits < GOOD_BITS:
        return note(DKIM, f"The DKIM key at {name} is valid, but short: {bits} bits.", longer)
    return fine(DKIM, f"There is a key of {bits} bits at {name}.")


def _ed25519(name: str, key: bytes) -> Finding:
    if len(key) != ED25519_BYTES:
        raise ValueError("no Ed25519 key")
    words = f"The DKIM key at {name} is an Ed25519 key, which large mailbox providers do not read yet."
    return note(DKIM, words, "Sign with an RSA key, too.")


def _limits(name: str, tags: Mapping[str, str]) -> Iterator[Finding]:
    """Tell of what a record forbids, or declares a trial."""
    if "y" in tags.get("t", "").lower().split(":"):
        yield note(DKIM, f"The DKIM key at {name} is marked as a trial (t=y).", "Take t=y out of the record.")
    if "h" in tags and "sha256" not in tags["h"].lower().split(":"):
        yield wrong(
            DKIM, f"The DKIM key at {name} does not allow SHA-256 (h={tags['h']}).", "Take h= out of the record."
        )
    if not {"*", "email"} & set(tags.get("s", "*").lower().split(":")):
        yield wrong(DKIM, f"The DKIM key at {name} is not for e-mail (s={tags['s']}).", "Take s= out of the record.")
