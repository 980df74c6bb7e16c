"""What the demo prints."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from digest.demo.load import load_demo
from digest.demo.report import aligned, describe
from tests.mailbox import Mailbox
from tests.unit.demo.samples import NOW


def printed(*, days: int = 0) -> str:
    return describe(report=load_demo(now=NOW + timedelta(days=days), feeds="", complain=pytest.fail))


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert aligned(rows=[("a", "bcd", "e"), ("ab", "c", "")]) == ["a    bcd   e", "ab   c"]


@pytest.mark.django_db
def test_it_says_what_happened_and_where_to_look(mailbox: Mailbox) -> None:
    table = printed()

    assert "57 new papers" in table
    assert "9 signed up now, 0 were here before" in table
    assert "http://localhost:8000/inbox/" in table
    assert "http://localhost:8000/admin/ (user admin, password admin)" in table


@pytest.mark.django_db
def test_every_sample_reader_has_a_line(mailbox: Mailbox) -> None:
    lines = printed().splitlines()

    assert sum("@example.org" in line for line in lines) == 9
    assert any("noor.elsayegh" in line and "none" in line for line in lines)


@pytest.mark.django_db
def test_it_fits_a_terminal_and_has_no_loose_ends(mailbox: Mailbox) -> None:
    lines = printed().splitlines()

    assert max(map(len, lines)) <= 110
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.django_db
def test_a_password_that_was_changed_is_not_printed(mailbox: Mailbox) -> None:
    printed()
    admin = get_user_model().objects.get(username="admin")
    admin.set_password("something else")
    admin.save()

    table = printed(days=1)

    assert "password as you changed it" in table


@pytest.mark.django_db
def test_a_demo_that_has_aged_says_how_to_get_a_fresh_one(mailbox: Mailbox) -> None:
    fresh, aged = printed(), printed(days=20)

    assert "delete var/" not in fresh
    assert "delete var/" in aged
