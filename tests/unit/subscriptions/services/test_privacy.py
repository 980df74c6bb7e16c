"""A copy of everything that is held, and its deletion."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.apps import apps

from subscriptions import services
from subscriptions.errors import ReaderGone
from subscriptions.models import ConsentEvent, LibraryPaper, OutgoingMail, Subscriber, Suppression
from subscriptions.selectors import is_suppressed
from subscriptions.types import SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(make_reader: Callable[..., Subscriber], now: datetime) -> Subscriber:
    """A reader of whom something is held in every table."""
    reader = make_reader(email="ada@example.org", profiles=[{"name": "Graphs", "likes": ["2406.01234"]}])
    OutgoingMail.objects.create(subscriber=reader, kind="manage", not_before=now, created_at=now)
    ConsentEvent.objects.create(
        subscriber=reader,
        address_key=reader.address_key,
        kind=ConsentEvent.Kind.REQUESTED,
        wording="I agree",
        network_key="network",
        at=now,
    )
    return reader


def test_the_copy_holds_everything_and_is_ready_for_json(reader: Subscriber, now: datetime) -> None:
    copy = json.loads(json.dumps(services.export(subscriber=reader, now=now)))

    assert copy["reader"]["email"] == "ada@example.org"
    assert copy["interests"][0]["name"] == "Graphs"
    assert copy["interests"][0]["papers"][0]["value"] == "2406.01234"
    assert [event["kind"] for event in copy["consent"]] == ["requested", "exported"]
    assert copy["mails_about_the_subscription"][0]["kind"] == "manage"


def test_times_in_the_copy_are_iso_dates_in_utc(reader: Subscriber, now: datetime) -> None:
    copy = services.export(subscriber=reader, now=now)

    assert copy["exported_at"] == "2026-06-09T08:00:00+00:00"
    assert copy["reader"]["next_digest_at"] == "2026-06-09T08:00:00+00:00"


def test_no_field_about_a_reader_is_left_out_of_the_copy(reader: Subscriber, now: datetime) -> None:
    ours_alone = {"id", "public_id", "email_normalised", "address_key", "link_epoch", "confirm_epoch", "feed_epoch"}

    copy = services.export(subscriber=reader, now=now)

    held = {field.name for field in Subscriber._meta.concrete_fields}
    assert held - ours_alone == copy["reader"].keys()


def test_no_field_about_a_named_paper_is_left_out_of_the_copy(reader: Subscriber, now: datetime) -> None:
    copy = services.export(subscriber=reader, now=now)

    held = {field.name for field in LibraryPaper._meta.concrete_fields}
    assert held - {"id", "profile"} == copy["interests"][0]["papers"][0].keys()


def test_the_copy_holds_nothing_about_anybody_else(
    reader: Subscriber, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    make_reader(email="eve@example.org", profiles=[{"name": "Secrets"}])

    copy = json.dumps(services.export(subscriber=reader, now=now))

    assert "eve@" not in copy
    assert "Secrets" not in copy


def test_asking_for_a_copy_twice_gives_the_same_and_records_both(reader: Subscriber, now: datetime) -> None:
    first = services.export(subscriber=reader, now=now)

    second = services.export(subscriber=reader, now=now)

    assert {**first, "consent": []} == {**second, "consent": []}
    assert len(second["consent"]) == len(first["consent"]) + 1


def test_a_copy_asked_for_while_everything_is_deleted_is_refused(reader: Subscriber, now: datetime) -> None:
    seen_before = Subscriber.objects.get()
    services.erase(subscriber=reader, now=now)

    with pytest.raises(ReaderGone):
        services.export(subscriber=seen_before, now=now)


def test_after_an_erasure_no_table_names_the_reader(reader: Subscriber, now: datetime) -> None:
    services.erase(subscriber=reader, now=now)

    tables = [model for model in apps.get_models() if model._meta.app_label in {"subscriptions", "digest"}]
    left = [str(row) for model in tables for row in model._default_manager.values()]
    assert "ada@" not in "".join(left)
    assert "network_key': 'network'" not in "".join(left)
    assert (Subscriber.objects.count(), LibraryPaper.objects.count(), OutgoingMail.objects.count()) == (0, 0, 0)


def test_the_proof_of_consent_stays_under_the_hash(reader: Subscriber, now: datetime) -> None:
    services.erase(subscriber=reader, now=now)

    events = ConsentEvent.objects.filter(subscriber=None).order_by("pk").values_list("kind", "address_key")
    assert list(events) == [("requested", reader.address_key), ("erased", reader.address_key)]


def test_erasing_twice_is_erasing_once(reader: Subscriber, now: datetime) -> None:
    again = Subscriber.objects.get()
    services.erase(subscriber=reader, now=now)

    services.erase(subscriber=again, now=now)

    assert ConsentEvent.objects.filter(kind=ConsentEvent.Kind.ERASED).count() == 1


def test_an_erased_person_can_sign_up_again(reader: Subscriber, now: datetime) -> None:
    services.erase(subscriber=reader, now=now)

    services.sign_up(form=SignUp(email="ada@example.org"), network="n", wording="", now=now)

    assert not Suppression.objects.exists()
    assert Subscriber.objects.get().status == Subscriber.Status.PENDING


def test_a_suppression_outlives_the_erasure(reader: Subscriber, now: datetime) -> None:
    services.suppress(address_key=reader.address_key, reason="complaint", detail="", now=now)

    services.erase(subscriber=reader, now=now)

    assert is_suppressed(address_key=reader.address_key)
