"""Search and trending: GET alone, no cookie, and whatever is typed is answered with a page."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest import search as papers
from digest.search import Asked, Found, Period, Sort
from digest.views.papers import cards

TRENDING_SHOWN = 50


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the form as it was sent, and a page of what was found."""
    asked = _asked(request)
    found = papers.find(asked=asked, now=timezone.now())
    return render(request, "digest/search.html", _page(asked, found))


def rendered(asked: Asked, found: Found) -> bytes:
    """Render the page of a search without a request, for the bench."""
    return render_to_string("digest/search.html", _page(asked, found)).encode()


def _page(asked: Asked, found: Found) -> dict[str, Any]:
    return {"asked": asked, "found": found, "papers": list(cards(papers=found.papers, marks=found.marks))}


@require_safe
def trending(request: HttpRequest, period: str = Period.WEEK) -> HttpResponse:
    """Show what gained the most upvotes over a day, a week or a month."""
    if period not in set(Period):
        raise Http404("There is no such period.")
    return _trending(request, Period(period), timezone.now())


def _trending(request: HttpRequest, period: Period, now: datetime) -> HttpResponse:
    found = papers.trending(period=period, now=now, most=TRENDING_SHOWN)
    return render(request, "digest/trending.html", {"period": period, "papers": list(cards(papers=found))})


def _asked(request: HttpRequest) -> Asked:
    typed = request.GET
    sort = typed.get("sort", "")
    return Asked(
        text=typed.get("q", ""),
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        categories=tuple(filter(None, typed.getlist("category"))),
        authors=tuple(filter(None, typed.getlist("author"))),
        sources=tuple(filter(None, typed.getlist("source"))),
    )
