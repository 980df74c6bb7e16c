"""What a mail tells its provider."""

from typing import Any

import pytest
from anymail.exceptions import AnymailUnsupportedFeature
from django.conf import LazySettings
from django.core.mail import EmailMessage, get_connection

from digest.mail.providers import anymail_providers, backend_for
from subscriptions.marks import fit, known_marks, mark

ALL = {"metadata", "tags", "track_opens", "track_clicks"}
NEEDS_A_LIBRARY_OF_ITS_OWN = {"amazon_ses"}
WITHOUT_LIBRARY = [name for name in anymail_providers() if name not in NEEDS_A_LIBRARY_OF_ITS_OWN]


_KEYS = """
BREVO_API_KEY MAILERSEND_API_TOKEN MAILGUN_API_KEY MAILJET_API_KEY MAILJET_SECRET_KEY MAILTRAP_API_TOKEN
MANDRILL_API_KEY POSTAL_API_URL POSTAL_API_KEY POSTMARK_SERVER_TOKEN RESEND_API_KEY SCALEWAY_SECRET_KEY
SCALEWAY_PROJECT_ID SENDGRID_API_KEY SPARKPOST_API_KEY UNISENDER_GO_API_KEY UNISENDER_GO_API_URL
"""
KEYS = {name: "https://api.example.org/" if name.endswith("_URL") else "invented" for name in _KEYS.split()}


def marked() -> EmailMessage:
    """Write a mail and mark it."""
    headers = {"List-Unsubscribe": "<https://papers.example.org/u/x/>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage("Hello", "Words", "digest@example.org", ["ada@example.org"], headers=headers)
    mark(message=message, kind="digest", metadata={"delivery_id": "42"})
    return message


@pytest.mark.parametrize("provider", ["file", "smtp"])
def test_a_provider_without_marks_gets_none(provider: str, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = backend_for(provider)

    message = marked()

    assert known_marks(backend=settings.EMAIL_BACKEND) == frozenset()
    assert not ALL & set(vars(message))


def test_a_provider_that_knows_all_gets_all_and_counts_nothing(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = backend_for("postmark")

    message: Any = marked()

    assert (message.metadata, message.tags) == ({"delivery_id": "42"}, ["digest"])
    assert (message.track_opens, message.track_clicks) == (False, False)


def test_a_provider_that_sends_in_place_of_another_gets_the_marks_that_it_knows(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = backend_for("smtp")
    message: Any = marked()

    fit(message=message, backend=backend_for("postmark"))
    known = set(vars(message)) & ALL
    fit(message=message, backend=backend_for("smtp"))

    assert known == ALL
    assert not ALL & set(vars(message))


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
@pytest.mark.parametrize("provider", WITHOUT_LIBRARY)
def test_no_provider_refuses_our_marks_or_our_headers(provider: str, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = backend_for(provider)
    settings.ANYMAIL = KEYS
    backend: Any = get_connection()

    try:
        backend.build_message_payload(marked(), {})
    except AnymailUnsupportedFeature as error:
        pytest.fail(f"{provider}: {error}")
