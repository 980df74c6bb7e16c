"""The demo's inbox."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests.unit.views.conftest import MAIL_NAME

pytestmark = pytest.mark.django_db
MAIL = ("inbox_mail", [MAIL_NAME])
HTML = ("inbox_html", [MAIL_NAME])


@pytest.mark.parametrize(("demo", "provider"), [(False, "file"), (True, "smtp"), (False, "smtp")])
@pytest.mark.parametrize(("name", "args"), [("inbox", []), MAIL, HTML])
def test_there_is_no_inbox_outside_the_demo(
    client: Client, settings: LazySettings, outbox: Path, demo: bool, provider: str, name: str, args: list[str]
) -> None:
    settings.DEMO, settings.EMAIL_PROVIDER = demo, provider

    answer = client.get(reverse(name, args=args))

    assert answer.status_code == 404
    assert "grace@example.org" not in answer.content.decode()


def test_the_list_names_each_mail(client: Client, outbox: Path) -> None:
    page = client.get(reverse("inbox")).content.decode()

    assert "Please confirm" in page
    assert "grace@example.org" in page
    assert reverse("inbox_mail", args=[MAIL_NAME]) in page


def test_an_empty_inbox_says_how_to_get_a_mail(client: Client, outbox: Path) -> None:
    (outbox / MAIL_NAME).unlink()

    assert "Sign up on the front page" in client.get(reverse("inbox")).content.decode()


def test_a_mail_is_shown_in_a_frame_that_runs_nothing(client: Client, outbox: Path) -> None:
    page = client.get(reverse("inbox_mail", args=[MAIL_NAME])).content.decode()

    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert f'src="{reverse("inbox_html", args=[MAIL_NAME])}"' in page


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("text", "Open http://localhost:8000/confirm/x/"),
        ("headers", "Message-ID: &lt;1@example.org&gt;"),
        ("nonsense", "Open http://localhost:8000/confirm/x/"),
    ],
)
def test_the_other_parts_are_a_click_away(client: Client, outbox: Path, part: str, words: str) -> None:
    assert words in client.get(reverse("inbox_mail", args=[MAIL_NAME]), {"part": part}).content.decode()


def test_the_html_part_comes_with_a_policy_of_its_own(client: Client, outbox: Path) -> None:
    answer = client.get(reverse("inbox_html", args=[MAIL_NAME]))

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_top">' in answer.content.decode()


@pytest.mark.parametrize("name", ["nothing.eml", "..%2F..%2Fsettings.py", "%2Fetc%2Fpasswd", "%00.eml", "x" * 400])
@pytest.mark.parametrize("tail", ["", "html/"])
def test_a_name_that_is_no_mail_is_a_404(client: Client, outbox: Path, name: str, tail: str) -> None:
    assert client.get(f"/inbox/{name}/{tail}").status_code == 404


def test_a_file_that_is_no_mail_spoils_nothing(client: Client, outbox: Path) -> None:
    (outbox / "99999999T000000000000Z-broken.eml").write_bytes(b"\x00\xff<script>alert(1)</script>")

    page = client.get(reverse("inbox")).content.decode()

    assert "Please confirm" in page
    assert "(no subject)" in page
    assert "<script>alert" not in page
