"""Pages for what cannot be had."""

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from digest.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401 - this is a URLconf
from digest.views.errors import server_error


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of the inside")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [*urlpatterns, path("broken/", broken), path("forbidden/", forbidden)]


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


@pytest.mark.urls(__name__)
def test_what_one_may_not_open_is_not_blamed_on_a_form(client: Client) -> None:
    answer = client.get("/forbidden/")

    assert answer.status_code == 403
    assert "does not have the rights" in answer.content.decode()


def test_a_form_that_did_not_come_from_our_page_is_asked_for_once_more() -> None:
    answer = Client().post("/subscribe/", {"email": "ada@example.org"}, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert "send the form again" in answer.content.decode()


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
