"""Which provider sends, by one setting: `file`, `smtp`, or the name of an anymail provider.

The settings import this module: nothing in here may need the app registry or a model.
"""

import importlib.util
import pkgutil
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from digest.environment import NO, YES

OWN_BACKENDS = {
    "file": "digest.mail.backends.FileBackend",
    "smtp": "digest.mail.backends.SmtpBackend",
}
NOT_PROVIDERS = frozenset({"base", "base_requests", "console", "test", "sendinblue"})  # sendinblue: brevo's old name
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def backend_for(provider: str) -> str:
    """Name the e-mail backend of a provider.

    Raises: ImproperlyConfigured naming EMAIL_PROVIDER and all that is possible.
    """
    if provider in OWN_BACKENDS:
        return OWN_BACKENDS[provider]
    possible = anymail_providers()
    if provider in possible:
        return f"anymail.backends.{provider}.EmailBackend"
    names = ", ".join([*OWN_BACKENDS, *possible])
    raise ImproperlyConfigured(f"EMAIL_PROVIDER is {provider!r}, which is no provider. Possible: {names}.")


def anymail_providers() -> list[str]:
    """List the providers of the installed anymail, without importing any of them."""
    spec = importlib.util.find_spec("anymail.backends")
    folders = spec.submodule_search_locations if spec else None
    names = {module.name for module in pkgutil.iter_modules(folders or [])}
    return sorted(names - NOT_PROVIDERS)


def smtp_settings(url: str) -> dict[str, Any]:
    """Read EMAIL_URL into Django's SMTP settings.

    `smtp://user:password@host:port`, `smtps://` (TLS from the first byte), `smtp+tls://` or `?tls=true` (STARTTLS);
    a special character in user or password is percent-encoded.
    Raises: ImproperlyConfigured naming EMAIL_URL; the message never holds the password.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise _wrong("its host or port cannot be read") from None  # the cause would print a piece of the password
    if parts.scheme not in SMTP_PORTS:
        raise _wrong(f"it must start with {', '.join(f'{scheme}://' for scheme in SMTP_PORTS)}")
    if not host or parts.path not in {"", "/"} or parts.fragment:
        raise _wrong("it must be smtp://user:password@host:port; percent-encode /, ? and # in the password")
    if bool(parts.username) != bool(parts.password):
        raise _wrong("it has a user without a password, or a password without a user")
    starttls = _starttls(parts)
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or SMTP_PORTS["smtp+tls" if starttls else parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _starttls(parts: SplitResult) -> bool:
    options = parse_qs(parts.query, keep_blank_values=True)
    unknown = set(options) - {"tls"}
    if unknown:
        raise _wrong(f"it has an unknown option {sorted(unknown)[0]!r}; the one option is tls=true")
    said = options.get("tls", ["true" if parts.scheme == "smtp+tls" else "false"])[-1].lower()
    if said not in YES | NO:
        raise _wrong("its option tls must be true or false")
    if said in YES and parts.scheme == "smtps":
        raise _wrong("smtps:// is encrypted from the first byte, so tls=true cannot be added")
    return said in YES


def _wrong(reason: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"EMAIL_URL is wrong: {reason}.")
