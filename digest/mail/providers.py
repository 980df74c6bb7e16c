"""Which provider sends, by one setting: `file`, `smtp`, or the name of an anymail provider.

The settings import this module: nothing in here may need the app registry or a model.
"""

import importlib.util
import pkgutil
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from digest.environment import NO, YES
from digest.mail.limits import Limits, Provider

OWN_BACKENDS = {
    "file": "digest.mail.backends.FileBackend",
    "smtp": "digest.mail.smtp.SmtpBackend",
    "dry-run": "digest.mail.backends.DryRunBackend",
}
WITH_OUR_KEY = {
    "brevo": "digest.mail.idempotent.BrevoBackend",
    "resend": "digest.mail.idempotent.ResendBackend",
}
"""Providers that take a key under which they send a mail once; ours is the delivery's id."""
NO_FALLBACK = frozenset({"dry-run", "file"})
NOT_PROVIDERS = frozenset({"base", "base_requests", "console", "test", "sendinblue"})  # sendinblue: brevo's old name
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def backend_for(provider: str, *, variable: str = "EMAIL_PROVIDER") -> str:
    """Name the e-mail backend of a provider.

    Raises: ImproperlyConfigured naming the variable and all that is possible.
    """
    if provider in OWN_BACKENDS or provider in WITH_OUR_KEY:
        return {**OWN_BACKENDS, **WITH_OUR_KEY}[provider]
    possible = anymail_providers()
    if provider in possible:
        return f"anymail.backends.{provider}.EmailBackend"
    names = ", ".join([*OWN_BACKENDS, *possible])
    raise ImproperlyConfigured(f"{variable} is {provider!r}, which is no provider. Possible: {names}.")


def anymail_providers() -> list[str]:
    """List the providers of the installed anymail, without importing any of them."""
    spec = importlib.util.find_spec("anymail.backends")
    folders = spec.submodule_search_locations if spec else None
    names = {module.name for module in pkgutil.iter_modules(folders or [])}
    return sorted(names - NOT_PROVIDERS)


def fallback_for(*, provider: str, main: str, url: str, limits: Limits) -> Provider | None:
    """Describe who sends while the main provider cannot; None when there is none.

    Raises: ImproperlyConfigured naming EMAIL_FALLBACK_PROVIDER or EMAIL_FALLBACK_URL.
    """
    if not provider:
        return None
    if provider in NO_FALLBACK or main == "dry-run" or (provider == main and provider != "smtp"):
        raise ImproperlyConfigured("EMAIL_FALLBACK_PROVIDER must be a provider beside EMAIL_PROVIDER that sends mail.")
    backend = backend_for(provider, variable="EMAIL_FALLBACK_PROVIDER")
    options = smtp_options(smtp_settings(url, variable="EMAIL_FALLBACK_URL")) if provider == "smtp" else {}
    name = f"{provider}-fallback" if provider == main else provider
    return Provider(name=name, backend=backend, options=options, limits=limits)


def smtp_options(words: Mapping[str, Any]) -> dict[str, Any]:
    """Turn Django's SMTP settings into the arguments of its backend."""
    names = {"EMAIL_HOST_USER": "username", "EMAIL_HOST_PASSWORD": "password"}
    return {names.get(name, name.removeprefix("EMAIL_").lower()): value for name, value in words.items()}


def smtp_settings(url: str, *, variable: str = "EMAIL_URL") -> dict[str, Any]:
    """Read EMAIL_URL, or another variable, into Django's SMTP settings.

    `smtp://user:password@host:port`, `smtps://` (TLS from the first byte), `smtp+tls://` or `?tls=true` (STARTTLS);
    a special character in user or password is percent-encoded.
    Raises: ImproperlyConfigured naming the variable; the message never holds the password.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise _wrong(
            variable, "its host or port cannot be read"
        ) from None  # the cause would print a piece of the password
    if parts.scheme not in SMTP_PORTS:
        raise _wrong(variable, f"it must start with {', '.join(f'{scheme}://' for scheme in SMTP_PORTS)}")
    if not host or parts.path not in {"", "/"} or parts.fragment:
        raise _wrong(variable, "it must be smtp://user:password@host:port; percent-encode /, ? and # in the password")
    if bool(parts.username) != bool(parts.password):
        raise _wrong(variable, "it has a user without a password, or a password without a user")
    starttls = _starttls(parts, variable)
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or SMTP_PORTS["smtp+tls" if starttls else parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _starttls(parts: SplitResult, variable: str) -> bool:
    options = parse_qs(parts.query, keep_blank_values=True)
    unknown = set(options) - {"tls"}
    if unknown:
        raise _wrong(variable, f"it has an unknown option {sorted(unknown)[0]!r}; the one option is tls=true")
    said = options.get("tls", ["true" if parts.scheme == "smtp+tls" else "false"])[-1].lower()
    if said not in YES | NO:
        raise _wrong(variable, "its option tls must be true or false")
    if said in YES and parts.scheme == "smtps":
        raise _wrong(variable, "smtps:// is encrypted from the first byte, so tls=true cannot be added")
    return said in YES


def _wrong(variable: str, reason: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{variable} is wrong: {reason}.")
