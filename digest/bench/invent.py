"""Papers and readers of realistic sizes from a fixed seed: subjects with their own words and their own direction.

Out: arrays and plain values, batch by batch; nothing here knows a database.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digest.types import FloatMatrix, IdArray

DIMENSIONS = 384
SUBJECTS = 200
VOCABULARY = 20_000  # words, the n-th of them as often as 1 / (n + ZIPF_SHIFT)
ZIPF_SHIFT = 2.7
OWN_WORDS = 40  # of a subject
OF_SUBJECT = 0.12  # part of an abstract's words
SPREAD = 1.2  # length of a paper's own direction beside its subject's
AUTHORS = 8_000
CATEGORIES = tuple(f"cs.{a}{b}" for a in "ACGLMNRS" for b in "ACILV")
MOST_LIKED = 50
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "sti", "ver", "don", "phi", "gal", "tex")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InventedPaper:
    """One paper's text; its vector stands in the same row of the batch's matrix."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InventedProfile:
    """One interest; `liked` are places among the older papers."""

    keywords: tuple[str, ...]
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    exclude: tuple[str, ...]
    liked: IdArray


class World:
    """Invents the same things in the same order every time."""

    def __init__(self, *, seed: int = 2026) -> None:
        self._dice = np.random.default_rng(seed)
        self._words = spell(number=VOCABULARY)
        odds = 1.0 / (np.arange(VOCABULARY) + ZIPF_SHIFT)
        self._heights = np.cumsum(odds / odds.sum())
        self._own = self._dice.integers(VOCABULARY // 20, VOCABULARY, size=(SUBJECTS, OWN_WORDS))
        self._centres = _unit(self._dice.normal(size=(SUBJECTS, DIMENSIONS)))
        names = self._dice.choice(len(self._words), size=(AUTHORS, 2))
        self._authors = [f"{self._words[a].title()} {self._words[b].title()}" for a, b in names.tolist()]

    def papers(self, *, number: int) -> tuple[list[InventedPaper], FloatMatrix, IdArray]:
        """Invent papers. Returns: the papers, their unit vectors (number, d), and their subjects (number,)."""
        subjects = self._dice.integers(SUBJECTS, size=number)
        return [self._paper(subject) for subject in subjects.tolist()], self.vectors(subjects), subjects

    def profiles(self, *, number: int, shelf: Sequence[IdArray]) -> tuple[list[InventedProfile], IdArray]:
        """Invent interests that like older papers of their subject: `shelf` gives their places, subject by subject."""
        subjects = self._dice.integers(SUBJECTS, size=number)
        return [self._profile(subject, shelf[subject]) for subject in subjects.tolist()], subjects

    def vectors(self, subjects: IdArray) -> FloatMatrix:
        """Invent a direction near each subject's; shape (n, d), unit rows."""
        own = self._dice.normal(size=(len(subjects), DIMENSIONS)) / np.sqrt(DIMENSIONS)
        return _unit(self._centres[subjects] + SPREAD * own)

    def _paper(self, subject: int) -> InventedPaper:
        return InventedPaper(
            title=self._text(subject, int(self._dice.integers(8, 13))),
            abstract=self._text(subject, int(self._dice.integers(150, 251))),
            authors=self._some(self._authors, least=2, most=6),
            categories=self._some(CATEGORIES, least=1, most=3),
        )

    def _text(self, subject: int, length: int) -> str:
        places = np.searchsorted(self._heights, self._dice.random(length)).clip(max=VOCABULARY - 1)
        starts = np.flatnonzero(self._dice.random(length - 1) < OF_SUBJECT / 2)
        own = self._dice.integers(OWN_WORDS // 2, size=len(starts)) * 2
        places[starts], places[starts + 1] = self._own[subject, own], self._own[subject, own + 1]
        return " ".join(self._words[place] for place in places.tolist()).capitalize()

    def _profile(self, subject: int, shelf: IdArray) -> InventedProfile:
        own = self._own[subject]
        likes = min(len(shelf), int(self._dice.integers(MOST_LIKED + 1)))
        firsts = (self._dice.choice(OWN_WORDS // 2, size=int(self._dice.integers(3, 13)), replace=False) * 2).tolist()
        return InventedProfile(
            keywords=tuple(self._keyword(own, first, place) for place, first in enumerate(firsts)),
            categories=self._some(CATEGORIES, least=0, most=3),
            authors=self._some(self._authors, least=0, most=3) if self._dice.random() < 0.3 else (),
            exclude=(self._words[int(self._dice.integers(2000, VOCABULARY))],) if self._dice.random() < 0.1 else (),
            liked=self._dice.choice(shelf, size=likes, replace=False),
        )

    def _keyword(self, own: IdArray, first: int, place: int) -> str:
        """Give in turn a phrase of the subject, a word of it, and a word from anywhere."""
        if place % 3 == 2:
            return self._words[int(self._dice.integers(500, VOCABULARY))]
        return " ".join(self._words[word] for word in own[first : first + 2 - place % 3].tolist())

    def _some(self, of: Sequence[str], *, least: int, most: int) -> tuple[str, ...]:
        chosen = self._dice.integers(len(of), size=int(self._dice.integers(least, most + 1))).tolist()
        return tuple(dict.fromkeys(of[place] for place in chosen))


def spell(*, number: int) -> list[str]:
    """Spell numbers in syllables, the small ones short."""
    spelled = []
    for n in range(number):
        rest, word = n + len(SYLLABLES), ""
        while rest:
            rest, digit = divmod(rest, len(SYLLABLES))
            word += SYLLABLES[digit]
        spelled.append(word)
    return spelled


def _unit(rows: npt.NDArray[np.float64]) -> FloatMatrix:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
