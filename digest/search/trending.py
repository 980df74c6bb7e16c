"""What gained the most upvotes over a day, a week or a month, from the counts of those days."""

from datetime import datetime, timedelta

from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from digest.models import Paper, PaperSignal
from digest.pipeline.trending import UPVOTES
from digest.search.asked import Period

DAYS = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30}


def trending(*, period: Period, now: datetime, most: int) -> tuple[Paper, ...]:
    """Read the papers that gained the most upvotes, the most first, each with the number in its `trending_note`.

    A period is the day of `now` in UTC and the 1, 7 or 30 days before it: early in the morning nothing has been
    counted yet. Withdrawn papers are left out.
    """
    gained = _gained(now=now, days=DAYS[period], most=most)
    papers = Paper.objects.mailable().prefetch_related("identifiers").in_bulk(list(gained))
    for pk, paper in papers.items():
        paper.trending_note = _in_words(gained[pk])
    return tuple(papers[pk] for pk in gained if pk in papers)


def _gained(*, now: datetime, days: int, most: int) -> dict[int, float]:
    """Read by how much counts rose, by paper, the most first. Before its first count a paper had none."""
    today = now.date()
    since = today - timedelta(days=days)
    counted = PaperSignal.objects.filter(kind=UPVOTES, day__lte=today)
    recent = counted.filter(day__gte=since, value__gt=0, paper__withdrawn=False).exclude(paper__title="")
    rows = (
        counted.filter(paper__in=recent.values("paper"))
        .values("paper")
        .annotate(
            gain=Max("value", filter=Q(day__gte=since)) - Coalesce(Max("value", filter=Q(day__lt=since)), 0.0),
        )
        .filter(gain__gt=0)
        .order_by(F("gain").desc(), "-paper")
    )
    return dict(rows.values_list("paper", "gain")[:most])


def _in_words(gain: float) -> str:
    return ngettext("%(gain)s upvote on Hugging Face", "%(gain)s upvotes on Hugging Face", round(gain)) % {
        "gain": f"{gain:,.0f}"
    }
