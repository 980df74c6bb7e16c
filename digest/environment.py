"""Typed readers of environment variables. A wrong value is refused by the variable's name, never by its content.

An empty variable counts as one that is not set. A reader without a default must find a value.
"""

import ipaddress
import os
import re
from datetime import date
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import punycode

SHORTEST_SECRET = 32  # characters
YES, NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
CATEGORY = re.compile(r"[a-z]+(-[a-z]+)*(\.[A-Za-z]+(-[a-z]+)*)?")  # cs.CL, hep-th, cond-mat.str-el
MODEL = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)  # who published it, and its name
MOST_MODEL_LETTERS = 100
IMAP_SCHEMES = ("imaps", "imap+tls", "imap")
FORMER = {"RETURN_PATH_DOMAIN": "the domain of the return path is that of BOUNCE_ADDRESS"}
"""Variables that are not read any more, and what holds in their place."""
ENGINES = {"postgres": "postgresql", "postgresql": "postgresql", "sqlite": "sqlite3"}


class WrongSetting(ImproperlyConfigured):
    """A variable is missing or wrong; the message names it and says what is expected."""


def text(name: str, *, default: str | None = None) -> str:
    """Read a variable as it stands.

    Raises: WrongSetting when it is not set and there is no default. So do all readers below.
    """
    value = os.environ.get(name, "").strip()
    if not value and default is None:
        raise WrongSetting(f"{name} is not set. What it is for stands in .env.example.")
    return value or default or ""


def refuse_former() -> None:
    """Refuse a variable that an earlier version read: who sets it would think that it holds."""
    for name, instead in FORMER.items():
        if os.environ.get(name, "").strip():
            raise WrongSetting(f"{name} is not read any more: {instead}. Take it away.")


def secret(name: str, *, default: str | None = None) -> str:
    """Read a key that nobody may guess: whoever could, would forge every link that a mail carries."""
    value = text(name, default=default)
    if len(value) < SHORTEST_SECRET:
        raise WrongSetting(f"{name} must be {SHORTEST_SECRET} random characters or more.")
    return value


def secrets(name: str) -> list[str]:
    """Read keys that nobody may guess, with commas between them; none when it is not set."""
    found = words(name)
    if any(len(value) < SHORTEST_SECRET for value in found):
        raise WrongSetting(f"{name} must be keys of {SHORTEST_SECRET} random characters or more, commas between them.")
    return found


def flag(name: str, *, default: bool) -> bool:
    """Read a yes or a no."""
    value = text(name, default="yes" if default else "no").lower()
    if value not in YES | NO:
        raise WrongSetting(f"{name} must be 1 or 0.")
    return value in YES


def number(name: str, *, default: int, least: int = 0, most: int = 10**12) -> int:
    """Read a whole number that is not negative."""
    value = text(name, default=str(default))
    if not re.fullmatch(r"[0-9]{1,12}", value) or not least <= int(value) <= most:
        bounds = f"{least} or more" if most == 10**12 else f"{least} to {most}"
        raise WrongSetting(f"{name} must be a whole number, {bounds}.")
    return int(value)


def numbers(name: str, *, default: str) -> tuple[int, ...]:
    """Read whole numbers above 0 with commas between them."""
    found = words(name, default=default)
    if not found or not all(re.fullmatch(r"[1-9][0-9]{0,11}", word) for word in found):
        raise WrongSetting(f"{name} must be whole numbers above 0 with commas between them.")
    return tuple(map(int, found))


def percent(name: str, *, default: str) -> float:
    """Read a share in percent. Returns: a share of 1."""
    value = text(name, default=default)
    if not re.fullmatch(r"[0-9]{1,3}([.][0-9]{1,6})?", value) or float(value) > 100:
        raise WrongSetting(f"{name} must be a number of percent, 0 to 100, as in 0.1.")
    return float(value) / 100


def day(name: str) -> date | None:
    """Read a day; None when it is not set."""
    value = text(name, default="")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise WrongSetting(f"{name} must be a day, as in 2026-11-02.") from None


def words(name: str, *, default: str = "") -> list[str]:
    """Read words with commas between them."""
    return [word.strip() for word in text(name, default=default).split(",") if word.strip()]


def categories(name: str, *, default: str) -> list[str]:
    """Read arXiv categories with commas between them."""
    found = words(name, default=default)
    if not found or not all(CATEGORY.fullmatch(word) for word in found):
        raise WrongSetting(f"{name} must be arXiv categories with commas between them, as in cs.CL,stat.ML,hep-th.")
    return found


def model(name: str) -> str:
    """Read the name of a model; empty when there is none."""
    value = text(name, default="")
    if value and (not MODEL.fullmatch(value) or len(value) > MOST_MODEL_LETTERS):
        raise WrongSetting(f"{name} must be the name of a model, as in sentence-transformers/all-MiniLM-L6-v2.")
    return value


def choice(name: str, *, among: tuple[str, ...], default: str) -> str:
    """Read one of a few words."""
    value = text(name, default=default)
    if value not in among:
        raise WrongSetting(f"{name} must be one of {', '.join(among)}.")
    return value


def site_address(name: str, *, default: str | None = None) -> str:
    """Read the address of a site, without the slash at its end."""
    value = text(name, default=default).rstrip("/")
    parts = _split(value)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or value != _origin(parts)
    ):
        raise WrongSetting(
            f"{name} must be http:// or https:// and a host, nothing after it: https://papers.example.org"
        )
    return value


def mail_address(name: str, *, default: str | None = None) -> str:
    """Read an e-mail address without a name before it."""
    value = text(name, default=default)
    if value and not _is_address(value):
        raise WrongSetting(f"{name} must be an e-mail address, as in staff@example.org.")
    return value


def mailbox(name: str, *, default: str | None = None) -> str:
    """Read an e-mail address with or without a name before it."""
    value = text(name, default=default)
    display, address = parseaddr(value)
    if not _is_address(address) or not value.isprintable():
        raise WrongSetting(f"{name} must be an e-mail address, as in Postprint <digest@example.org>.")
    return str(Address(display_name=display, addr_spec=address)) if display else address


def domain(name: str) -> str:
    """Read a domain, in small letters and in ASCII; empty when there is none."""
    value = text(name, default="").lower()
    if value and not _is_address(f"a@{value}"):
        raise WrongSetting(f"{name} must be a domain, as in bounces.example.org.")
    return str(punycode(value))


def ip_addresses(name: str) -> list[str]:
    """Read IP addresses with commas between them."""
    try:
        return [str(ipaddress.ip_address(word)) for word in words(name)]
    except ValueError:
        raise WrongSetting(f"{name} must be IP addresses with commas between them, as in 192.0.2.1.") from None


def database(name: str, *, default: str) -> dict[str, Any]:
    """Read the address of a PostgreSQL or SQLite database into Django's words."""
    expected = f"{name} must be postgres://user:password@host:5432/name or sqlite:///path/to/file."
    value = text(name, default=default)
    parts = _split(value)
    if parts is None or parts.scheme not in ENGINES:
        raise WrongSetting(expected)
    found: dict[str, Any] = dict(environ.Env.db_url_config(value))
    if not found["NAME"] or (parts.scheme != "sqlite" and not parts.hostname):
        raise WrongSetting(expected)
    return found | {"ENGINE": f"django.db.backends.{ENGINES[parts.scheme]}"}


def broker(name: str) -> str:
    """Read the address of a Redis; empty when there is none."""
    value = text(name, default="")
    parts = _split(value)
    if value and (parts is None or parts.scheme not in ("redis", "rediss") or not parts.hostname):
        raise WrongSetting(f"{name} must be redis://host:6379/0, or rediss:// with TLS.")
    return value


def mail_folder(name: str) -> str:
    """Read the address of a mailbox folder, as in imaps://user:password@host:993/INBOX; empty when there is none."""
    value = text(name, default="")
    parts = _split(value)
    if value and (parts is None or parts.scheme not in IMAP_SCHEMES or not _is_complete(parts)):
        raise WrongSetting(
            f"{name} must be imaps://user:password@host/INBOX, or imap+tls://, imap://; percent-encode special letters."
        )
    return value


def pair(name: str, *, default: str | None = None) -> str:
    """Read a word, a colon and a word, as HTTP's basic authentication carries them."""
    value = text(name, default=default)
    if value and not re.fullmatch(r"[^\s:@/,]+:[^\s:@/,]+", value):
        raise WrongSetting(f"{name} must be a word, a colon and a word, without spaces, commas, @ or /.")
    return value


def _is_complete(parts: SplitResult) -> bool:
    return bool(parts.hostname and parts.username and parts.password and not parts.query and not parts.fragment)


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _ = parts.scheme == "sqlite" or parts.port  # a port that is no number shows only here
    except ValueError:
        return None
    return parts


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


def _is_address(value: str) -> bool:
    try:
        EmailValidator(allowlist=["localhost", "localhost.localdomain"])(value)
    except ValidationError:
        return False
    return True
