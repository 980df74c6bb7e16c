"""Django's record of this app, and of the admin with our own first page."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PostprintAdminConfig(admin_apps.AdminConfig):
    """Django's admin, framed by digest.views.admin_site."""

    default = False  # or Django would take it for this app's own record
    default_site = "digest.views.admin_site.PostprintAdminSite"


class DigestConfig(AppConfig):
    """Papers, digests and their delivery."""

    name = "digest"
    verbose_name = "Papers and digests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register our checks, and connect the only signals we listen to: a mail provider's events."""
        from digest import checks  # noqa: F401 - its checks register themselves
        from digest.mail import events

        events.connect()
