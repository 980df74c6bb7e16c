"""Which address counts as the client's, behind none, one or two proxies of ours."""

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from subscriptions.addresses import network_key
from subscriptions.views.network import client_address, network_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "direct", "client"),
    [
        (0, "", "192.0.2.1", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "not an address", "10.0.0.1", "10.0.0.1"),
        (1, "203.0.113.9:4711", "10.0.0.1", "203.0.113.9"),
        (1, "2001:db8::7", "10.0.0.1", "2001:db8::7"),
        (1, "[2001:db8::7]:4711", "10.0.0.1", "2001:db8::7"),
        (1, "[2001:db8::7", "10.0.0.1", "2001:db8::7"),
        (0, "", "", ""),
    ],
)
def test_the_client_is_who_our_outermost_proxy_saw(
    settings: LazySettings, proxies: int, forwarded: str, direct: str, client: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory(REMOTE_ADDR=direct).get("/", headers=headers)

    assert client_address(request) == client


def test_only_a_code_of_the_network_goes_further() -> None:
    request = RequestFactory(REMOTE_ADDR="192.0.2.77").get("/")

    assert network_of(request) == network_key("192.0.2.1")
