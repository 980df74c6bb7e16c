"""When the sample papers were written, and how the first start is remembered."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.demo.edition import Edition, find_edition
from tests.builders import make_paper
from tests.unit.demo.samples import EDITION, NOW, sample


def test_an_id_holds_the_month_of_the_first_start_and_a_number_no_real_paper_has() -> None:
    assert EDITION.arxiv_id(90007) == "2606.90007"


def test_the_first_paper_is_submitted_at_the_first_moment() -> None:
    assert EDITION.submitted_at(sample(number=90001)) == EDITION.first_moment


def test_other_papers_are_submitted_a_little_before() -> None:
    later, earlier = EDITION.submitted_at(sample(number=90002)), EDITION.submitted_at(sample(number=90003))

    assert earlier < later < EDITION.first_moment


def test_a_paper_of_a_later_day_lies_ahead() -> None:
    assert EDITION.submitted_at(sample(days_ago=-1)) == EDITION.first_moment + timedelta(days=1)


def test_a_revised_paper_keeps_its_first_date() -> None:
    revised = sample(days_ago=6, versions=2, revised_days_ago=1)

    assert EDITION.submitted_at(revised).date() == date(2026, 6, 3)
    assert EDITION.updated_at(revised).date() == date(2026, 6, 8)
    assert EDITION.announced_on(revised) == date(2026, 6, 8)


@pytest.mark.django_db
def test_the_first_start_begins_an_edition_in_whole_seconds() -> None:
    assert find_edition(now=NOW) == EDITION


@pytest.mark.django_db
def test_a_later_start_keeps_the_edition_that_was_begun() -> None:
    make_paper(arxiv="2606.90001", submitted_at=EDITION.first_moment)

    found = find_edition(now=NOW + timedelta(days=40))

    assert found == EDITION


@pytest.mark.django_db
def test_a_real_paper_does_not_look_like_an_edition() -> None:
    make_paper(arxiv="2605.09001", submitted_at=datetime(2026, 5, 1, tzinfo=UTC))

    assert find_edition(now=NOW) == EDITION


@pytest.mark.django_db
def test_a_first_paper_without_a_date_begins_no_edition() -> None:
    make_paper(arxiv="2605.90001", submitted_at=None)

    assert find_edition(now=NOW) == Edition(first_moment=EDITION.first_moment)
