"""One line of an import file -> a checked reader, or the reason why not. Reads and writes no row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subscriptions.addresses import parse_address
from subscriptions.errors import RejectedReader, SubscriptionError
from subscriptions.identifiers import parse_paper_reference
from subscriptions.services.preferences import FIELDS, check_preferences
from subscriptions.services.profiles import LISTS, SETTINGS, clean_profile
from subscriptions.types import Address, PaperReference, Preferences, ProfileInput

MOST_ENTRIES = 10_000  # in one list; more is a mistake in the file
MOST_PROFILES = 50
TYPES: dict[str, tuple[type, str]] = {
    "timezone": (str, "text"),
    "hour": (int, "a whole number"),
    "cadence": (str, "text"),
    "max_papers": (int, "a whole number"),
    "trending": (bool, "true or false"),
    "tell_when_empty": (bool, "true or false"),
    "confirmed": (bool, "true or false"),
    "name": (str, "text"),
    "description": (str, "text"),
    "pickiness": (str, "text"),
    "active": (bool, "true or false"),
    "fades": (bool, "true or false"),
    "shares_taste": (bool, "true or false"),
}
READER_FIELDS = frozenset({"email", "confirmed", "shares_taste", "profiles", *FIELDS})
PROFILE_FIELDS = frozenset({"name", "papers", *SETTINGS, *LISTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRow:
    """A reader as a file has them. `preferences` holds only what the line names; None elsewhere means no word."""

    address: Address
    preferences: Mapping[str, Any]
    confirmed: bool
    shares_taste: bool | None
    profiles: tuple[ProfileInput, ...] | None


def read_row(*, row: object) -> ReaderRow:
    """Check one line. A field that is missing is left as it is, or as the sign-up form has it for a new reader.

    Raises: RejectedReader with the reason, which never repeats the address.
    """
    try:
        return _read_row(row)
    except SubscriptionError as error:
        raise RejectedReader(f"{error.field}: {error}" if error.field else str(error)) from error


def _read_row(row: object) -> ReaderRow:
    fields = _fields(row, known=READER_FIELDS, what="a reader")
    address = parse_address(_typed(fields.get("email"), str, "email", "text"))
    preferences = {name: _value(fields, name) for name in FIELDS if name in fields and name != "weekdays"}
    if "weekdays" in fields:
        preferences["weekdays"] = tuple(_list(fields, "weekdays", int, "whole numbers", most=7))
    check_preferences(preferences=Preferences(**preferences))
    confirmed = bool(_value(fields, "confirmed")) if "confirmed" in fields else False
    return ReaderRow(
        address=address,
        preferences=preferences,
        confirmed=confirmed,
        shares_taste=_value(fields, "shares_taste") if "shares_taste" in fields else None,
        profiles=_profiles(fields) if "profiles" in fields else None,
    )


def _profiles(fields: Mapping[str, Any]) -> tuple[ProfileInput, ...]:
    rows = _list(fields, "profiles", dict, "objects", most=MOST_PROFILES)
    profiles = tuple(_profile(row) for row in rows)
    if len({profile.name for profile in profiles}) < len(profiles):
        raise SubscriptionError("Two interests have the same name.", field="profiles")
    return profiles


def _profile(row: object) -> ProfileInput:
    fields = _fields(row, known=PROFILE_FIELDS, what="a profile")
    lists: dict[str, Any] = {
        name: tuple(_list(fields, name, str, "texts", most=MOST_ENTRIES)) for name in LISTS if name in fields
    }
    plain = {name: _value(fields, name) for name in SETTINGS if name in fields}
    papers = _papers(_list(fields, "papers", str, "texts", most=MOST_ENTRIES)) if "papers" in fields else ()
    name = _typed(fields.get("name"), str, "name", "text")
    return clean_profile(profile=ProfileInput(name=name, papers=papers, **lists, **plain), most_entries=MOST_ENTRIES)


def _papers(references: list[str]) -> tuple[PaperReference, ...]:
    return tuple(parse_paper_reference(text) for text in references)


def _fields(row: object, *, known: frozenset[str], what: str) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise SubscriptionError(f"This is not {what}: a JSON object is needed.")
    unknown = sorted(set(row) - known)
    if unknown:
        raise SubscriptionError(f"“{unknown[0][:40]!s}” is no field of {what}.")
    return row


def _value(fields: Mapping[str, Any], name: str) -> Any:
    kind, words = TYPES[name]
    return _typed(fields[name], kind, name, words)


def _typed(value: Any, kind: type, name: str, words: str) -> Any:
    # In Python true is a 1, in a file of readers it is a mistake.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise SubscriptionError(f"This must be {words}.", field=name)
    return value


def _list(fields: Mapping[str, Any], name: str, kind: type, words: str, *, most: int) -> list[Any]:
    entries = fields[name]
    if not isinstance(entries, list):
        raise SubscriptionError(f"This must be a list of {words}.", field=name)
    if len(entries) > most:
        raise SubscriptionError(f"This list has {len(entries)} entries; {most} are the most.", field=name)
    return [_typed(entry, kind, name, f"a list of {words}") for entry in entries]
