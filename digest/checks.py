"""What `manage.py check` and every worker look at before they start, and with --deploy what is wrong for readers."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from digest.mail.route import providers
from digest.pipeline.encoding import NOT_CHOSEN, why_words_alone
from subscriptions.taxonomy import NAMES


@checks.register(checks.Tags.security, deploy=True)
def warn_of_trial_settings(**_: Any) -> list[checks.CheckMessage]:
    """Warn of each setting that only a trial may have."""
    engine = settings.DATABASES["default"]["ENGINE"]
    trial = {
        "W001": (settings.DEMO, "DEMO is on: the secret key is known to everybody."),
        "W002": (engine.endswith("sqlite3"), "DATABASE_URL is SQLite: one worker at a time can write."),
        "W003": (not settings.REDIS_URL, "REDIS_URL is not set: no worker can be woken."),
        "W004": (
            settings.EMAIL_PROVIDER in {"file", "dry-run"},
            f"EMAIL_PROVIDER is {settings.EMAIL_PROVIDER}: no mail reaches a reader.",
        ),
        "W005": (not settings.SECURE, "SITE_URL is not https: links and sign-ups can be read on their way."),
    }
    return [checks.Warning(text, id=f"postprint.{number}") for number, (is_so, text) in trial.items() if is_so]


@checks.register(checks.Tags.compatibility)
def warn_of_unknown_categories(**_: Any) -> list[checks.CheckMessage]:
    """Warn of a category that arXiv does not have: it answers a feed that names one with an error alone."""
    known = {*NAMES, *(name.partition(".")[0] for name in NAMES)}  # whole archives, too: cs, math
    unknown = [name for name in settings.ARXIV_CATEGORIES if name not in known]
    if not unknown:
        return []
    words = f"ARXIV_CATEGORIES names {', '.join(unknown)}, which we do not know as arXiv's; nothing else may come in."
    return [checks.Warning(words, id="postprint.W006")]


@checks.register(checks.Tags.compatibility)
def refuse_unusable_provider(**_: Any) -> list[checks.CheckMessage]:
    """Refuse a mail provider whose keys or library are missing, before the first mail does."""
    hint = "Give each of the provider's own settings as a variable named ANYMAIL_ and the setting's name."
    found: list[checks.CheckMessage] = []
    for variable, provider in zip(("EMAIL_PROVIDER", "EMAIL_FALLBACK_PROVIDER"), providers(), strict=False):
        try:
            get_connection(provider.backend, **provider.options)
        except (ImproperlyConfigured, ImportError) as error:
            words = f"{variable} is {provider.name}, which cannot be used: {error}"
            found.append(checks.Error(words, hint=hint, id="postprint.E001"))
    return found


@checks.register(checks.Tags.compatibility)
def warn_of_unusable_encoder(**_: Any) -> list[checks.CheckMessage]:
    """Warn of an encoder that cannot be used here: the service runs, and matches papers by words alone."""
    reason = why_words_alone()
    if not reason or reason == NOT_CHOSEN:
        return []
    return [checks.Warning(f"Papers are matched by words alone. {reason}", id="postprint.W007")]


@checks.register(checks.Tags.compatibility, deploy=True)
def tell_that_no_encoder_is_chosen(**_: Any) -> list[checks.CheckMessage]:
    """Say that papers are matched by words alone because nobody chose an encoder, which is no fault."""
    if why_words_alone() != NOT_CHOSEN:
        return []
    hint = "Set ENCODER, and install requirements/semantic.txt, to match by meaning, too."
    return [checks.Info(NOT_CHOSEN, hint=hint, id="postprint.I001")]
