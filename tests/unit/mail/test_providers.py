"""The provider's name and the SMTP address, as the environment gives them."""

import subprocess
import sys
from importlib.util import find_spec

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from digest.checks import refuse_unusable_provider
from digest.mail.limits import Limits
from digest.mail.providers import anymail_providers, backend_for, fallback_for, smtp_settings


@pytest.mark.parametrize("provider", ["file", "smtp", "dry-run", *anymail_providers()])
def test_every_possible_provider_names_a_backend_that_exists(provider: str) -> None:
    module, _, name = backend_for(provider).rpartition(".")

    assert find_spec(module)
    assert callable(import_string(f"{module}.{name}").send_messages)


@pytest.mark.parametrize("provider", ["", "pigeon", "base", "test", "console", "Postmark", "../postmark"])
def test_a_wrong_provider_is_refused_by_name_with_all_that_is_possible(provider: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_PROVIDER .*file, smtp, dry-run, .*postmark"):
        backend_for(provider)


def test_reading_the_settings_of_mail_needs_no_app_registry() -> None:
    code = "from digest.mail.providers import backend_for, smtp_settings; backend_for('postmark')"

    result = subprocess.run([sys.executable, "-c", code], env={"PATH": ""}, capture_output=True, check=False)

    assert result.returncode == 0, result.stderr.decode()


@pytest.mark.parametrize(
    ("url", "host", "port", "starttls", "implicit"),
    [
        ("smtp://localhost", "localhost", 25, False, False),
        ("smtp://mail.example.org:2525/", "mail.example.org", 2525, False, False),
        ("smtps://mail.example.org", "mail.example.org", 465, False, True),
        ("smtp+tls://mail.example.org", "mail.example.org", 587, True, False),
        ("smtp://mail.example.org?tls=true", "mail.example.org", 587, True, False),
        ("smtp://mail.example.org:25?tls=True", "mail.example.org", 25, True, False),
        ("smtp+tls://mail.example.org?tls=false", "mail.example.org", 587, False, False),
        ("smtp://[::1]:2525", "::1", 2525, False, False),
    ],
)
def test_the_address_says_where_and_how_to_connect(
    url: str, host: str, port: int, starttls: bool, implicit: bool
) -> None:
    found = smtp_settings(url)

    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starttls, implicit)


def test_user_and_password_are_percent_decoded() -> None:
    found = smtp_settings("smtps://me%40example.org:p%2Fa%3As%23s@mail.example.org")

    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@example.org", "p/a:s#s")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "must start with smtp://"),
        ("mail.example.org:25", "must start with smtp://"),
        ("https://mail.example.org", "must start with smtp://"),
        ("smtp://", "host:port"),
        ("smtp://mail.example.org/inbox", "percent-encode"),
        ("smtp://user@mail.example.org", "a user without a password"),
        ("smtp://user:secret@mail.example.org:port", "host or port"),
        ("smtp://user:sec/ret@mail.example.org", "host or port"),
        ("smtp://user:sec#ret@mail.example.org", "host or port"),
        ("smtp://mail.example.org?ssl=true", "unknown option 'ssl'"),
        ("smtp://mail.example.org?tls=maybe", "must be true or false"),
        ("smtps://mail.example.org?tls=true", "encrypted from the first byte"),
    ],
)
def test_a_wrong_address_is_refused_by_name_and_the_password_is_not_repeated(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"EMAIL_URL is wrong: .*{words}") as caught:
        smtp_settings(url)

    assert "sec" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_provider_without_its_key_stops_the_start_and_is_named(settings: LazySettings) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = "postmark", backend_for("postmark")
    settings.ANYMAIL = {}

    found = refuse_unusable_provider()

    assert [message.id for message in found] == ["postprint.E001"]
    assert "EMAIL_PROVIDER is postmark" in found[0].msg
    assert "POSTMARK_SERVER_TOKEN" in found[0].msg


def test_a_provider_with_its_key_is_no_complaint(settings: LazySettings) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = "postmark", backend_for("postmark")
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "invented"}

    assert refuse_unusable_provider() == []


def test_a_fall_back_without_its_key_stops_the_start_and_is_named(settings: LazySettings) -> None:
    settings.ANYMAIL = {}
    settings.EMAIL_FALLBACK = fallback_for(provider="postmark", main="smtp", url="", limits=Limits())

    found = refuse_unusable_provider()

    assert ["EMAIL_FALLBACK_PROVIDER is postmark" in message.msg for message in found] == [True]


@pytest.mark.parametrize(("provider", "main"), [("file", "smtp"), ("dry-run", "smtp"), ("brevo", "brevo")])
def test_a_fall_back_must_be_another_one_that_sends(provider: str, main: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_FALLBACK_PROVIDER must be"):
        fallback_for(provider=provider, main=main, url="", limits=Limits())


def test_a_wrong_address_of_the_fall_back_is_refused_by_its_own_name() -> None:
    with pytest.raises(ImproperlyConfigured, match="^EMAIL_FALLBACK_URL is wrong: .*without a password"):
        fallback_for(provider="smtp", main="smtp", url="smtp://user@other.example", limits=Limits())


def test_without_a_fall_back_there_is_none() -> None:
    assert fallback_for(provider="", main="smtp", url="", limits=Limits()) is None
