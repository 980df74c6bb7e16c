"""Pages for what cannot be had."""

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from digest.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401 - this is a URLconf
from digest.views.errors import server_error


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of the inside")


urlpatterns = [*urlpatterns, path("broken/", broken)]


@pytest.mark.parametrize("address", ["/nowhere/", "/confirm/", "/preferences/", "/%00/", "/%ff/", "/admin.php"])
def test_an_address_that_leads_nowhere_is_answered_in_words(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_shows_nothing_of_the_inside(client: Client) -> None:
    client.raise_request_exception = False

    answer = client.get("/broken/")

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in page
    assert "secret" not in page
    assert "RuntimeError" not in page


def test_the_page_about_a_fault_needs_no_database_and_no_session() -> None:
    answer = server_error(RequestFactory().get("/"))

    assert "Postprint" in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused_in_words(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["postprint.example"]

    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_every_error_page_keeps_the_site_s_security_headers(client: Client) -> None:
    answer = client.get("/nowhere/")

    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
