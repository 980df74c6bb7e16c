"""What programs ask a site for: robots.txt, and the sitemap of its papers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import cache_page
from django.views.decorators.http import require_safe

from digest.models import Paper

KEPT = timedelta(hours=1)
LARGEST_FILE = 50_000  # addresses: the most that sitemaps.org allows
PRIVATE = (
    "/address/", "/confirm/", "/digest/", "/feeds/mine/", "/inbox/", "/less/", "/more/", "/preferences/", "/return/",
    "/u/", "/unsubscribe/", "/why/",
)  # fmt: skip
"""Readers' own pages, behind links that are signed; and what is not for reading at all."""
NOT_FOR_READING = ("/admin/", "/anymail/", "/healthz/", "/language/", "/subscribe/preview/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers to keep out of readers' pages, and where the list of papers is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in (*PRIVATE, *NOT_FOR_READING)), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap_index')}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


class PaperPages(Sitemap):  # type: ignore[type-arg] # generic for mypy alone
    """Every paper's page, the newest first, in files of so many."""

    limit = LARGEST_FILE
    protocol = "https" if settings.SECURE else "http"

    def items(self) -> QuerySet[Paper]:
        """Ask for what an address and its date need, and nothing else."""
        return Paper.objects.mailable().order_by("-pk").only("pk", "first_seen_at", "updated_at")

    def location(self, item: Paper) -> str:
        """Give the address of a paper's page."""
        return reverse("paper", args=[item.pk])

    def lastmod(self, item: Paper) -> datetime:
        """Say when its text last changed."""
        return max(item.first_seen_at, item.updated_at or item.first_seen_at)


class Pages(Sitemap):  # type: ignore[type-arg] # generic for mypy alone
    """The pages that are there every day."""

    changefreq = "daily"
    protocol = PaperPages.protocol

    def items(self) -> Sequence[str]:
        """Name them."""
        return ["home", "trending", "search", "archive", "sign_up", "privacy"]

    def location(self, item: str) -> str:
        """Give the address of a page."""
        return reverse(item)


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {"pages": Pages, "papers": PaperPages}
_cached = cache_page(int(KEPT.total_seconds()), key_prefix="sitemap")


@require_safe
@_cached
def sitemap_index(request: HttpRequest) -> TemplateResponse:
    """List the files of the sitemap."""
    return sitemaps.index(request, SITEMAPS, sitemap_url_name="sitemap_part")


@require_safe
@_cached
def sitemap_part(request: HttpRequest, section: str) -> TemplateResponse:
    """List the addresses of one file; ?p= says which, of a section that has several."""
    return sitemaps.sitemap(request, SITEMAPS, section)
