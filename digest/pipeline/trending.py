"""Popularity counts in, one score a paper out: recomputed from its signals' rows, so it may run at any time."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.models import Paper, PaperSignal

UPVOTES, STARS = "huggingface_upvotes", "github_stars"

HORIZON_DAYS = 7  # a paper featured longer ago than this is trending no more
HALF_LIFE_DAYS = 2.0
GROWTH_WINDOW = timedelta(days=2)
# Counts that give a term its full weight; ten times as many count about half as much again.
FULL_UPVOTES, FULL_GROWTH, FULL_STARS = 100, 50, 1_000
GROWTH_WEIGHT, STARS_WEIGHT = 0.3, 0.15
UPDATE_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Popularity:
    """What is counted of one paper: how much it has, how much came lately, and since when it is featured."""

    upvotes: float
    growth: float
    stars: float
    featured_on: date


def trending_score(*, upvotes: float, growth: float, stars: float, age_days: float) -> float:
    """Weigh a paper's popularity against its age.

    `upvotes` and `stars` are counts as they stand now, `growth` the upvotes of the last two days, `age_days` the days
    since the paper was featured.
    Returns: 0 without upvotes; about 1 for a paper featured today with a hundred of them; no upper bound.
    Source: our own. Each count n is scaled to log(1 + n) / log(1 + full), so that the tenth upvote says more than the
    hundredth; score = (upvotes + 0.3 growth + 0.15 stars) * 0.5 ** (age_days / 2).
    """
    if upvotes <= 0:
        return 0.0
    strength = (
        _scaled(upvotes, FULL_UPVOTES)
        + GROWTH_WEIGHT * _scaled(growth, FULL_GROWTH)
        + STARS_WEIGHT * _scaled(stars, FULL_STARS)
    )
    return float(strength * 0.5 ** (max(age_days, 0.0) / HALF_LIFE_DAYS))


def trending_note(*, upvotes: float, growth: float, stars: float) -> str:
    """Name the signal that carries the most of the score, in words fit for a mail: "118 upvotes on Hugging Face"."""
    by_upvotes = _scaled(upvotes, FULL_UPVOTES) + GROWTH_WEIGHT * _scaled(growth, FULL_GROWTH)
    by_stars = STARS_WEIGHT * _scaled(stars, FULL_STARS)
    if by_stars > by_upvotes:
        return f"{_counted(stars, 'star')} on GitHub"
    return f"{_counted(upvotes, 'upvote')} on Hugging Face"


def rank_trending(*, now: datetime, horizon_days: int = HORIZON_DAYS) -> int:
    """Give every paper its trending score and note, and answer how many papers are trending.

    Papers that are withdrawn, without upvotes or featured `horizon_days` ago or longer get score 0 and no note. The
    number of queries does not grow with the number of papers, up to 500 papers that change.
    """
    today = now.date()
    popular = _read_popularity(today=today, since=today - timedelta(days=horizon_days))
    papers = Paper.objects.filter(pk__in=popular, withdrawn=False).only("pk", "trending_score", "trending_note")
    trending: list[int] = []
    changed: list[Paper] = []
    for paper in papers.order_by("pk"):
        score, note = _rate(popular[paper.pk], today=today)
        if score > 0:
            trending.append(paper.pk)
            if (paper.trending_score, paper.trending_note) != (score, note):
                paper.trending_score, paper.trending_note = score, note
                changed.append(paper)
    Paper.objects.filter(trending_score__gt=0).exclude(pk__in=trending).update(trending_score=0.0, trending_note="")
    Paper.objects.bulk_update(changed, ["trending_score", "trending_note"], batch_size=UPDATE_BATCH)
    return len(trending)


def _scaled(count: float, full: int) -> float:
    return math.log1p(max(count, 0.0)) / math.log1p(full)


def _counted(count: float, word: str) -> str:
    return f"{count:,.0f} {word}{'' if round(count) == 1 else 's'}"


def _rate(popularity: Popularity, *, today: date) -> tuple[float, str]:
    counts = {"upvotes": popularity.upvotes, "growth": popularity.growth, "stars": popularity.stars}
    age_days = (today - popularity.featured_on).days
    return trending_score(**counts, age_days=age_days), trending_note(**counts)


def _read_popularity(*, today: date, since: date) -> dict[int, Popularity]:
    """Read the counts of every paper that was featured after `since`, by paper id.

    A count written down for a later day than `today` is not known yet.
    """
    known = PaperSignal.objects.filter(kind__in=(UPVOTES, STARS), day__lte=today)
    recent = known.filter(kind=UPVOTES, day__gt=since, value__gt=0).values("paper_id")
    rows = known.filter(paper_id__in=recent).order_by("paper_id", "day").values_list("paper_id", "kind", "day", "value")
    readings: dict[int, list[tuple[str, date, float]]] = defaultdict(list)
    for paper_id, kind, day, value in rows:
        readings[paper_id].append((kind, day, value))
    found = {paper_id: _summarise(paper, today=today) for paper_id, paper in readings.items()}
    return {paper_id: one for paper_id, one in found.items() if one.featured_on > since}


def _summarise(readings: Iterable[tuple[str, date, float]], *, today: date) -> Popularity:
    """Sum a paper's readings up; they come in the order of their days, and at least one is of upvotes."""
    upvotes = [(day, value) for kind, day, value in readings if kind == UPVOTES]
    stars = [value for kind, _, value in readings if kind == STARS]
    latest = upvotes[-1][1]
    # Before it was featured a paper had no upvotes: a first reading is growth from nothing.
    before = next((value for day, value in reversed(upvotes) if day <= today - GROWTH_WINDOW), 0.0)
    return Popularity(
        upvotes=latest,
        growth=max(latest - before, 0.0),
        stars=stars[-1] if stars else 0.0,
        featured_on=upvotes[0][0],
    )
