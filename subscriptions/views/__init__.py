"""A reader's pages: each parses, makes one call, answers. GET shows, POST acts."""

from django.conf import settings
from django.http import HttpRequest


def has_demo_inbox() -> bool:
    """Tell whether there is an inbox to look into: in a demo that writes its mails to files."""
    return bool(settings.DEMO and settings.EMAIL_PROVIDER == "file")


def site(request: HttpRequest) -> dict[str, str | bool]:
    """Give every template the site's name and address, who runs it, and whether its demo inbox is there."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "contact_email": settings.CONTACT_EMAIL,
        "postal_address": settings.POSTAL_ADDRESS,
        "demo_inbox": has_demo_inbox(),
    }
