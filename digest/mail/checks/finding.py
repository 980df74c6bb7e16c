"""What a check says."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad it is; only WRONG makes the command fail."""

    FINE = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what was seen in plain words, and what to do about it when it is not fine."""

    level: Level
    about: str
    words: str
    remedy: str = ""


def fine(about: str, words: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(level=Level.FINE, about=about, words=words)


def note(about: str, words: str, remedy: str = "") -> Finding:
    """Say that something could be better, or was not looked at."""
    return Finding(level=Level.NOTE, about=about, words=words, remedy=remedy)


def wrong(about: str, words: str, remedy: str) -> Finding:
    """Say that something keeps mails from arriving."""
    return Finding(level=Level.WRONG, about=about, words=words, remedy=remedy)
