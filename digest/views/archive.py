"""The archive: every paper by day, by month and by category."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Show the months and the categories that there are."""
    return render(request, "digest/archive.html")


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show the days of a month."""
    return render(request, "digest/archive_month.html")


@require_safe
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Show the papers of a day."""
    return render(request, "digest/archive_day.html")


@require_safe
def category(request: HttpRequest, code: str) -> HttpResponse:
    """Show the newest papers of a category."""
    return render(request, "digest/archive_category.html")
