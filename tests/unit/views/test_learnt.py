"""The page of what an interest has learnt: all of it is shown, and each of it can be forgotten."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from digest.models import Feedback, Paper
from digest.pipeline.feedback import give_feedback
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from subscriptions.tokens import make_token
from tests.builders import NOW, make_paper, make_profile, make_reader

pytestmark = pytest.mark.django_db
Path = Callable[..., str]


@pytest.fixture
def interest(reader: Subscriber) -> InterestProfile:
    return make_profile(reader=reader, name="Bounds", likes=["2406.01234"])


@pytest.fixture
def path(reader: Subscriber, interest: InterestProfile) -> Path:
    def build(name: str, *, whose: Subscriber = reader, profile_id: int = interest.pk) -> str:
        return reverse(name, args=[make_token(purpose="manage", subscriber=whose), profile_id])

    return build


@pytest.fixture
def unwanted(interest: InterestProfile) -> Paper:
    paper = make_paper(title=r"Bounds of $10^{-4}$")
    give_feedback(profile_id=interest.pk, paper_id=paper.pk, verdict="less", now=NOW + timedelta(days=1))
    return paper


def test_papers_stand_under_what_was_said_of_them_with_the_day(client: Client, path: Path, unwanted: Paper) -> None:
    page = client.get(path("learnt")).content.decode()

    places = [page.index(words) for words in ("More like these", "arxiv:2406.01234", "Less like these", "10⁻⁴")]
    assert places == sorted(places)
    assert "Tuesday, 9 June 2026" in page
    assert "Wednesday, 10 June 2026" in page
    assert page.count("named by you") == 1


def test_the_panel_leads_to_the_page_of_each_interest(client: Client, path: Path, reader: Subscriber) -> None:
    panel = reverse("manage", args=[make_token(purpose="manage", subscriber=reader)])

    page = client.get(panel).content.decode()

    (learnt,) = re.findall(r'href="([^"]+/learnt/)"', page)
    assert "Bounds" in client.get(learnt).content.decode()


def test_an_answer_can_be_forgotten_once_or_twice(client: Client, path: Path, unwanted: Paper) -> None:
    for _ in range(2):
        said = client.post(path("learnt_forget"), {"paper": unwanted.pk}, follow=True).content.decode()

    assert "Forgotten." in said
    assert Feedback.objects.count() == 0


def test_a_named_paper_can_be_forgotten_once_or_twice(client: Client, path: Path, interest: InterestProfile) -> None:
    entry = interest.library.get()

    for _ in range(2):
        client.post(path("learnt_forget"), {"entry": entry.pk})

    assert LibraryPaper.objects.count() == 0


@pytest.mark.parametrize("fields", [{}, {"paper": "x"}, {"entry": "²"}, {"paper": "-1"}, {"paper": "999999"}])
def test_what_names_no_paper_forgets_none(client: Client, path: Path, unwanted: Paper, fields: dict[str, str]) -> None:
    client.post(path("learnt_forget"), fields)

    assert (Feedback.objects.count(), LibraryPaper.objects.count()) == (1, 1)


def test_the_switch_says_which_way_so_twice_is_the_same(client: Client, path: Path, interest: InterestProfile) -> None:
    for _ in range(2):
        page = client.post(path("learnt_fades"), {"fades": "0"}, follow=True).content.decode()

    interest.refresh_from_db()
    assert not interest.fades
    assert "Let older likes count less" in page


def test_nobody_sees_or_changes_what_the_interest_of_another_has_learnt(
    client: Client, path: Path, unwanted: Paper, interest: InterestProfile
) -> None:
    eve = make_reader()

    answers = [
        client.get(path("learnt", whose=eve)),
        client.post(path("learnt_forget", whose=eve), {"paper": unwanted.pk, "entry": interest.library.get().pk}),
        client.post(path("learnt_fades", whose=eve), {"fades": "0"}),
    ]

    interest.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert interest.fades
    assert (Feedback.objects.count(), LibraryPaper.objects.count()) == (1, 1)


def test_an_entry_of_another_s_library_stays(client: Client, path: Path) -> None:
    foreign = make_profile(reader=make_reader(), likes=["2406.04321"]).library.get()

    client.post(path("learnt_forget"), {"entry": foreign.pk})

    assert LibraryPaper.objects.filter(pk=foreign.pk).exists()


def test_before_anything_is_learnt_the_page_says_where_it_begins(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    interest.library.all().delete()

    assert "Each paper in the mail has a link that says so." in client.get(path("learnt")).content.decode()


def test_the_page_costs_the_same_however_much_was_learnt(
    client: Client, path: Path, interest: InterestProfile, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        give_feedback(profile_id=interest.pk, paper_id=make_paper().pk, verdict="more", now=NOW)
    learnt = path("learnt")

    with django_assert_num_queries(4):
        client.get(learnt)


def test_the_copy_of_all_data_holds_what_was_said(client: Client, reader: Subscriber, unwanted: Paper) -> None:
    make_profile(reader=make_reader(), name="Somebody else's")

    answer = client.post(reverse("export", args=[make_token(purpose="manage", subscriber=reader)]))

    assert json.loads(answer.content)["feedback"] == [
        {
            "interest": "Bounds",
            "title": r"Bounds of $10^{-4}$",
            "verdict": "less",
            "given_at": "2026-06-10T08:00:00+00:00",
        }
    ]
