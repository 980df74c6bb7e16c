"""`manage.py create_demo` and `manage.py demo`: what they refuse, and what they print."""

import io

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from digest.models import Paper
from tests.mailbox import Mailbox
from tests.servers import free_port


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["create_demo", "demo"])
def test_outside_the_demo_nothing_is_loaded(command: str, settings: LazySettings) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="Set DEMO=1"):
        call_command(command)

    assert not Paper.objects.exists()


@pytest.mark.django_db
def test_create_demo_prints_its_table_for_the_moment_it_was_given(mailbox: Mailbox) -> None:
    printed = io.StringIO()

    call_command("create_demo", "--now", "2026-06-09T10:30:00+00:00", stdout=printed)

    assert "Tuesday 09 June 2026, 10:30 UTC" in printed.getvalue()


@pytest.mark.django_db
def test_a_feed_that_cannot_be_read_is_one_line_on_stderr(mailbox: Mailbox, settings: LazySettings) -> None:
    settings.DEMO_FEEDS = "/nowhere/feed.xml"
    complaints = io.StringIO()

    call_command("create_demo", stdout=io.StringIO(), stderr=complaints)

    assert complaints.getvalue() == "/nowhere/feed.xml was left out: No such file or directory.\n"


@pytest.mark.django_db
def test_the_demo_says_so_when_its_port_is_no_port() -> None:
    with pytest.raises(CommandError, match="is no port"):
        call_command("demo", "--port", str(free_port() + 70000))
