"""From what a browser sends to what the services take."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from subscriptions.forms import DeliveryForm, InterestForm, PauseForm, SignUpForm, stored_delivery, stored_interest
from subscriptions.models import MOST_PAPERS, LibraryPaper, Subscriber
from subscriptions.services.preferences import LONGEST_PAUSE
from subscriptions.types import Preferences, ProfileInput, SignUp
from tests.builders import NOW, make_profile

TODAY = date(2026, 6, 9)
DELIVERY = {"cadence": "daily", "hour": "7", "timezone": "Europe/Berlin", "max_papers": "12", "trending": "on"}


def sent(**fields: Any) -> QueryDict:
    """Put fields as a browser sends them: a list is a field that comes several times."""
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def test_an_address_alone_is_a_daily_mail_of_trending_papers() -> None:
    form = SignUpForm(sent(email="ada@example.org"))

    assert form.is_valid(), form.errors
    assert form.sign_up() == SignUp(email="ada@example.org")


def test_the_whole_form_arrives_whole() -> None:
    form = SignUpForm(
        sent(
            email=" ada@example.org ",
            categories=["cs.CL", "stat.ML"],
            keywords="long context, -survey",
            exclude="position paper",
            authors="A. Lovelace",
            description="Reading long documents",
            papers="2406.01234",
            pickiness="picky",
            cadence="chosen",
            weekdays=["4", "0"],
            hour="6",
            timezone="Asia/Kolkata",
            max_papers="5",
            tell_when_empty="on",
        )
    )

    assert form.is_valid(), form.errors
    assert form.sign_up() == SignUp(
        email="ada@example.org",
        timezone="Asia/Kolkata",
        hour=6,
        cadence="chosen",
        weekdays=(0, 4),
        max_papers=5,
        trending=False,
        tell_when_empty=True,
        profile=ProfileInput(
            name="My interests",
            categories=("cs.CL", "stat.ML"),
            keywords=("long context",),
            exclude=("position paper", "survey"),
            authors=("A. Lovelace",),
            description="Reading long documents",
            papers=(("arxiv", "2406.01234"),),
            pickiness="picky",
        ),
    )


def test_a_subscription_to_nothing_is_refused() -> None:
    form = SignUpForm(sent(email="ada@example.org", cadence="daily", hour="8"))

    assert form.non_field_errors() == [
        "There would be nothing to send: please tick trending papers or name an interest."
    ]


def test_the_hidden_field_gives_a_machine_away() -> None:
    assert SignUpForm(sent(email="ada@example.org", website="https://spam.example")).is_trap_sprung()


@pytest.mark.parametrize("website", [{}, {"website": ""}])
def test_the_hidden_field_is_no_trap_for_people(website: dict[str, str]) -> None:
    assert not SignUpForm(sent(email="ada@example.org", **website)).is_trap_sprung()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"timezone": "Mars/Olympus_Mons"}, "timezone"),
        ({"hour": "24"}, "hour"),
        ({"hour": "noon"}, "hour"),
        ({"max_papers": "0"}, "max_papers"),
        ({"max_papers": "101"}, "max_papers"),
        ({"max_papers": "9" * 5000}, "max_papers"),
        ({"cadence": "hourly"}, "cadence"),
        ({"cadence": "chosen", "weekdays": ["7"]}, "weekdays"),
        ({"cadence": "chosen", "weekdays": ["monday"]}, "weekdays"),
        ({"cadence": "chosen"}, "weekdays"),
        ({"cadence": "weekly", "weekdays": ["0", "1"]}, "weekdays"),
    ],
)
def test_delivery_that_cannot_be_is_refused_beside_its_field(fields: dict[str, Any], wrong: str) -> None:
    form = DeliveryForm(sent(**DELIVERY | fields))

    assert list(form.errors) == [wrong]
    assert len(form.errors[wrong]) == 1


@pytest.mark.parametrize("most", ["1", str(MOST_PAPERS)])
def test_papers_at_most_takes_its_bounds(most: str) -> None:
    assert DeliveryForm(sent(**DELIVERY | {"max_papers": most})).is_valid()


def test_papers_beyond_the_most_are_refused_with_the_bounds() -> None:
    form = DeliveryForm(sent(**DELIVERY | {"max_papers": str(MOST_PAPERS + 1)}))

    assert form.errors["max_papers"] == [f"Please give a number from 1 to {MOST_PAPERS}."]


@pytest.mark.parametrize(("cadence", "weekdays"), [("daily", ()), ("weekdays", ()), ("chosen", (2,)), ("weekly", (2,))])
def test_days_count_only_where_the_cadence_leaves_them_open(cadence: str, weekdays: tuple[int, ...]) -> None:
    form = DeliveryForm(sent(**DELIVERY | {"cadence": cadence, "weekdays": ["2"]}))

    assert form.is_valid(), form.errors
    assert form.preferences() == Preferences(
        timezone="Europe/Berlin", hour=7, cadence=cadence, weekdays=weekdays, max_papers=12, trending=True
    )


@pytest.mark.django_db
def test_a_stored_reader_reads_back_the_same(make_reader: Callable[..., Subscriber]) -> None:
    reader = make_reader(timezone="US/Eastern", hour=5, cadence="weekly", weekdays=[6], max_papers=3)
    initial = stored_delivery(subscriber=reader)

    form = DeliveryForm(
        sent(**DELIVERY | {k: str(v) for k, v in initial.items()} | {"weekdays": ["6"]}), initial=initial
    )

    assert form.is_valid(), form.errors
    assert form.preferences().timezone == "US/Eastern"


@pytest.mark.django_db
def test_a_daily_mail_on_some_days_is_shown_as_chosen_days(make_reader: Callable[..., Subscriber]) -> None:
    reader = make_reader(cadence="daily", weekdays=[0, 1, 2])

    assert stored_delivery(subscriber=reader)["cadence"] == "chosen"


def test_an_interest_needs_a_name_and_something_to_go_by() -> None:
    assert list(InterestForm(sent(name="", keywords="agents")).errors) == ["name"]
    assert InterestForm(sent(name="Empty")).non_field_errors()


def test_a_category_that_arxiv_does_not_have_is_refused() -> None:
    assert list(InterestForm(sent(name="X", categories=["cs.NOPE"])).errors) == ["categories"]


@pytest.mark.django_db
def test_a_stored_interest_reads_back_the_same_with_what_only_an_import_can_hold(
    make_reader: Callable[..., Subscriber],
) -> None:
    profile = make_profile(
        reader=make_reader(),
        name="Imported",
        categories=["cs.CL", "biology"],
        keywords=["agents"],
        likes=["2406.01234"],
    )
    LibraryPaper.objects.create(profile=profile, scheme="arxiv", value="2406.09999", stance="disliked", added_at=NOW)
    initial = stored_interest(profile=profile)

    form = InterestForm(
        sent(name="Imported", categories=initial["categories"], keywords="agents", papers="2406.01234"), initial=initial
    )

    assert form.is_valid(), form.errors
    assert form.profile(name="Imported").papers == (("arxiv", "2406.01234"),)
    assert [group.name for group in form.category_groups()][-1] == "Others"


def test_ticked_categories_stay_ticked_when_something_else_is_wrong() -> None:
    form = InterestForm(sent(name="", categories=["cs.CL"]))

    ticked = [box.code for group in form.category_groups() for box in group.boxes if box.checked]

    assert ticked == ["cs.CL"]


def test_the_browser_offers_days_from_tomorrow_to_a_year_ahead() -> None:
    offered = PauseForm(today=TODAY).fields["until"].widget.attrs

    assert (offered["min"], offered["max"]) == (
        (TODAY + timedelta(days=1)).isoformat(),
        (TODAY + LONGEST_PAUSE).isoformat(),
    )


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-02-30", "99999-01-01"])
def test_what_is_no_day_is_refused_with_one_sentence(until: str) -> None:
    assert len(PauseForm(sent(until=until), today=TODAY).errors["until"]) == 1
