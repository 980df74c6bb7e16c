"""Addresses that parsers get wrong, from a public collection.

Nothing invalid is taken; what a standard allows and we refuse, we refuse for a reason that we can name.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from subscriptions.addresses import InvalidAddress, parse_address

NOT_ASCII_BEFORE_THE_AT = "accents"
REFUSED_ON_PURPOSE = {
    "without quotation marks": 'a quoted name, a comment or a display name: `"first last"@...`, `Ada <ada@...>`',
    "a name with a dot in it": "a host without a dot: `root@mailserver1`",
    "how it is spelt": "an IP address, or a top-level domain of digits",
    NOT_ASCII_BEFORE_THE_AT: "letters outside ASCII before the @, which most providers cannot carry",
}


def addresses(file: Path) -> Iterator[str]:
    """Read one address a line. A comment begins with # at the line's start, or after a gap of spaces."""
    for line in file.read_text(encoding="utf-8").splitlines():
        is_comment = line.startswith(("#", " ")) and not line.startswith("#Fred")
        address = line.split("    ")[0].strip()
        if address and not is_comment:
            yield address


def refusal(address: str) -> str:
    """Give the sentence that an address is refused with; empty when it is taken."""
    try:
        parse_address(address)
    except InvalidAddress as error:
        return str(error)
    return ""


@pytest.fixture(scope="session")
def collection(recordings: Path) -> Path:
    return recordings / "addresses"


def test_no_invalid_address_is_taken(collection: Path) -> None:
    invalid = list(addresses(collection / "flanker_mailbox_invalid.txt"))

    taken = [address for address in invalid if not refusal(address)]

    assert (len(invalid) > 80, taken) == (True, [])


def test_a_valid_address_is_refused_only_on_purpose(collection: Path) -> None:
    valid = list(addresses(collection / "flanker_mailbox_valid.txt"))

    refusals = [refusal(address) for address in valid]

    unexplained = [text for text in refusals if text and not any(reason in text for reason in REFUSED_ON_PURPOSE)]
    assert (unexplained, refusals.count("") > 75) == ([], True)


def test_an_ordinary_valid_address_is_taken(collection: Path) -> None:
    ordinary = [
        address
        for address in addresses(collection / "flanker_mailbox_valid.txt")
        if address.isascii()
        and not set(address) & set('"()<>[]')
        and address.rpartition("@")[2].count(".")
        and not address.rpartition(".")[2][-1].isdigit()
    ]

    refused = [address for address in ordinary if refusal(address)]

    assert (len(ordinary) > 70, refused) == (True, [])


def test_a_mistyped_domain_is_refused_or_kept_as_typed(collection: Path) -> None:
    lines = (collection / "flanker_domain_typos_valid.txt").read_text(encoding="utf-8").splitlines()
    domains = [line.split(",")[0] for line in lines if "," in line and not line.startswith("#")]

    read = {domain: parse_address(f"ada@{domain}").normalised for domain in domains if not refusal(f"ada@{domain}")}

    assert len(read) > 100
    assert all(normalised == f"ada@{domain}" for domain, normalised in read.items())
