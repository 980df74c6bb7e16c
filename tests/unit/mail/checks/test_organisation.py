"""Whose domain it is, by the public suffix list."""

import pytest

from digest.mail.checks.dmarc import aligned
from digest.mail.checks.organisation import organisation


@pytest.mark.parametrize(
    ("domain", "whose"),
    [
        ("example.org", "example.org"),
        ("papers.lab.example.org", "example.org"),
        ("papers.example.co.uk", "example.co.uk"),
        ("papers.physics.uni-example.ac.jp", "uni-example.ac.jp"),
        ("papers.lab.github.io", "lab.github.io"),
        ("xn--bcher-kva.xn--p1ai", "xn--bcher-kva.xn--p1ai"),
        ("co.uk", "co.uk"),
        ("papers.lab.internal", "lab.internal"),
        ("localhost", "localhost"),
    ],
)
def test_the_organisation_is_the_domain_below_a_public_suffix(domain: str, whose: str) -> None:
    assert organisation(domain=domain) == whose


@pytest.mark.parametrize(
    ("other", "fits"),
    [("bounces.example.co.uk", True), ("example.co.uk", True), ("other.co.uk", False), ("co.uk", False)],
)
def test_two_domains_under_one_public_suffix_are_not_one_organisation(other: str, fits: bool) -> None:
    assert aligned(one="papers.example.co.uk", other=other, strict=False) is fits
