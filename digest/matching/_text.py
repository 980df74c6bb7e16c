"""Text in, stems out: case, accents, hyphens, plurals and the world's scripts are settled here and nowhere else."""

import re
import unicodedata
from functools import lru_cache

from Stemmer import Stemmer

TITLE_LIMIT = 2_000  # characters; what comes after them in a damaged record is not read
ABSTRACT_LIMIT = 30_000  # characters

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
_WRITTEN = re.compile(r"[^\s\-‐‑–—/,;:.!?()\[\]\"“”„«»]+")
_LEFTOVERS = str.maketrans("+#_^", "    ")

# Words whose stem is another word's, and means something else.
_UNSTEMMED = frozenset({"aids", "universe", "university", "universities"})
_ACRONYM_PLURAL = re.compile(r"[b-df-hj-np-tv-xz]{3,}(?<!s)s")  # "llms", typed without capitals
_BRITISH_ISE = re.compile(r"(?<=[a-z]{4})is(?=(?:ation|ations|e|ed|er|ers|es|ing)$)")
_BRITISH_OUR = re.compile(r"(?<=[a-z]{3})our")

_STOP = """
a about above after again against all also although am an and any are as at be because been before being below between
both but by can cannot could did do does doing down during each either et etc few for from further had has have having
he her here hers him his how however i if in into is it its itself just may me might more most much must my neither no
nor not now of off on once one only or other our ours out over own per rather same she should since so some such than
that the their theirs them then there therefore these they this those through thus to too toward towards under until up
upon us use used uses using very via was we well were what when where whether which while who whom whose why will with
within without would yet you your
"""
STOP_WORDS = frozenset(_STOP.split())
# What people say around their interest rather than of it, and what every abstract says.
_FILLER = """
al anything approach approaches area based especially general interest interested interests like look looking method
methods new novel paper papers particularly present presented problem problems propose proposed related research result
results show shown shows something study studies topic topics various want work working works
"""
FILLER_WORDS = frozenset(_FILLER.split())


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


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Bring a folded word to its stem: plural to singular, British to American, "modelling" to "model".

    Words that are short, hold a digit or are in another script than Latin are left as they are.
    """
    if len(word) < 3 or word in _UNSTEMMED or not (word.isascii() and word.isalpha()):
        return word
    american = _BRITISH_OUR.sub("or", _BRITISH_ISE.sub("iz", word))
    # A stemmer carries state between calls, so threads must not share one; making one costs less than a lock.
    found = str(Stemmer("english", 0).stemWord(american))
    return found[:-1] if _ACRONYM_PLURAL.fullmatch(found) else found


def stems(text: str) -> tuple[str, ...]:
    """Fold a short text and bring each of its words to its stem, in order, stop words included."""
    return tuple(stem(word) for word in split_words(fold(text)))


def spellings(text: str) -> dict[str, str]:
    """Tell for each stem of a text how its writer spelled it, the first time."""
    found: dict[str, str] = {}
    for written in _WRITTEN.findall(text):
        for word in split_words(fold(written)):
            found.setdefault(stem(word), written if not is_spaceless(word) else word)
    return found


def is_spaceless(word: str) -> bool:
    """Tell whether a folded word is a single character of a script written without spaces."""
    return len(word) == 1 and any(low <= ord(word) <= high for low, high in _SPACELESS)
