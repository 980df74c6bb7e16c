"""Links from one row of the admin to another."""

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from subscriptions.models import Subscriber


def link_to(*, model: type[Model], pk: Any, text: str) -> SafeString:
    """Link a row's page in the admin."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
    return format_html('<a href="{}">{}</a>', url, text)


def link_to_list(*, model: type[Model], text: str, **filters: Any) -> SafeString:
    """Link a table's page in the admin, filtered."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=filters)
    return format_html('<a href="{}">{}</a>', url, text)


def link_to_reader(reader: Subscriber) -> SafeString:
    """Link a reader's page by the address."""
    return link_to(model=Subscriber, pk=reader.pk, text=reader.email)
