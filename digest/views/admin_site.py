"""The admin's frame: its name, and a first page that says how the day is going.

Chosen in digest.apps. It stands outside digest.admin, whose modules need it to exist before they register anything.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from digest.pipeline.counts import day_counts
from digest.pipeline.health import day_health
from digest.pipeline.serving import meaning, taste_in_words


class PostprintAdminSite(admin.AdminSite):
    """Django's admin with the day's numbers on its first page."""

    site_header = "Postprint"
    site_title = "Postprint admin"
    index_title = "Today"
    index_template = "admin/today.html"
    enable_nav_sidebar = False  # the lists need its width; the first page leads everywhere

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the day and the tables."""
        now = timezone.now()
        day = {"counts": day_counts(now=now), "health": day_health(now=now)}
        ranked_by = {"meaning": meaning(now=now), "taste": taste_in_words()}
        return super().index(request, {**(extra_context or {}), **day, **ranked_by})
