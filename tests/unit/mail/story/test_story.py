"""The story of a reader's day: every reason for which there can be no mail, told from the rows."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.mail.story import tell_by_address, tell_by_reader
from digest.mail.story.of_mail import ENDS
from digest.models import Delivery, DeliveryEvent, Digest, IngestRun
from subscriptions import services
from subscriptions.errors import InvalidAddress
from subscriptions.models import ConsentEvent, OutgoingMail, Subscriber, Suppression
from tests.builders import NOW, make_paper, make_reader
from tests.unit.mail.rows import TODAY, make_delivery

pytestmark = pytest.mark.django_db

ADDRESS = "ada@example.org"
HOUR = timedelta(hours=1)


def story_of(reader: Subscriber, *, day: date | None = None, now: datetime = NOW) -> str:
    return "\n".join(sentence.words for sentence in tell_by_reader(reader=reader, day=day, now=now))


def story_at(address: str = ADDRESS, *, now: datetime = NOW) -> str:
    return "\n".join(sentence.words for sentence in tell_by_address(address=address, day=None, now=now))


def make_event(delivery: Delivery, *, kind: str, **fields: Any) -> DeliveryEvent:
    number = DeliveryEvent.objects.count()
    moments = {"at": NOW + HOUR, "received_at": NOW + HOUR}
    return DeliveryEvent.objects.create(
        key=f"test:{number}", delivery=delivery, kind=kind, provider="test", **{**moments, **fields}
    )


def make_digest(reader: Subscriber, **fields: Any) -> Digest:
    window = {"window_start": NOW - timedelta(days=1), "window_end": NOW, "horizon_days": 7, "planned_at": NOW}
    return Digest.objects.create(subscriber=reader, digest_date=TODAY, **{**window, **fields})


# --- nobody has the address -----------------------------------------------------------------


def test_an_address_that_never_came_up_is_said_to_be_unknown() -> None:
    assert "nothing is known of it" in story_at()


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        story_at("no address")


def test_an_erased_reader_is_told_from_the_proof_of_consent_alone() -> None:
    services.erase(subscriber=make_reader(email=ADDRESS), now=NOW - HOUR)

    told = story_at()

    assert "had everything about them deleted" in told
    assert "no digest of it is kept" in told


def test_a_suppression_is_told_though_its_reader_is_gone() -> None:
    reader = make_reader(email=ADDRESS)
    services.suppress(address_key=reader.address_key, reason=Suppression.Reason.COMPLAINT, detail="", now=NOW - HOUR)
    services.erase(subscriber=reader, now=NOW - HOUR)

    assert "suppressed since then: the reader marked a mail as spam." in story_at()


def test_a_former_address_leads_to_the_reader_by_number() -> None:
    reader = make_reader(email="new@example.org")
    old = make_reader(email=ADDRESS)
    key = old.address_key
    old.delete()
    ConsentEvent.objects.create(
        subscriber=reader, address_key=key, kind="address_changed", wording="Moved away", at=NOW - HOUR
    )

    told = story_at()

    assert "its reader has another one" in told
    assert f"reader {reader.pk}" in told
    assert "new@example.org" not in told


# --- not planned ----------------------------------------------------------------------------


def test_an_unconfirmed_address_is_told_with_what_became_of_its_mail() -> None:
    reader = make_reader(status=Subscriber.Status.PENDING, confirmed_at=None, next_digest_at=None)
    OutgoingMail.objects.create(
        subscriber=reader, kind="confirm", status="failed", error="no such mailbox", not_before=NOW, created_at=NOW
    )

    told = story_of(reader)

    assert "The address is not confirmed, so no digest is mailed to it." in told
    assert "could not be sent. no such mailbox." in told


def test_a_reader_who_left_is_told_since_when() -> None:
    reader = make_reader(email=ADDRESS)
    services.unsubscribe(subscriber=reader, now=NOW - HOUR)

    sentences = tell_by_address(address=ADDRESS, day=None, now=NOW)

    assert [each.at for each in sentences if "is unsubscribed: nothing is mailed" in each.words] == [NOW - HOUR]


def test_a_pause_is_told_until_when() -> None:
    told = story_of(make_reader(paused_until=TODAY + timedelta(days=3), next_digest_at=NOW + HOUR))

    assert "asked for a pause until 2026-06-12" in told


def test_the_day_before_a_pause_ends_is_paused_and_its_last_day_is_not() -> None:
    reader = make_reader(paused_until=TODAY, next_digest_at=NOW + 24 * HOUR)

    assert "asked for a pause" in story_of(reader, day=TODAY - timedelta(days=1))
    assert "was planned: the reader asked for a pause" not in story_of(reader, day=TODAY)


def test_a_day_that_the_reader_did_not_choose_is_told_with_those_they_did() -> None:
    reader = make_reader(cadence="chosen", weekdays=[0, 3], next_digest_at=NOW + 48 * HOUR)

    assert "none of the reader's days (Monday, Thursday)" in story_of(reader)


def test_an_hour_that_has_not_come_is_told_in_the_readers_zone() -> None:
    reader = make_reader(timezone="America/New_York", hour=8, next_digest_at=NOW + 4 * HOUR)

    assert "it comes at 08:00 in America/New_York (2026-06-09 12:00 UTC)" in story_of(reader)


def test_a_reader_who_confirmed_after_the_hour_waits_for_the_next_day() -> None:
    reader = make_reader(confirmed_at=NOW + HOUR, next_digest_at=NOW + 24 * HOUR)

    assert "confirmed only after 08:00 in UTC" in story_of(reader, now=NOW + 2 * HOUR)


def test_a_due_reader_whom_nobody_planned_points_at_beat() -> None:
    told = story_of(make_reader(next_digest_at=NOW - HOUR))

    assert "nobody has planned it yet" in told
    assert "look at beat and the workers" in told


# --- planned and built ----------------------------------------------------------------------


def test_a_digest_that_waits_for_its_papers_is_told_and_blamed_when_it_waits_too_long() -> None:
    reader = make_reader(next_digest_at=NOW + 24 * HOUR)
    make_digest(reader)

    assert "waits for a worker to choose its papers" in story_of(reader, now=NOW + timedelta(minutes=12))
    assert "look at the workers" in story_of(reader, now=NOW + timedelta(minutes=13))


def test_an_empty_digest_says_why_and_that_no_note_was_asked_for() -> None:
    reader = make_reader(next_digest_at=NOW + 24 * HOUR)
    make_digest(reader, status="empty", empty_reason="arXiv announces nothing on Sundays.", built_at=NOW)

    told = story_of(reader)

    assert "There was nothing to mail. arXiv announces nothing on Sundays. No mail was made of it" in told


def test_a_built_digest_says_how_many_papers_were_news_and_how_many_were_chosen() -> None:
    reader = make_reader(profiles=[{"name": "A"}, {"name": "B", "active": False}])
    chosen, _ = make_paper(), make_paper()
    make_paper(submitted_at=NOW - timedelta(days=9))  # too old to be news
    make_paper(seen=NOW - timedelta(days=2))  # in an earlier digest's window
    make_delivery(reader=reader, papers=[chosen])

    assert "2 papers were news; 1 matched (1 interest of the reader, 1 paused), and 0 trending" in story_of(reader)


def test_a_source_that_was_down_is_named_with_its_last_error() -> None:
    reader = make_reader()
    make_delivery(reader=reader)
    for hours, error in ((3, "timed out"), (2, ""), (1, "the server answered 503")):
        at = NOW - hours * HOUR
        IngestRun.objects.create(source="arxiv", started_at=at, finished_at=at, error=error)

    assert "arxiv could not be read 2 of 3 times; the last: the server answered 503." in story_of(reader)


# --- the mail -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "queued"}, "The mail waits for a worker."),
        (
            {"status": "queued", "attempts": 2, "error": "451 try later", "retry_at": NOW + HOUR},
            "2 attempts so far: 451 try later. It is tried again from 2026-06-09 09:00 UTC on.",
        ),
        (
            {"status": "sending", "attempts": 1, "provider": "smtp"},
            "A worker took it to hand it over to smtp; attempt 1.",
        ),
        (
            {"status": "sent", "provider": "smtp", "provider_message_id": "<1@x>"},
            "(smtp) took the mail. It calls it <1@x>.",
        ),
        ({"status": "failed", "error": "550 no such user"}, "failed for good: 550 no such user. It is not tried again"),
        ({"status": "unknown", "error": "its worker died"}, "Nobody knows whether the mail left: its worker died."),
        (
            {"status": "suppressed", "error": "the reader asked for a pause"},
            "was not sent: the reader asked for a pause.",
        ),
    ],
)
def test_each_place_of_a_mail_is_told(fields: dict[str, Any], words: str) -> None:
    reader = make_reader()
    make_delivery(reader=reader, **fields)

    assert words in story_of(reader)


def test_every_status_of_a_mail_has_words_of_its_own() -> None:
    assert set(Delivery.Status.values) <= set(ENDS)


def test_a_mail_whose_worker_died_is_told_as_such_after_the_claims_time() -> None:
    reader = make_reader()
    make_delivery(reader=reader, status="sending", claimed_at=NOW)

    assert "on its way just now" in story_of(reader, now=NOW + timedelta(minutes=15))
    assert "Its worker has died" in story_of(reader, now=NOW + timedelta(minutes=15, seconds=1))


def test_the_providers_events_come_last_in_the_order_in_which_they_happened() -> None:
    reader = make_reader(next_digest_at=NOW + 24 * HOUR)
    delivery = make_delivery(reader=reader, status="sent", provider="postmark")
    make_event(delivery, kind="complained", at=NOW + 3 * HOUR)
    make_event(delivery, kind="delivered", at=NOW + HOUR, detail="250 OK")

    story = tell_by_reader(reader=reader, day=None, now=NOW + 4 * HOUR)

    assert [sentence.words.partition(":")[0] for sentence in story][-3:] == [
        "The receiving server took the mail",
        "The reader, or their mail program, marked the mail as spam.",
        "The reader's next digest is due then.",
    ]


def test_an_event_of_an_unheard_of_kind_is_told_by_its_name() -> None:
    reader = make_reader()
    make_event(make_delivery(reader=reader, status="sent"), kind="evaporated")

    assert "The provider says “evaporated” of the mail." in story_of(reader)


def test_a_suppressed_reader_has_no_next_digest() -> None:
    reader = make_reader(next_digest_at=NOW + 24 * HOUR)
    services.suppress(
        address_key=reader.address_key, reason=Suppression.Reason.HARD_BOUNCE, detail="550 5.1.1", now=NOW - HOUR
    )

    told = story_of(reader)

    assert "suppressed since then: the address does not exist (550 5.1.1)." in told
    assert "next digest is due" not in told


# --- of all of them -------------------------------------------------------------------------


def test_telling_asks_the_same_number_of_queries_however_much_there_is_to_tell() -> None:
    quiet, busy = make_reader(), make_reader(profiles=[{"name": "A"}, {"name": "B"}])
    make_delivery(reader=quiet)
    delivery = make_delivery(reader=busy, papers=[make_paper() for _ in range(9)], status="sent")
    for _ in range(9):
        make_event(delivery, kind="deferred")
        IngestRun.objects.create(source="arxiv", started_at=NOW - HOUR, error="timed out")

    with CaptureQueriesContext(
        connection,
    ) as few:
        tell_by_reader(reader=quiet, day=None, now=NOW)
    with CaptureQueriesContext(connection) as many:
        tell_by_reader(reader=busy, day=None, now=NOW)

    assert len(many) == len(few) <= 12


def test_no_sentence_holds_the_address_and_telling_writes_nothing() -> None:
    reader = make_reader(email=ADDRESS)
    make_delivery(reader=reader, status="sent")
    before = Subscriber.objects.values().get()

    told = story_at()

    assert ADDRESS not in told
    assert Subscriber.objects.values().get() == before
