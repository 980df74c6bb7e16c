"""Leafing through what was found: the number of the page in an address, and the addresses of those around it."""

from dataclasses import dataclass

from django.http import HttpRequest

from digest.search import COUNTED, Found
from digest.search.asked import PER_PAGE

LAST_PAGE = COUNTED // PER_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The addresses of the pages before and after this one; empty where there is none."""

    number: int
    before: str
    after: str


def page_number(request: HttpRequest) -> int:
    """Read the number of a page; whatever is no such number is the first."""
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(COUNTED)) else 1
    return max(number, 1)


def pages(*, request: HttpRequest, found: Found) -> Pages:
    """Give the ways from one page of what was found to the next, with all else in the address kept."""
    before = _address(request, min(found.page - 1, LAST_PAGE)) if found.page > 1 else ""
    return Pages(number=found.page, before=before, after=_address(request, found.page + 1) if found.has_next else "")


def _address(request: HttpRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    if number == 1:
        del asked["page"]
    return f"{request.path}?{asked.urlencode()}" if asked else request.path
