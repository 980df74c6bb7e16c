"""Django's record of this app."""

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Readers and their interests."""

    name = "subscriptions"
    verbose_name = "Readers"
    default_auto_field = "django.db.models.BigAutoField"
