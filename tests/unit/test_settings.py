"""The start: production settings are read from the environment, and a wrong one is refused by its name."""

import runpy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = PROJECT / "digest" / "settings.py"
LINES = (PROJECT / "tests" / "production.env").read_text("utf-8").splitlines()
PRODUCTION = dict(line.split("=", 1) for line in LINES if not line.startswith("#")) | {"ENV_FILE": "/dev/null"}
Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Read the settings as a production process would, some variables changed; None takes one away."""

    def read(**changed: str | None) -> dict[str, Any]:
        monkeypatch.delenv("DEMO", raising=False)
        for name, value in {**PRODUCTION, **changed}.items():
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


def test_production_settings_are_read(load: Load) -> None:
    settings = load()

    assert settings["DATABASES"]["default"]["HOST"] == "db.example"
    assert settings["ALLOWED_HOSTS"] == ["papers.example.org", "localhost", "127.0.0.1"]
    assert settings["SECURE_SSL_REDIRECT"] is True


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "SITE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "POSTAL_ADDRESS", "CONTACT_EMAIL"]
)
def test_a_missing_setting_stops_the_start_by_name(load: Load, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} is not set"):
        load(**{name: None})


def test_without_a_webhook_secret_the_webhooks_take_nothing_from_anybody(load: Load) -> None:
    shut, again = (load()["ANYMAIL"]["WEBHOOK_SECRET"] for _ in range(2))

    assert shut != again
    assert len(shut) > 40


def test_a_mail_providers_webhook_needs_its_secret(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^WEBHOOK_SECRET is not set"):
        load(EMAIL_PROVIDER="mailgun", ANYMAIL_MAILGUN_API_KEY="key")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("DEMO", "perhaps"),
        ("DEBUG", "2"),
        ("SITE_URL", "papers.example.org"),
        ("DATABASE_URL", "postgres//papers"),
        ("REDIS_URL", "localhost:6379"),
        ("WEBHOOK_SECRET", "one-word"),
        ("BOUNCE_ADDRESS", "bounces"),
        ("BOUNCE_IMAP_URL", "pop3://reader:secret@mail.example.org"),
        ("BOUNCE_IMAP_URL", "imaps://mail.example.org/INBOX"),
        ("BOUNCE_IMAP_URL", "imaps://reader:se/cret@mail.example.org"),
        ("EMAIL_PROVIDER", "pigeon"),
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_PER_SECOND", "0.5"),
        ("EMAIL_PER_DAY", "-1"),
        ("EMAIL_WARM_UP_FROM", "next Monday"),
        ("EMAIL_WARM_UP", "50,0"),
        ("EMAIL_BREAKER_ERRORS", "0"),
        ("EMAIL_SPREAD_MINUTES", "46"),
        ("EMAIL_BRAKE_PER_READER", "three"),
        ("EMAIL_BRAKE_TOTAL", "1e6"),
        ("EMAIL_BRAKE_BOUNCES", "101"),
        ("EMAIL_BRAKE_COMPLAINTS", "0,1"),
        ("EMAIL_BRAKE_FEWEST_MAILS", "many"),
        ("EMAIL_FALLBACK_PROVIDER", "pigeon"),
        ("EMAIL_FALLBACK_PROVIDER", "dry-run"),
        ("EMAIL_FALLBACK_PER_SECOND", "fast"),
        ("DEFAULT_FROM_EMAIL", "Postprint"),
        ("CONTACT_EMAIL", "staff at example.org"),
        ("ARXIV_CATEGORIES", "cs.CL and math"),
        ("TRUSTED_PROXIES", "one"),
        ("SECURE_SSL_REDIRECT", "please"),
        ("SECURE_HSTS_SECONDS", "1y"),
        ("LOG_LEVEL", "LOUD"),
        ("ENCODER", "the small one"),
        ("ENCODER_THREADS", "all"),
    ],
)
def test_a_wrong_setting_stops_the_start_by_name(load: Load, name: str, wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        load(**{name: wrong})


def test_a_variable_of_an_earlier_version_is_refused_with_what_replaces_it(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^RETURN_PATH_DOMAIN is not read any more: .* BOUNCE_ADDRESS"):
        load(RETURN_PATH_DOMAIN="bounces.example.org")

    assert load(RETURN_PATH_DOMAIN="")["BOUNCE_ADDRESS"] == ""


def test_a_fall_back_has_its_own_address_and_limits(load: Load) -> None:
    variables = {"PROVIDER": "smtp", "URL": "smtps://user:password@other.example:465", "PER_DAY": "300"}

    settings = load(**{f"EMAIL_FALLBACK_{name}": value for name, value in variables.items()})

    fallback = settings["EMAIL_FALLBACK"]
    assert (fallback.name, fallback.limits.per_day, settings["EMAIL_LIMITS"].per_day) == ("smtp-fallback", 300, 0)
    assert fallback.options == {
        "host": "other.example",
        "port": 465,
        "username": "user",
        "password": "password",
        "use_tls": False,
        "use_ssl": True,
    }


def test_a_fall_back_over_smtp_needs_its_address(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_FALLBACK_URL is not set"):
        load(EMAIL_FALLBACK_PROVIDER="smtp")


def test_the_webhook_of_a_fall_back_needs_its_secret_too(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^WEBHOOK_SECRET is not set"):
        load(EMAIL_FALLBACK_PROVIDER="mailgun", ANYMAIL_MAILGUN_API_KEY="key")


def test_a_warm_up_begins_on_its_day(load: Load) -> None:
    settings = load(EMAIL_WARM_UP_FROM="2026-11-02", EMAIL_WARM_UP="10, 20")

    limits = settings["EMAIL_LIMITS"]
    assert (limits.warm_up_from, limits.warm_up) == (date(2026, 11, 2), (10, 20))


def test_without_an_encoder_papers_are_matched_by_words_alone(load: Load) -> None:
    settings = load(ENCODER=None)

    assert (settings["ENCODER"], settings["ENCODER_PATH"], settings["ENCODER_THREADS"]) == ("", "", 0)


def test_a_folder_that_is_not_there_is_no_reason_not_to_start(load: Load) -> None:
    settings = load(ENCODER="sentence-transformers/all-MiniLM-L6-v2", ENCODER_PATH="/nowhere")

    assert settings["ENCODER_PATH"] == "/nowhere"


def test_the_demo_needs_no_setting_at_all(load: Load) -> None:
    settings = load(**{**dict.fromkeys(PRODUCTION), "ENV_FILE": "/dev/null", "DEMO": "1"})

    assert settings["EMAIL_PROVIDER"] == "file"
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
