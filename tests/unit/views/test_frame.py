"""What every page has in common."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/privacy/", "/nowhere/", "/admin/login/"])
def test_no_page_may_use_a_camera_or_ask_where_the_reader_is(client: Client, address: str) -> None:
    policy = client.get(address)["Permissions-Policy"]

    assert "camera=()" in policy
    assert "geolocation=()" in policy


@pytest.mark.parametrize(
    "address", ["/?day=%00", "/admin/digest/digest/?status__exact=%00", "/admin/digest/%00/change/"]
)
def test_an_address_with_a_null_character_leads_nowhere(client: Client, address: str) -> None:
    client.force_login(User.objects.create_superuser("staff"))

    answer = client.get(address)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
