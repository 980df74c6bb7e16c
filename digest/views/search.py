"""Search and trending: GET alone, no cookie, and whatever is typed is answered with a page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from digest import search as papers
from digest.search import Asked, Found, Period, Sort
from digest.search.days import read_days
from digest.sources import sources
from digest.views.pages import page_number, pages
from digest.views.papers import cards
from subscriptions.taxonomy import GROUPS

TRENDING_SHOWN = 50
MOST_FILTERS = 20  # of one kind that are read from an address
SORTS = {
    Sort.RELEVANCE: gettext_lazy("Best match"),
    Sort.NEWEST: gettext_lazy("Newest"),
    Sort.TRENDING: gettext_lazy("Trending"),
}
PERIODS = {
    Period.DAY: gettext_lazy("Today"),
    Period.WEEK: gettext_lazy("This week"),
    Period.MONTH: gettext_lazy("This month"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter that is on, in words, and the address of the same search without it."""

    name: str
    off_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent. `wrong` says in a sentence each what could not be read."""

    asked: Asked
    since: str = ""
    until: str = ""
    wrong: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the form as it was sent, and a page of what was found."""
    typed = read_form(sent=request.GET, page=page_number(request))
    found = papers.find(asked=typed.asked, now=timezone.now())
    page = _page(typed, found) | {"pages": pages(request=request, found=found)}
    return render(request, "digest/search.html", page)


@require_safe
def trending(request: HttpRequest, period: str = Period.WEEK) -> HttpResponse:
    """Show what gained the most upvotes over a day, a week or a month."""
    if period not in set(Period):
        raise Http404("There is no such period.")
    found = papers.trending(period=Period(period), now=timezone.now(), most=TRENDING_SHOWN)
    page = {"period": Period(period), "periods": PERIODS, "papers": list(cards(papers=found))}
    return render(request, "digest/trending.html", page)


def rendered(asked: Asked, found: Found) -> bytes:
    """Render the page of a search without a request, for the bench."""
    return render_to_string("digest/search.html", _page(Typed(asked=asked), found)).encode()


def read_form(*, sent: QueryDict, page: int) -> Typed:
    """Read a search from its address; what cannot be read is said, and kept for the form to show again."""
    since, until = sent.get("since", "").strip(), sent.get("until", "").strip()
    first, last = read_days(text=since), read_days(text=until)
    sort = sent.get("sort", "")
    asked = Asked(
        text=sent.get("q", ""),
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        categories=_several(sent, "category"),
        authors=_several(sent, "author"),
        sources=_several(sent, "source"),
        since=first.since if first else None,
        until=last.until if last else None,
        page=page,
    )
    wrong = tuple(_no_date(text) for text, read in ((since, first), (until, last)) if text and read is None)
    return Typed(asked=asked, since=since, until=until, wrong=wrong, filters=tuple(_filters(sent, asked)))


def _several(sent: QueryDict, name: str) -> tuple[str, ...]:
    values = (value.strip() for value in sent.getlist(name)[:MOST_FILTERS])
    return tuple(dict.fromkeys(filter(None, values)))


def _no_date(text: str) -> str:
    return _("“%(text)s” is no date like 2026-05-31; it was passed over.") % {"text": text[:40]}


def _filters(sent: QueryDict, asked: Asked) -> Iterator[Filter]:
    for name, values in (("category", asked.categories), ("author", asked.authors), ("source", asked.sources)):
        for value in values:
            yield Filter(name=value[:80], off_url=_without(sent, name, value))
    if asked.since:
        yield Filter(name=_("from %(day)s") % {"day": asked.since}, off_url=_without(sent, "since"))
    if asked.until:
        yield Filter(name=_("until %(day)s") % {"day": asked.until}, off_url=_without(sent, "until"))


def _without(sent: QueryDict, name: str, value: str | None = None) -> str:
    rest = sent.copy()
    kept = [other for other in rest.getlist(name) if value is not None and other.strip() != value]
    rest.setlist(name, kept)
    rest.pop("page", None)
    return f"{reverse('search')}?{rest.urlencode()}"


def _page(typed: Typed, found: Found) -> dict[str, Any]:
    asked = typed.asked
    return {
        "typed": typed,
        "asked": asked,
        "found": found,
        "papers": list(cards(papers=found.papers, marks=found.marks)),
        "is_asked": replace(asked, page=1, sort=Sort.RELEVANCE) != Asked(),
        "sorts": SORTS,
        "groups": GROUPS,
        "sources": list(sources()),
    }
