"""Text from a form -> an address that can be mailed, or one sentence why not. No network is asked."""

import hashlib
import hmac
import ipaddress
import unicodedata

from django.conf import settings
from django.utils.translation import gettext
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from subscriptions.errors import InvalidAddress
from subscriptions.types import Address

__all__ = ["InvalidAddress", "address_key", "network_key", "parse_address"]

LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3: a path of 256 octets holds the address and two brackets
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # Unicode categories of what cannot be seen
TOO_LONG = f"This address is too long: {LONGEST_ADDRESS} characters are the most that mail can carry."


def parse_address(text: str) -> Address:
    """Read what a person typed as one address.

    Refused on purpose, though a standard may allow it: quoted names, comments, display names, letters outside
    ASCII before the @ (most mail providers cannot carry them), domains without a dot, and IP addresses.
    Raises: InvalidAddress with one plain sentence.
    """
    typed = text.strip()
    _refuse_what_is_no_single_address(typed)
    try:
        valid = validate_email(typed, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        raise InvalidAddress(_why_not(typed)) from error
    normalised = _normalised(valid)
    if max(len(normalised), len(valid.normalized)) > LONGEST_ADDRESS:
        raise InvalidAddress(TOO_LONG)
    return Address(email=valid.normalized, normalised=normalised, key=address_key(normalised))


def address_key(normalised: str) -> str:
    """Hash a normalised address with our own key, so that a copy of the database names nobody."""
    return _keyed_hash("address", normalised)


def network_key(ip: str) -> str:
    """Hash the network that an IP address is in: /24 for IPv4, /48 for IPv6. What is no IP shares one key."""
    try:
        address = ipaddress.ip_address(ip.strip().partition("%")[0])  # "%eth0" names an interface, not a network
    except ValueError:
        return _keyed_hash("network", "unknown")
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = 24 if address.version == 4 else 48
    return _keyed_hash("network", str(ipaddress.ip_network(f"{address}/{prefix}", strict=False)))


def _keyed_hash(purpose: str, text: str) -> str:
    message = f"{purpose}:{text}".encode()
    return hmac.new(settings.ADDRESS_HASH_KEY.encode(), message, hashlib.sha256).hexdigest()


def _refuse_what_is_no_single_address(typed: str) -> None:
    if not typed:
        raise InvalidAddress(gettext("Please type your e-mail address."))
    if len(typed) > LONGEST_ADDRESS:
        raise InvalidAddress(TOO_LONG)
    if any(unicodedata.category(character) in HIDDEN for character in typed):
        raise InvalidAddress(gettext("This address holds an invisible character; please type it anew."))
    if "@" not in typed:
        raise InvalidAddress(gettext("An address has an @ in it, as in name@example.org."))
    if any(character in typed for character in '<>()[]"\\'):
        raise InvalidAddress(gettext("Please give the address alone, without quotation marks, brackets or comments."))
    if any(character in typed for character in ",;") or typed.count("@") > 1:
        raise InvalidAddress(gettext("Please give one address alone, as in name@example.org."))
    if any(character.isspace() for character in typed):
        raise InvalidAddress(gettext("An address has no spaces in it."))


def _why_not(typed: str) -> str:
    """Find the one sentence that helps most; the order is from the commonest slip to the rarest."""
    local, _, domain = typed.partition("@")
    if not local or not domain:
        return "Something is missing before or after the @, as in name@example.org."
    if not local.isascii():
        return "Most mail systems cannot carry letters with accents, or of other scripts, before the @."
    if local[0] == "." or local[-1] == "." or ".." in local:
        return "Before the @, a dot stands between two other characters."
    if "." not in domain.strip("."):
        return "After the @, an address has a name with a dot in it, as in name@example.org."
    if len(local) > 64:
        return "The part before the @ is too long: 64 characters are the most that mail can carry."
    return "No mail can reach this address; please check how it is spelt."


def _normalised(valid: ValidatedEmail) -> str:
    local = unicodedata.normalize("NFC", valid.local_part).casefold()
    return f"{local}@{valid.ascii_domain.lower()}"
