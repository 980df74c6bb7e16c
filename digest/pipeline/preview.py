"""An interest, saved or not -> the papers that it would have brought in the last days, and what is wrong with it.

Writes nothing, so a page may ask for it as often as it likes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils.translation import gettext as _

from digest import matching
from digest.models import PaperIdentifier
from digest.pipeline.advice import advise, asks_nothing
from digest.pipeline.feedback import FeedbackRow, load_feedback, load_library, stances
from digest.pipeline.profiles import to_doc
from digest.pipeline.trials import Trials, try_out
from digest.pipeline.week import Span, Week, load_week
from digest.types import BoolVector, ProfileDoc, Reason
from subscriptions.models import InterestProfile
from subscriptions.types import PaperReference

DAYS = 7
WEEK_DAYS = 7
SHOWN_A_DAY = 10  # for an interest that belongs to nobody yet


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPaper:
    """A paper that would have been mailed; `score` is in standard deviations above the interest's background."""

    paper_id: int
    title: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDay:
    """One day in UTC: how many papers came, how many of them pass, and the best of those, the best first."""

    day: date
    n_papers: int
    n_passing: int
    shown: tuple[PreviewPaper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an interest would have brought: its days, the last first, those without papers among them.

    `volume` is the mean number of papers a day on days on which any came, and `volume_words` says the same.
    """

    days: tuple[PreviewDay, ...]
    n_papers: int
    n_passing: int
    volume: float
    volume_words: str
    warnings: tuple[str, ...]


def preview(
    *,
    profile: InterestProfile,
    liked: Sequence[PaperReference] | None = None,
    disliked: Sequence[PaperReference] = (),
    now: datetime,
    days: int = DAYS,
    week: Week | None = None,
) -> Preview:
    """Tell what an interest would have brought in the last `days` days of UTC, today among them. Writes nothing.

    `profile` may be unsaved, or a saved row with other words on it. `liked`, where it is given, stands for the papers
    that the saved interest names as examples, `disliked` adds to those that it does not want; of papers that we do
    not have nothing is known. Papers count that were news on the day they came, mailed since or not. `week` stands for
    the papers of those days, where they have been read already.
    """
    week = week or load_week(now=now, days=days)
    doc = to_doc(profile=profile, stances=_stances(profile, liked, disliked, now), space=week.space, now=now)
    trials = _try_out(doc, week)
    most = profile.subscriber.max_papers if profile.subscriber_id else SHOWN_A_DAY
    shown = _choose(doc, week, passing=trials.passing, most=most)
    warnings = advise(profile=doc, trials=trials, days=days)
    return _sum_up(week.span, passing=trials.passing, shown=shown, warnings=warnings)


def volume_in_words(*, n_passing: int, n_days: int, days: int) -> str:
    """Say how many papers to expect, when so many passed on `n_days` of `days` days on which any came."""
    if n_passing == 0:
        return _("nothing")
    if n_passing >= n_days:
        return _("about %(number)s a day") % {"number": f"{round(n_passing / n_days):,}"}
    return _("about %(number)s a week") % {"number": max(1, round(n_passing * WEEK_DAYS / days))}


def _stances(
    profile: InterestProfile,
    liked: Sequence[PaperReference] | None,
    disliked: Sequence[PaperReference],
    now: datetime,
) -> list[FeedbackRow]:
    """Say what the reader thinks of which paper, as it would be when the interest is saved."""
    ids = [profile.pk] if profile.pk else []
    stored = load_library(profile_ids=ids).get(profile.pk, []) if ids else []
    feedback = load_feedback(profile_ids=ids).get(profile.pk, []) if ids else []
    paper_of = _find([*(liked or ()), *disliked])
    since = {row.paper_id: row.at for row in stored if row.liked}
    kept = stored if liked is None else [row for row in stored if not row.liked]
    named = [FeedbackRow(paper_id=pk, liked=True, at=since.get(pk, now)) for pk in _known(liked or (), paper_of)]
    unwanted = [FeedbackRow(paper_id=pk, liked=False, at=now) for pk in _known(disliked, paper_of)]
    return stances(library=[*kept, *named, *unwanted], feedback=feedback)


def _find(references: Sequence[PaperReference]) -> dict[PaperReference, int]:
    """Find the papers that we have of those that are named, in one query."""
    if not references:
        return {}
    rows = PaperIdentifier.objects.filter(value__in={value for _, value in references})
    return {(scheme, value): pk for scheme, value, pk in rows.values_list("scheme", "value", "paper_id")}


def _known(references: Iterable[PaperReference], paper_of: dict[PaperReference, int]) -> list[int]:
    return [paper_of[reference] for reference in references if reference in paper_of]


def _try_out(doc: ProfileDoc, week: Week) -> Trials:
    docs = week.span.docs
    if not docs or asks_nothing(profile=doc):
        return Trials(n_papers=len(docs), passing=np.zeros(len(docs), dtype=np.bool_))
    return try_out(profile=doc, papers=docs, background=week.background, space=week.space)


def _choose(doc: ProfileDoc, week: Week, *, passing: BoolVector, most: int) -> list[PreviewPaper]:
    """Choose the best of each day as its mail would, at most `most`: each day is one profile of a single batch."""
    span = week.span
    by_day = [passing & (span.day_of == day) for day in np.unique(span.day_of[passing])]
    if not by_day:
        return []
    matches = matching.match(
        profiles=[doc] * len(by_day),
        papers=span.docs,
        background=week.background,
        eligible=np.stack(by_day),
        top_k=most,
    )
    titles = {paper.id: paper.title for paper in span.docs}
    return [
        PreviewPaper(paper_id=found.paper_id, title=titles[found.paper_id], score=found.score, reasons=found.reasons)
        for found in matches
    ]


def _sum_up(span: Span, *, passing: BoolVector, shown: Sequence[PreviewPaper], warnings: tuple[str, ...]) -> Preview:
    came, passed = span.count(), span.count(passing)
    day_of = dict(zip((paper.id for paper in span.docs), span.day_of.tolist(), strict=True))
    by_day: dict[int, list[PreviewPaper]] = defaultdict(list)
    for paper in shown:
        by_day[day_of[paper.paper_id]].append(paper)
    n_days, n_passing = sum(n > 0 for n in came), sum(passed)
    return Preview(
        days=tuple(
            PreviewDay(
                day=span.first + timedelta(days=day),
                n_papers=came[day],
                n_passing=passed[day],
                shown=tuple(by_day[day]),
            )
            for day in reversed(range(span.days))
        ),
        n_papers=sum(came),
        n_passing=n_passing,
        volume=n_passing / max(n_days, 1),
        volume_words=volume_in_words(n_passing=n_passing, n_days=n_days, days=span.days),
        warnings=warnings,
    )
