"""Text in, words out: case, accents, hyphens and the world's scripts are settled here and nowhere else."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from digest.matching._stems import stem

# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN = dict(zip("øØłŁđĐıæÆœŒ", ["o", "o", "l", "l", "d", "d", "i", "ae", "ae", "oe", "oe"], strict=True))
_SILENT = frozenset("'’ʼ‘{}$")  # "reader's" is one word, and TeX's braces and dollars are no letters
_KEPT = frozenset("+#_^")  # they carry meaning in C++, C#, L_2 and H^1
_MINUS = "−"
# Scripts written without spaces (or, like Korean, with endings glued on): each character is a token of its own,
# and a word is a phrase of them.
_SPACELESS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_LAST_DROPPED_MARK = 0x0700  # accents, Hebrew and Arabic points lie below; vowel signs that make words lie above

_ACRONYMS = re.compile(r"\b([A-Z]{2,})s\b")  # the plural of "LM" is "LMs", whatever the rules for words say
_PLUSES = re.compile(r"(?<![^\W\d_])([a-z]+)\+\+")
_SHARP = re.compile(r"(?<!\w)([a-z])#")
_INDEX = re.compile(r"(?<=[a-z])[_^](?=\d)")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
# Runs of characters by their kind: w inside a word, s a word by itself.
_RUN = re.compile(r"w+|s")
_JOINED_RUN = re.compile(r"w+(?:-w+)*|s")
_LEFTOVERS = str.maketrans("+#_^", "    ")


class _FoldTable(dict[int, str]):
    """How each character is read; filled as characters are met, so a text is folded at the speed of str.translate."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold_character(chr(code))
        return self[code]


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _KEPT:
        return character
    if character in _SILENT or category == "Cf":  # soft hyphens, zero-width and direction marks are no text
        return ""
    if category == "Pd" or character == _MINUS:
        return "-"
    if category[0] not in "LMN":
        return " "
    return _fold_letter(character)


def _fold_letter(letter: str) -> str:
    composed = unicodedata.normalize("NFKC", letter)
    if any(low <= ord(composed[0]) <= high for low, high in _SPACELESS):
        return f" {' '.join(composed)} "
    folded = unicodedata.normalize("NFKD", _PLAIN.get(letter, letter)).casefold()
    kept = (
        c if c.isalnum() or ord(c) >= _LAST_DROPPED_MARK else "" if unicodedata.combining(c) else " " for c in folded
    )
    return "".join(kept)


_FOLDED = _FoldTable()


class _KindTable(dict[int, str]):
    """What each character does in a text: "w" belongs to a word, "s" is one, "-" is a hyphen, " " parts words."""

    def __missing__(self, code: int) -> str:
        folded = _FOLDED[code]
        if folded in {"-", " "}:
            self[code] = folded
        else:
            self[code] = "s" if folded.startswith(" ") else "w"
        return self[code]


_KINDS = _KindTable()


class WrittenWord(NamedTuple):
    """A folded word and the place in its text where it is written."""

    word: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower the case, drop accents, spell out signs that carry meaning; hyphens inside words are kept.

    Words are separated by spaces; characters of scripts without spaces stand alone.
    """
    folded = _ACRONYMS.sub(r"\1", text).translate(_FOLDED)
    if "+" in folded or "#" in folded:
        folded = _SHARP.sub(r"\1sharp ", _PLUSES.sub(r"\1plusplus ", folded))
    if "_" in folded or "^" in folded:
        folded = _INDEX.sub("", folded)
    return folded.translate(_LEFTOVERS)


def split_words(folded: str) -> list[str]:
    """Cut folded text into words, at hyphens too: "few-shot" is two words."""
    return folded.replace("-", " ").split()


def joined_words(folded: str) -> list[str]:
    """Cut folded text into words with hyphens closed up ("pre-training" is "pretraining").

    Returns: nothing when there is no hyphen to close, since the split words say it all then.
    """
    closed = _HYPHEN.sub("", folded)
    return closed.replace("-", " ").split() if closed != folded else []


def stems(text: str) -> tuple[str, ...]:
    """Fold a short text and bring each of its words to its stem, in order, stop words included."""
    return tuple(stem(word) for word in split_words(fold(text)))


def written_words(text: str, *, joined: bool = False) -> Iterator[WrittenWord]:
    """Cut a text into words as it is folded and cut elsewhere, each with the place where it stands.

    With `joined`, words are those of hyphens closed up: "pre-training" is one.
    """
    runs = _JOINED_RUN if joined else _RUN
    for run in runs.finditer(text.translate(_KINDS)):
        start, end = _trim(text, *run.span())
        words = _words_in(text[start:end], joined=joined)
        for word in words:
            yield WrittenWord(word, *(_narrow(text, start, end, word) if len(words) > 1 else (start, end)))


@lru_cache(maxsize=20_000)
def _words_in(run: str, *, joined: bool) -> list[str]:
    folded = fold(run)
    return (joined_words(folded) if joined else []) or split_words(folded)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave quotation marks and the braces of TeX at either end of a word out."""
    if not text[start:end].isalnum():
        while start < end and not _FOLDED[ord(text[start])]:
            start += 1
        while start < end and not _FOLDED[ord(text[end - 1])]:
            end -= 1
    return start, end


def _narrow(text: str, start: int, end: int, word: str) -> tuple[int, int]:
    """Find one of several words that are written without a gap ("a=b_1"); the whole of it where that is not plain."""
    letters = "".join((_FOLDED[ord(character)].strip() or "-")[0] for character in text[start:end])
    place = letters.find(word)
    return (start, end) if place < 0 else (start + place, start + place + len(word))


def is_spaceless(word: str) -> bool:
    """Tell whether a folded word is a single character of a script written without spaces."""
    return len(word) == 1 and any(low <= ord(word) <= high for low, high in _SPACELESS)
