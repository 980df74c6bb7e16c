"""Macros as the examples of RFC 7208, section 7.4, write them out."""

import pytest

from digest.mail.checks.spf_macros import LONGEST_NAME, expand


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{p}.%{D}", "unknown.email.example.com"),
        ("a%%b%-c", "a%b%20c"),
    ],
)
def test_the_examples_of_the_standard_come_out_as_it_says(text: str, name: str) -> None:
    assert expand(text=text, domain="email.example.com", sender="email.example.com", ip="192.0.2.3") == name


def test_an_address_of_version_6_is_cut_into_its_digits() -> None:
    name = expand(text="%{ir}.%{v}._spf.%{d2}", domain="a.example.com", sender="a.example.com", ip="2001:db8::cb01")

    digits = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
    assert name == f"{digits}.ip6._spf.example.com"


def test_a_name_that_is_too_long_loses_labels_on_the_left() -> None:
    name = expand(text="a." * 200 + "%{d}", domain="example.com", sender="example.com", ip="192.0.2.3")

    assert len(name) <= LONGEST_NAME
    assert name.endswith(".a.example.com")
