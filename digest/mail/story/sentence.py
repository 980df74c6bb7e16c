"""What a story is made of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One thing that happened, stands, or will happen, and when (UTC)."""

    at: datetime
    words: str


def utc(moment: datetime) -> str:
    """Write a moment into a sentence."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def counted(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def ended(words: str) -> str:
    """End a sentence that somebody else began: a server's answer, a stored reason."""
    return words if words.endswith((".", "!", "?")) else f"{words}."
