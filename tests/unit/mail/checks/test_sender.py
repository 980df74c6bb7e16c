"""Who sends, as the settings say it."""

import pytest
from django.conf import LazySettings

from digest.mail.checks import sender_from_settings


@pytest.mark.parametrize(
    ("bounces", "given", "domain"),
    [
        ("", "", "papers.example.org"),
        ("back@Bounces.example.org", "", "bounces.example.org"),
        ("back@bücher.example", "", "xn--bcher-kva.example"),
        ("back@bounces.example.org", "other.example.net", "other.example.net"),
    ],
)
def test_bounces_go_to_the_domain_of_their_address_or_else_to_that_of_from(
    settings: LazySettings, bounces: str, given: str, domain: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Postprint <digest@papers.example.org>"
    settings.BOUNCE_ADDRESS = bounces

    assert sender_from_settings(return_path=given).return_path == domain
