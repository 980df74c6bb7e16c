"""The works that ORCID lists of a person, by its public API. ISO 7064 says whether an iD is written without a slip."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from digest.errors import UnreadablePayload
from digest.library import read_library
from digest.pipeline.accounts import AccountRefused, AccountState, Problem
from digest.pipeline.http import PoliteHttp

_SHAPE = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
NO_RECORD = frozenset({301, 302, 307, 308, 404, 409, 410})  # moved to another iD, unknown, locked, deactivated


@dataclass(frozen=True, slots=True, kw_only=True)
class OrcidAccount:
    """A person by their iD."""

    orcid: str

    def read(self, *, since: int, http: PoliteHttp) -> AccountState | None:
        """Read the works, when the person's list has changed since a version; None when it has not.

        A version is ORCID's own moment of the last change, in milliseconds.
        Raises: AccountRefused when there is no such person; TemporaryError when later may be better.
        """
        headers = {"Accept": "application/json"}
        if settings.ORCID_TOKEN:
            headers["Authorization"] = f"Bearer {settings.ORCID_TOKEN}"
        answer = http.ask(
            f"{settings.ORCID_URL}/{self.orcid}/works",
            params={},
            headers=headers,
            expected=NO_RECORD,
        )
        if answer.status in NO_RECORD:
            raise AccountRefused(Problem.NO_PERSON)
        version = _version(answer.body)
        if version and version <= since:
            return None
        reading = read_library(payload=answer.body)
        if reading.format != "orcid" and reading.pieces:
            raise UnreadablePayload("What ORCID answers is no list of works.")
        return AccountState(pieces=reading.pieces, version=max(version, since), left=reading.left)


def is_orcid_id(text: str) -> bool:
    """Check the shape of an iD and its last digit.

    Source: ISO 7064, mod 11-2.
    """
    if not _SHAPE.fullmatch(text):
        return False
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return text[-1] == ("X" if check == 10 else str(check))


def _version(body: bytes) -> int:
    """Read when the list was changed; 0 when it does not say."""
    try:
        said: Any = json.loads(body)
        return int(said["last-modified-date"]["value"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0
