"""A reader with an interest, and the paths of their pages."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from subscriptions.models import InterestProfile, OutgoingMail, Subscriber
from subscriptions.tokens import make_token
from tests.builders import NOW, make_profile

Path = Callable[..., str]


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber]) -> Subscriber:
    return make_reader(email="ada@example.org", timezone="Europe/Berlin", hour=7)


@pytest.fixture
def interest(reader: Subscriber) -> InterestProfile:
    return make_profile(reader=reader, name="Long context", keywords=["retrieval"], likes=["2406.01234"])


@pytest.fixture
def path(reader: Subscriber) -> Path:
    """Give the path of a page behind the reader's link, or behind that of somebody else."""

    def build(name: str, *args: int, purpose: str = "manage", extra: str = "", whose: Subscriber | None = None) -> str:
        token = make_token(purpose=purpose, subscriber=whose or reader, extra=extra)
        return reverse(name, args=[token, *args])

    return build


@pytest.fixture
def change_path(path: Path, reader: Subscriber) -> str:
    """The path that the mail to the new address carries."""
    mail = OutgoingMail.objects.create(
        subscriber=reader, kind=OutgoingMail.Kind.CHANGE, to="countess@example.org", not_before=NOW, created_at=NOW
    )
    return path("change_confirm", purpose="change", extra=str(mail.pk))
