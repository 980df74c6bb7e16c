"""When are two names of an author one person's? Accents, initials, particles and the order of names are tolerated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from digest.matching._text import fold

LONGEST_SURNAME = 4  # words: "van der Waals Garcia"
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
_SMALL_WORDS = "al af bin da das de del della den der di do dos du el ibn la le los mac mc st ten ter van von zu zur"
_PARTICLES = frozenset(_SMALL_WORDS.split())
_GROUP_WORDS = frozenset({"collaboration", "collaborations", "consortium", "team", "group", "project", "network"})
_GROUP_FILLER = frozenset({"the", "for", "on", "behalf", "of", "and"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_TUSSEN = re.compile(r"(?<!\w)['’]t\s+")  # "'t Roe" is one surname
_INITIALS = re.compile(r"\b([A-Z])([A-Z])([A-Z])?\b(?=.*[a-z])")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: the surname in one piece, and the given names in order, each a word or an initial.

    `turned` marks the guess that the surname stands first, without a comma to say so.
    """

    surname: str
    given: tuple[str, ...]
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name with every way to read it. A name of one word, or of a surname alone, has no given names."""

    readings: tuple[Reading, ...]
    is_group: bool = False


@lru_cache(maxsize=200_000)
def read_name(text: str) -> Name | None:
    """Read a name as a person wrote it or as a paper prints it: "Y. Roe", "Roe, Yann", "Yann van der Roe".

    Returns: None when there is no letter in it.
    """
    spellings = dict.fromkeys([text, text.translate(_UMLAUTS)])
    readings = dict.fromkeys(reading for spelling in spellings for reading in _read(spelling))
    if not readings:
        return None
    return Name(readings=tuple(readings), is_group=bool(_GROUP_WORDS & set(fold(text).split())))


def lookup_keys(name: Name) -> frozenset[str]:
    """List the keys under which a name is filed; two names of one person share at least one."""
    keys = set()
    for reading in name.readings:
        keys.add(reading.surname if not reading.given else f"{reading.surname} {reading.given[0][0]}")
    return frozenset(keys)


def filing_keys(name: Name) -> frozenset[str]:
    """List the keys under which an author can be asked for: with an initial, and by surname alone."""
    return lookup_keys(name) | {reading.surname for reading in name.readings}


def is_same_person(*, wanted: Name, printed: Name) -> bool:
    """Tell whether a printed name can be that of the wanted author: no part of the one contradicts the other."""
    return any(_agree(one, other) for one in wanted.readings for other in printed.readings)


def says_given_name(name: Name) -> bool:
    """Tell whether a name says more than a surname."""
    return any(reading.given for reading in name.readings)


def _agree(wanted: Reading, printed: Reading) -> bool:
    if wanted.surname != printed.surname:
        return False
    if not wanted.given:
        return True
    if not printed.given:
        return False
    if "".join(wanted.given) == "".join(printed.given):  # "Xiao-Ming" and "Xiaoming"
        return True
    if wanted.turned or printed.turned:  # two guesses at once: "W. Wei" is not the turned "Wei Wang"
        return False
    # Names in the middle may be missing in one of the two; those that both give must agree.
    return all(_compatible(one, other) for one, other in zip(wanted.given, printed.given, strict=False))


def _compatible(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _read(text: str) -> Iterator[Reading]:
    head, comma, tail = text.partition(",")
    tail_words = _words(tail)
    if comma and tail_words and not set(tail_words) <= _SUFFIXES:
        yield Reading("".join(_surname_words(head)), _given(tail))
        return
    words = [word for word in _surname_words(head) if word not in _SUFFIXES]
    if _GROUP_WORDS & set(words):
        words = [word for word in words if word not in _GROUP_WORDS | _GROUP_FILLER]
        yield from [Reading("".join(words), ())] if words else []
    elif len(words) == 1 or (words and words[0] in _PARTICLES):
        yield Reading("".join(words), ())
    if len(words) > 1 and not _GROUP_WORDS & set(_surname_words(head)):
        yield from _split_in_order(head, words)


def _split_in_order(text: str, words: list[str]) -> Iterator[Reading]:
    written = _TUSSEN.sub("t", text.replace(".", ". ")).split()
    for length in range(1, min(LONGEST_SURNAME, len(words) - 1) + 1):
        yield Reading("".join(words[-length:]), _given(" ".join(written[: len(words) - length])))
    if len(words) == 2 and min(map(len, words)) > 1:  # "Li Xiaoming": the surname may stand first
        yield Reading(words[0], _given(written[1]), turned=True)


def _surname_words(text: str) -> list[str]:
    """Cut into words, hyphens closed up: "Meyer-Roe" is one surname."""
    return fold(_TUSSEN.sub("t", text.replace(".", " "))).replace("-", "").split()


def _words(text: str) -> list[str]:
    return fold(text).replace("-", " ").split()


def _given(text: str) -> tuple[str, ...]:
    """Cut given names into words and initials: "J.-P.", "JP" and "Jean Pierre" are two each."""
    apart = _INITIALS.sub(lambda found: " ".join(filter(None, found.groups())), f"{text} x")[:-1] if text else text
    return tuple(_words(apart))
