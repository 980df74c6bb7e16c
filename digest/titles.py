"""The key under which a paper's title is found again, however somebody wrote it down."""

import hashlib
import re
import unicodedata

KEY_LENGTH = 32
NO_KEY = "-"
"""The key of a title without a letter; the empty key means that none has been made yet."""
_NO_LETTER = re.compile(r"[\W_]+")


def title_key(title: str) -> str:
    """Give titles that differ in case, accents, punctuation, blanks and braces alone one key of 32 letters.

    "" when there is no title at all.
    """
    if not title.strip():
        return ""
    letters = _NO_LETTER.sub("", _without_accents(title).casefold())
    return hashlib.md5(letters.encode(), usedforsecurity=False).hexdigest() if letters else NO_KEY


def name_words(name: str) -> frozenset[str]:
    """Give the words of a person's name without accents and initials, whatever their order."""
    words = _NO_LETTER.split(_without_accents(name).casefold())
    return frozenset(word for word in words if len(word) > 1)


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.encode(errors="replace").decode())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
