"""An interest and the papers of some days -> how many it brings, and how many it would bring if it said less.

All that costs little is scored as one batch of profiles. An interest that lets nearly everything through is scored
once more, without each of the few entries that may be to blame.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from digest import matching
from digest.matching._wording import QUOTES
from digest.pipeline.standing import encode_wishes
from digest.types import BoolMatrix, BoolVector, PaperDoc, ProfileDoc

MOST_TRIED = 50  # entries of one list that are looked at one by one; the rest counts, but is not named
MOST_LEFT_OUT = 3  # entries of one list, those that stand in most papers: each scores and encodes all the others anew
LISTS = ("keywords", "categories", "authors")
ENCODED = ("keywords", "description")  # together they are the wish
PICKINESS = ("picky", "balanced", "broad")  # from the strictest on
NEARLY_ALL = 0.4  # of the papers: more is no selection
MOSTLY = 0.5  # exclusions that keep out more of what would come are named
LEAST_PAPERS = 20  # fewer say nothing about how much an interest lets through


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that an interest says: the list or text that it stands in, by its name, and its words."""

    part: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trials:
    """How many of `n_papers` an interest brings, as it is and otherwise; `passing`, shape (n_papers,), says which.

    `without` counts what is left when one entry is taken out, or more where that is an exclusion; entries that are no
    exclusions are only in it when the interest is wide. `holding` counts the papers that hold an entry, whatever else
    they say; `by_pickiness` what each pickiness would bring.
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

    @property
    def is_wide(self) -> bool:
        """Whether nearly everything passes."""
        return self.n_papers >= LEAST_PAPERS and self.n_passing > NEARLY_ALL * self.n_papers

    @property
    def kept_out(self) -> int:
        """Count what all exclusions together keep out."""
        return self.without_exclusions - self.n_passing


def try_out(
    *, profile: ProfileDoc, papers: Sequence[PaperDoc], background: Sequence[PaperDoc], space: str | None
) -> Trials:
    """Score an interest and its variants in one batch, and those that leave an entry out only where it is wide.

    `space` is the one in which the papers have their vectors. No paper may come twice.
    """
    alone = dict(_alone(profile))
    variants = [
        profile,
        replace(profile, exclude=()),
        replace(profile, exclude=profile.exclude[MOST_TRIED:]),
        *(replace(profile, pickiness=pickiness) for pickiness in PICKINESS),
        *alone.values(),
    ]
    rows = iter(matching.passing(profiles=variants, papers=papers, background=background))
    passing, unbarred, hardly_barred = next(rows), next(rows), next(rows)
    trials = Trials(
        n_papers=len(papers),
        passing=passing,
        without_exclusions=int(unbarred.sum()),
        by_pickiness={pickiness: int(next(rows).sum()) for pickiness in PICKINESS},
        holding={entry: int(next(rows).sum()) for entry in alone},
        without=_lift_each(hardly_barred, _barred_by(profile, papers, background)),
    )
    if not trials.is_wide:
        return trials
    left_out = _with_wishes(dict(_left_out(profile, trials.holding)), space)
    passing_without = matching.passing(profiles=[*left_out.values()], papers=papers, background=background)
    return replace(trials, without={**trials.without, **_count(left_out, passing_without)})


def _count(variants: Mapping[Entry, ProfileDoc], passing: BoolMatrix) -> dict[Entry, int]:
    return dict(zip(variants, passing.sum(axis=1).tolist(), strict=True))


def _lift_each(passing: BoolVector, barred_by: Mapping[Entry, BoolVector]) -> dict[Entry, int]:
    """Count what would pass without each exclusion: an exclusion is a rule, so nothing needs to be scored for it."""
    n_bars = sum((row.astype(np.int64) for row in barred_by.values()), start=np.zeros(len(passing), dtype=np.int64))
    return {entry: int((passing & (n_bars == row)).sum()) for entry, row in barred_by.items()}


def _left_out(profile: ProfileDoc, holding: Mapping[Entry, int]) -> Iterator[tuple[Entry, ProfileDoc]]:
    """Leave each thing out that the profile says, of each list those that stand in most papers."""
    for part in LISTS:
        entries = sorted((entry for entry in holding if entry.part == part), key=lambda entry: -holding[entry])
        for entry in entries[:MOST_LEFT_OUT]:
            kept = tuple(text for text in getattr(profile, part) if text != entry.text)
            yield entry, _with(profile, part, kept)
    if profile.description:
        yield Entry(part="description", text=profile.description), replace(profile, description="")
    if profile.liked:
        yield Entry(part="liked", text=""), replace(profile, liked=(), liked_weights=(), standing=None)


def _with_wishes(variants: Mapping[Entry, ProfileDoc], space: str | None) -> dict[Entry, ProfileDoc]:
    """Encode what each variant still says, where that is less than the interest says."""
    if space is None:
        return dict(variants)
    less = {entry: variant for entry, variant in variants.items() if entry.part in ENCODED}
    wishes = encode_wishes(profiles=[*less.values()], space=space)
    said = {entry: replace(variant, wish=wishes.get(place, b"")) for place, (entry, variant) in enumerate(less.items())}
    return {**variants, **said}


def _alone(profile: ProfileDoc) -> Iterator[tuple[Entry, ProfileDoc]]:
    """Ask for each thing alone and as it stands, in no related words."""
    for part in LISTS:
        for text in getattr(profile, part)[:MOST_TRIED]:
            yield Entry(part=part, text=text), _only(part, text)


def _barred_by(
    profile: ProfileDoc, papers: Sequence[PaperDoc], background: Sequence[PaperDoc]
) -> dict[Entry, BoolVector]:
    """Say which papers each exclusion keeps out, by the very rule that keeps them out."""
    tried = profile.exclude[:MOST_TRIED]
    each = [ProfileDoc(id=0, name="", exclude=(text,)) for text in tried]
    kept_out = matching.barred(profiles=each, papers=papers, background=background)
    return {Entry(part="exclude", text=text): row for text, row in zip(tried, kept_out, strict=True)}


def _only(part: str, text: str) -> ProfileDoc:
    exactly = f'"{text.strip().strip(QUOTES)}"' if part == "keywords" else text
    return _with(ProfileDoc(id=0, name="", pickiness="broad"), part, (exactly,))


def _with(profile: ProfileDoc, part: str, entries: tuple[str, ...]) -> ProfileDoc:
    changed: dict[str, Any] = {part: entries}
    return replace(profile, **changed)
