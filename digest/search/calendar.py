"""On which days there are papers, read from the index of their places alone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Max, Min

from digest.models import PaperWords
from digest.search.filing import MINUTES_A_DAY, NUMBER_BITS, place_of

A_DAY = MINUTES_A_DAY << NUMBER_BITS
"""By how much places of one day and the next differ."""


def first_and_last() -> tuple[date, date] | None:
    """Tell the days in UTC of the oldest and the newest paper; None before the first paper."""
    ends = PaperWords.objects.aggregate(first=Min("place"), last=Max("place"))
    if ends["first"] is None:
        return None
    return date.fromordinal(ends["first"] // A_DAY), date.fromordinal(ends["last"] // A_DAY)


def days_of_month(*, first: date) -> Sequence[tuple[date, int]]:
    """Count the papers of each day of the month that begins on `first`, the last day first; empty days are left out."""
    begin, end = _place(first), _place(_next_month(first))
    day = ExpressionWrapper(F("place") / A_DAY, output_field=BigIntegerField())
    papers = PaperWords.objects.filter(place__gte=begin, place__lt=end).annotate(day=day)
    counted = papers.values("day").annotate(number=Count("pk")).order_by("-day")
    return [(date.fromordinal(row["day"]), row["number"]) for row in counted]


def _next_month(first: date) -> date:
    if first.year == date.max.year and first.month == date.max.month:
        return date.max
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _place(day: date) -> int:
    return place_of(moment=datetime.combine(day, time.min, tzinfo=UTC))
