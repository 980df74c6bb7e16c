"""The archive: every paper by day, by month and by category."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from digest.arxiv import canonical_category
from digest.mail.present import day_in_words
from digest.search import Asked, Found, Sort, find
from digest.search.calendar import days_of_month, first_and_last
from digest.views.pages import Pages, page_number, pages
from digest.views.papers import cards
from subscriptions.dates import month_of_year
from subscriptions.taxonomy import GROUPS, NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A link to a part of the archive; `number` counts its papers, where that is known."""

    name: str
    url: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year and its months."""

    year: int
    months: tuple[Way, ...]


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Show the months that have papers, and every category."""
    span = first_and_last()
    years = list(_years(*span)) if span else []
    return render(request, "digest/archive.html", {"years": years, "groups": GROUPS})


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show the days of a month, and how many papers each has."""
    first = _day(year, month, 1)
    days = [
        Way(name=day_in_words(day=day), url=reverse("archive_day", args=[day.isoformat()]), number=number)
        for day, number in days_of_month(first=first)
    ]
    page = {"title": _month_in_words(first), "days": days, "around": list(_months_around(first))}
    return render(request, "digest/archive_month.html", page)


@require_safe
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Show the papers that were submitted on a day, all or those of one category."""
    try:
        about = date.fromisoformat(day)
    except ValueError:
        raise Http404("There is no such day.") from None
    code = request.GET.get("category", "")
    asked = Asked(
        sort=Sort.NEWEST, since=about, until=about, categories=(code,) if code else (), page=page_number(request)
    )
    page = {"title": day_in_words(day=about), "about": about, "code": code, "month": _month_way(about)}
    return _list(request, asked, page | {"around": list(_days_around(about))}, "digest/archive_day.html")


@require_safe
def category(request: HttpRequest, code: str) -> HttpResponse:
    """Show the newest papers of a category."""
    asked = Asked(sort=Sort.NEWEST, categories=(code,), page=page_number(request))
    name = NAMES.get(canonical_category(code), "")
    return _list(request, asked, {"code": code, "name": name}, "digest/archive_category.html", is_known=bool(name))


def _list(
    request: HttpRequest, asked: Asked, page: dict[str, Any], template: str, *, is_known: bool = True
) -> HttpResponse:
    found: Found = find(asked=asked, now=timezone.now())
    if not found.total and not is_known:
        raise Http404("There is nothing of this name.")
    ways: Pages = pages(request=request, found=found)
    return render(
        request, template, {**page, "found": found, "papers": list(cards(papers=found.papers)), "pages": ways}
    )


def _years(first: date, last: date) -> Iterator[Year]:
    for year in range(last.year, first.year - 1, -1):
        months = [date(year, number, 1) for number in range(12, 0, -1)]
        shown = [day for day in months if first.replace(day=1) <= day <= last]
        yield Year(year=year, months=tuple(Way(name=date_format(day, "F"), url=_month_url(day)) for day in shown))


def _months_around(first: date) -> Iterator[Way]:
    if first > date.min:
        yield _month_way(first - timedelta(days=1))
    if first.replace(day=28) < date.max - timedelta(days=4):
        yield _month_way(first.replace(day=28) + timedelta(days=4))


def _days_around(about: date) -> Iterator[Way]:
    for step in (-1, 1):
        if date.min < about < date.max:
            other = about + timedelta(days=step)
            yield Way(name=day_in_words(day=other), url=reverse("archive_day", args=[other.isoformat()]))


def _month_way(day: date) -> Way:
    return Way(name=_month_in_words(day), url=_month_url(day))


def _month_url(day: date) -> str:
    return reverse("archive_month", args=[day.year, day.month])


def _month_in_words(day: date | datetime) -> str:
    return month_of_year(day=day)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise Http404("There is no such month.") from None
