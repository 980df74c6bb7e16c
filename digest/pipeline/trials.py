"""An interest and the papers of some days -> how many it brings, and how many it would bring if it said less.

All its variants are scored as one batch of profiles: each wish left out, each alone, each exclusion lifted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from digest import matching
from digest.matching._wording import QUOTES
from digest.types import BoolVector, PaperDoc, ProfileDoc

MOST_TRIED = 50  # entries of one list that are looked at one by one; the rest counts, but is not named
LISTS = ("keywords", "categories", "authors")
PICKINESS = ("picky", "balanced", "broad")  # from the strictest on


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that an interest says: the list or text that it stands in, by its name, and its words."""

    part: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trials:
    """How many of `n_papers` an interest brings, as it is and otherwise; `passing`, shape (n_papers,), says which.

    `without` counts what is left when one entry is taken out, or more where that is an exclusion; `holding` the papers
    that hold an entry, whatever else they say; `by_pickiness` what each pickiness would bring.
    """

    n_papers: int
    passing: BoolVector
    by_pickiness: Mapping[str, int] = field(default_factory=dict)
    without_exclusions: int = 0
    without: Mapping[Entry, int] = field(default_factory=dict)
    holding: Mapping[Entry, int] = field(default_factory=dict)

    @property
    def n_passing(self) -> int:
        """Count the papers that the interest brings."""
        return int(self.passing.sum())


def try_out(*, profile: ProfileDoc, papers: Sequence[PaperDoc], background: Sequence[PaperDoc]) -> Trials:
    """Score an interest and all its variants in one batch. No paper may come twice."""
    without, alone = dict(_without(profile)), dict(_alone(profile))
    variants = [
        profile,
        replace(profile, exclude=()),
        *(replace(profile, pickiness=pickiness) for pickiness in PICKINESS),
        *without.values(),
        *alone.values(),
    ]
    passing = matching.passing(profiles=variants, papers=papers, background=background)
    counts = iter(passing.sum(axis=1).tolist()[1:])
    return Trials(
        n_papers=len(papers),
        passing=passing[0],
        without_exclusions=next(counts),
        by_pickiness={pickiness: next(counts) for pickiness in PICKINESS},
        without={entry: next(counts) for entry in without},
        holding={entry: next(counts) for entry in alone},
    )


def _without(profile: ProfileDoc) -> Iterator[tuple[Entry, ProfileDoc]]:
    """Leave each thing out that the profile says. What was encoded of all its words together stays as it is."""
    for part in (*LISTS, "exclude"):
        entries: tuple[str, ...] = getattr(profile, part)
        for place, text in enumerate(entries[:MOST_TRIED]):
            yield Entry(part=part, text=text), _with(profile, part, (*entries[:place], *entries[place + 1 :]))
    if profile.description:
        yield Entry(part="description", text=profile.description), replace(profile, description="", wish=b"")
    if profile.liked:
        liked = replace(profile, liked=(), liked_weights=(), standing=None)
        yield Entry(part="liked", text=""), liked


def _alone(profile: ProfileDoc) -> Iterator[tuple[Entry, ProfileDoc]]:
    """Ask for each thing alone and as it stands, in no related words."""
    nothing = ProfileDoc(id=0, name="", pickiness="broad")
    for part in LISTS:
        for text in getattr(profile, part)[:MOST_TRIED]:
            exactly = f'"{text.strip().strip(QUOTES)}"' if part == "keywords" else text
            yield Entry(part=part, text=text), _with(nothing, part, (exactly,))


def _with(profile: ProfileDoc, part: str, entries: tuple[str, ...]) -> ProfileDoc:
    changed: dict[str, Any] = {part: entries}
    return replace(profile, **changed)
