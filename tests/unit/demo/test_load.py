"""The demo's day: once, twice, and on later days."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from digest.demo.load import LoadReport, load_demo
from digest.demo.readers import sample_readers
from digest.models import Delivery, Digest, Paper
from subscriptions import services
from subscriptions.models import ConsentEvent, Subscriber
from tests.mailbox import Mailbox, body
from tests.unit.demo.samples import EDITION, NOW

pytestmark = pytest.mark.django_db

LINGUIST, PLAINEST = "solveig.aasen@example.org", "wanjiru.mwangale@example.org"


def load(*, days: int = 0, seconds: int = 0) -> LoadReport:
    complaints: list[str] = []
    report = load_demo(now=NOW + timedelta(days=days, seconds=seconds), feeds="", complain=complaints.append)
    assert complaints == []
    return report


def reader(email: str) -> Subscriber:
    return Subscriber.objects.get(email=email)


def test_the_first_start_brings_papers_readers_and_their_digests(mailbox: Mailbox) -> None:
    report = load()

    assert report.papers.counts() | {"updated": 0, "unchanged": 0, "seen": 0} == {
        "seen": 0,
        "new": 57,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    assert report.new_readers == len(sample_readers(edition=EDITION))
    assert report.day["planned"] == 7
    assert (report.day["failed"], report.day["unknown"]) == (0, 0)


def test_a_second_start_changes_nothing_and_mails_nobody(mailbox: Mailbox) -> None:
    load()
    before = len(mailbox.messages())

    report = load(seconds=30)

    assert report.papers.unchanged == report.papers.seen
    assert (report.new_readers, report.day["planned"], report.day["sent"]) == (0, 0, 0)
    assert len(mailbox.messages()) == before


def test_a_start_on_the_next_day_brings_its_papers_and_one_more_digest(mailbox: Mailbox) -> None:
    load()

    report = load(days=1)

    assert report.papers.new == 2
    assert [digest.digest_date.day for digest in Digest.objects.filter(subscriber=reader(PLAINEST))] == [9, 10]


def test_a_start_in_another_month_makes_no_paper_anew(mailbox: Mailbox) -> None:
    load()

    report = load(days=40)

    assert report.papers.new == 6
    assert Paper.objects.count() == 63


def test_readers_sign_up_before_they_are_digested_and_confirm_by_themselves(mailbox: Mailbox) -> None:
    load()

    kinds = list(ConsentEvent.objects.filter(subscriber=reader(LINGUIST)).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["requested", "confirmed"]


def test_the_undecided_reader_waits_with_a_confirmation_in_the_inbox(mailbox: Mailbox) -> None:
    load()

    assert reader("noor.elsayegh@example.org").status == Subscriber.Status.PENDING
    assert "/confirm/" in body(mailbox.only(to="noor.elsayegh@example.org"))


def test_the_plainest_reader_gets_trending_papers_and_the_astronomer_none(mailbox: Mailbox) -> None:
    load()

    sections = {
        email: set(Digest.objects.get(subscriber__email=email).items.values_list("section", flat=True))
        for email in (PLAINEST, "catrin.penhallow@example.org")
    }
    assert sections == {PLAINEST: {"trending"}, "catrin.penhallow@example.org": {"matched"}}


def test_the_excluded_word_and_the_withdrawn_paper_stay_out_of_every_digest(mailbox: Mailbox) -> None:
    load()

    sent_to_linguist = Digest.objects.get(subscriber__email=LINGUIST).items.filter(section="matched")
    assert sent_to_linguist.exists()
    assert not sent_to_linguist.filter(paper__title__icontains="survey").exists()
    assert not Digest.objects.filter(items__paper__withdrawn=True).exists()


def test_the_weekly_reader_has_papers_under_both_interests(mailbox: Mailbox) -> None:
    load()

    items = Digest.objects.get(subscriber__email="anirudh.deshmukh@example.org").items
    names = set(items.filter(section="matched").values_list("profile_name", flat=True))
    assert names == {"Robots that learn", "How brains decide"}


def test_the_reader_of_chinese_finds_the_chinese_title(mailbox: Mailbox) -> None:
    load()

    items = Digest.objects.get(subscriber__email="lin.peiyu@example.org").items.filter(section="matched")
    assert [item.paper.title for item in items.all()][:1] == ["大语言模型读唐诗：格律、典故与误读"]


def test_who_finds_nothing_is_told_so_and_who_paused_hears_nothing(mailbox: Mailbox) -> None:
    load()

    nothing_fits = Delivery.objects.get(digest__subscriber__email="tomasz.wierzba@example.org")
    assert nothing_fits.digest.status == Digest.Status.EMPTY
    assert not Digest.objects.filter(subscriber__email="maelle.kerdraon@example.org").exists()


def test_a_reader_who_was_erased_does_not_come_back(mailbox: Mailbox) -> None:
    load()
    services.erase(subscriber=reader(PLAINEST), now=NOW)

    report = load(days=1)

    assert report.new_readers == 0
    assert not Subscriber.objects.filter(email=PLAINEST).exists()


def test_a_changed_preference_survives_the_next_start(mailbox: Mailbox) -> None:
    load()
    services.unsubscribe(subscriber=reader(LINGUIST), now=NOW)

    load(days=1)

    assert reader(LINGUIST).status == Subscriber.Status.UNSUBSCRIBED


def test_there_is_a_staff_user_whose_later_password_is_kept(mailbox: Mailbox) -> None:
    load()
    admin = get_user_model().objects.get(username="admin")
    was_admin = admin.check_password("admin") and admin.is_superuser
    admin.set_password("something else")
    admin.save()

    load(days=1)

    admin.refresh_from_db()
    assert was_admin
    assert admin.check_password("something else")


def test_the_staff_user_has_an_address_to_which_a_copy_of_a_digest_can_go(mailbox: Mailbox) -> None:
    load()

    assert get_user_model().objects.get(username="admin").email == "admin@example.org"
