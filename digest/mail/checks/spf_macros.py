"""What stands for a macro in an SPF record: `%{ir}.%{v}._spf.%{d}` and one sending address -> a name. Pure.

Source: RFC 7208, section 7.
"""

import ipaddress
import re

from digest.mail.checks.spf_terms import BadRecord

LITERALS = {"%": "%", "_": " ", "-": "%20"}
UNKNOWN_HERE = frozenset("slh")  # the address of one mail, and how a server greets: other for each mail
LONGEST_NAME = 253

_MACRO = re.compile(
    r"%(?:\{(?P<letter>[A-Za-z])(?P<keep>\d*)(?P<turn>[rR]?)(?P<cut>[.\-+,/_=]*)\}|(?P<literal>[%_-])|(?P<bad>.|$))",
    re.ASCII,
)


class NotKnown(Exception):
    """A macro is about something that only one mail has."""


def expand(*, text: str, domain: str, sender: str, ip: str) -> str:
    """Write a name out: `domain` is whose record this is, `sender` the domain of the return path.

    Raises: BadRecord for what is no macro, NotKnown for one that is other for each mail.
    """
    values = _values(domain, sender, ip)
    name = _MACRO.sub(lambda found: _written_out(found, values, text), text)
    while len(name) > LONGEST_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def _values(domain: str, sender: str, ip: str) -> dict[str, str]:
    address = ipaddress.ip_address(ip)
    is_four = isinstance(address, ipaddress.IPv4Address)
    dotted = str(address) if is_four else ".".join(address.exploded.replace(":", ""))
    return {"d": domain, "o": sender, "i": dotted, "p": "unknown", "v": "in-addr" if is_four else "ip6"}


def _written_out(found: re.Match[str], values: dict[str, str], text: str) -> str:
    if found["literal"]:
        return LITERALS[found["literal"]]
    letter = (found["letter"] or "").lower()
    if letter in UNKNOWN_HERE:
        raise NotKnown(text)
    if letter not in values or found["keep"] == "0":
        raise BadRecord(f"“{text}” holds “{found[0]}”, which is no macro")
    parts = re.split(f"[{re.escape(found['cut'] or '.')}]", values[letter])
    if found["turn"]:
        parts.reverse()
    return ".".join(parts[-int(found["keep"] or len(parts)) :])
