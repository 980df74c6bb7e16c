"""People who work on the admin: one who may do all, one who may only look, one who is no staff."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(db: None) -> User:
    return User.objects.create_superuser("grace", "grace@staff.example.org", "invented")


@pytest.fixture
def staff_client(staff: User) -> Client:
    """The browser of somebody who may do everything."""
    return signed_in(staff)


@pytest.fixture
def looking_client(db: None) -> Client:
    """The browser of somebody who may look at everything and change nothing."""
    user = User.objects.create_user("edith", "edith@staff.example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return signed_in(user)


@pytest.fixture
def outside_client(db: None) -> Client:
    """The browser of somebody with an account who is no staff."""
    return signed_in(User.objects.create_user("oscar", "oscar@example.org"))


def messages_of(response: Any) -> str:
    """Join what the admin said at the top of a page."""
    return " ".join(str(message) for message in response.context["messages"])
