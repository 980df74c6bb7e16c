"""The address that the demo serves on."""

import socket
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from digest.demo.serving import CannotServe, move_site, open_server, site_url
from tests.servers import free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


def test_a_port_that_is_taken_is_named_with_what_to_do(taken_port: int) -> None:
    with pytest.raises(CannotServe, match=rf"^Port {taken_port} is taken\. .*--port {taken_port + 1}$"):
        open_server(host="127.0.0.1", port=taken_port)


def test_a_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(CannotServe, match="70000 is no port"):
        open_server(host="127.0.0.1", port=70000)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CannotServe, match=r"192\.0\.2\.1:8000 cannot be used: "):
        open_server(host="192.0.2.1", port=8000)


def test_a_free_port_is_taken_at_once() -> None:
    port = free_port()

    with open_server(host="127.0.0.1", port=port), pytest.raises(CannotServe, match="is taken"):
        open_server(host="127.0.0.1", port=port)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:8001"),
        ("0.0.0.0", "http://localhost:8001"),
        ("192.0.2.7", "http://192.0.2.7:8001"),
        ("2001:db8::7", "http://[2001:db8::7]:8001"),
    ],
)
def test_the_printed_address_is_one_that_a_browser_can_open(host: str, url: str) -> None:
    assert site_url(host=host, port=8001) == url


def test_links_and_the_host_check_follow_the_port(settings: LazySettings) -> None:
    move_site(url="http://192.0.2.7:8001")

    assert settings.SITE_URL == "http://192.0.2.7:8001"
    assert "192.0.2.7" in settings.ALLOWED_HOSTS
