"""What reading a reader's account elsewhere gives, and how it can fail for that reader alone."""

from dataclasses import dataclass
from enum import StrEnum

from digest.errors import PermanentError
from digest.library import Piece


class Problem(StrEnum):
    """Why an account could not be read; the panel has the words."""

    KEY_REFUSED = "key_refused"
    NO_LIBRARY = "no_library"
    NO_PERSON = "no_person"
    SEALED = "sealed"
    AWAY = "away"
    UNREADABLE = "unreadable"


class AccountRefused(PermanentError):
    """The account cannot be read until its owner does something."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"the account is refused: {problem}")
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What has changed in an account since `version` was read; `left` counts what was beyond the limit."""

    pieces: tuple[Piece, ...]
    version: int
    left: int = 0
