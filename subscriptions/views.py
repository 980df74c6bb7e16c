"""A reader's pages: each parses, makes one call, answers."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """Give every template the site's name and address."""
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
