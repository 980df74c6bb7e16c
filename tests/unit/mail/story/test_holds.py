"""What holds a mail back though nobody failed: the brake, limits, pauses, a wait of the address; who sent instead."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from digest.mail.counters import counters
from digest.mail.limits import Limits, Provider
from digest.mail.story import tell_by_reader
from digest.mail.throttle import begin_day, hear, take
from digest.models import Delivery, SendingStop
from subscriptions import services
from subscriptions.models import SoftBounce, Subscriber, Suppression
from subscriptions.services.suppression import WAITS
from tests.builders import NOW, make_reader
from tests.servers import free_port
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SMTP = Provider(name="smtp", backend="", limits=Limits())


@pytest.fixture(autouse=True)
def _provider(settings: LazySettings) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_FALLBACK, settings.REDIS_URL = "smtp", None, ""
    settings.EMAIL_LIMITS = Limits()


def story_of(delivery: Delivery) -> str:
    reader = delivery.digest.subscriber
    return "\n".join(sentence.words for sentence in tell_by_reader(reader=reader, day=None, now=NOW))


def make_stop(**fields: object) -> SendingStop:
    standing = {"kind": "bounces", "reason": "90 of 100 mails came back.", "pulled_at": NOW - HOUR}
    return SendingStop.objects.create(**{**standing, **fields})


def hand_over(n: int) -> None:
    """Count so many mails of today for the main provider."""
    counters().change(lambda page: begin_day(page=page, day=NOW.date(), handed={"smtp": n}))


def fail(n: int) -> None:
    """Let so many hand-overs fail for the provider's own fault."""
    for _ in range(n):
        counters().change(lambda page: hear(page=page, provider=SMTP, went_well=False, now=NOW))


# --- the emergency brake --------------------------------------------------------------------


def test_a_standing_brake_is_told_with_its_reason_and_who_lifts_it() -> None:
    make_stop()

    told = story_of(make_delivery())

    assert "The emergency brake is on since then: 90 of 100 mails came back. No digest is sent until staff" in told
    assert "The mail waits for its turn." in told
    assert "look at the workers" not in told


def test_a_brake_that_held_the_mail_and_was_lifted_is_told_from_both_ends() -> None:
    make_stop(pulled_at=NOW - 2 * HOUR, lifted_at=NOW - HOUR, lifted_by="grace")
    delivery = make_delivery(created_at=NOW - 3 * HOUR, status="sent", claimed_at=NOW, sent_at=NOW)

    story = {each.words: each.at for each in tell_by_reader(reader=delivery.digest.subscriber, day=None, now=NOW)}

    assert story["The emergency brake was pulled, so mails had to wait: 90 of 100 mails came back."] == NOW - 2 * HOUR
    assert story["Staff (grace) lifted the emergency brake: mails left again."] == NOW - HOUR


@pytest.mark.parametrize("field", ["pulled after it had left", "lifted before it was made"])
def test_a_brake_that_did_not_touch_the_mail_is_not_told(field: str) -> None:
    if field.startswith("pulled"):
        make_stop(pulled_at=NOW)
    else:
        make_stop(pulled_at=NOW - 5 * HOUR, lifted_at=NOW - 3 * HOUR)
    before = NOW - HOUR
    delivery = make_delivery(created_at=NOW - 2 * HOUR, status="sent", claimed_at=before, sent_at=before)

    assert "brake" not in story_of(delivery)


def test_what_staff_wrote_for_a_reason_names_no_address() -> None:
    make_stop(kind="by_hand", reason="ada@example.org complained")

    assert "ada@example.org" not in story_of(make_delivery())


# --- limits and pauses, as they are now -----------------------------------------------------


def test_a_provider_that_is_paused_is_told_with_its_errors_and_when_it_is_tried() -> None:
    fail(5)

    told = story_of(make_delivery())

    assert "smtp is paused after 5 errors in a row; one mail tries it out from 2026-06-09 08:01 UTC on." in told


def test_one_error_less_is_no_pause() -> None:
    fail(4)

    told = story_of(make_delivery())

    assert "is paused" not in told
    assert "The mail waits for a worker." in told


def test_a_day_that_is_used_up_is_told_with_its_numbers(settings: LazySettings) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=20)
    hand_over(20)

    told = story_of(make_delivery())

    assert "smtp was given 20 mails today, and 20 is the most: its limit." in told
    assert "The rest leaves from 2026-06-10 00:00 UTC on." in told


def test_a_day_with_room_for_one_more_holds_nothing(settings: LazySettings) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=20)
    hand_over(19)

    assert "is the most" not in story_of(make_delivery())


def test_a_domain_that_is_warmed_up_is_told_as_such(settings: LazySettings) -> None:
    settings.EMAIL_LIMITS = Limits(per_day=1000, warm_up_from=date(2026, 6, 8), warm_up=(10, 30))
    hand_over(30)

    told = story_of(make_delivery())

    assert "30 is the most: its sending domain is new and warmed up slowly since 2026-06-08." in told


def test_a_pace_that_others_have_taken_the_turns_of_is_told(settings: LazySettings) -> None:
    settings.EMAIL_LIMITS = Limits(per_second=1)
    provider = Provider(name="smtp", backend="", limits=settings.EMAIL_LIMITS)
    hand_over(0)
    counters().change(lambda page: setattr(page, "ceiling", 99))
    counters().change(lambda page: take(page=page, provider=provider, most=1, now=NOW))

    assert "smtp is given 1 mail a second at most" in story_of(make_delivery())


def test_redis_that_cannot_be_reached_is_told(settings: LazySettings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert "Redis, which counts what may leave, cannot be reached" in story_of(make_delivery())


def test_a_mail_that_has_left_is_not_told_how_providers_are_now() -> None:
    fail(5)

    assert "is paused" not in story_of(make_delivery(status="sent"))


def test_telling_changes_no_number() -> None:
    fail(5)
    before = counters().read()

    story_of(make_delivery())

    assert counters().read() == before


# --- the fall-back --------------------------------------------------------------------------


def test_the_fall_back_that_takes_over_is_named(settings: LazySettings) -> None:
    settings.EMAIL_FALLBACK = Provider(name="postmark", backend="")
    fail(5)

    assert "postmark sends in its place." in story_of(make_delivery())


def test_a_mail_that_the_fall_back_sent_says_so(settings: LazySettings) -> None:
    settings.EMAIL_FALLBACK = Provider(name="postmark", backend="")
    sent: dict[str, Any] = {"status": "sent", "claimed_at": NOW, "attempts": 1}
    by_main, by_other = (make_delivery(provider=name, **sent) for name in ("smtp", "postmark"))

    assert "to postmark, the fall-back: smtp was paused, or its day was used up; attempt 1." in story_of(by_other)
    assert "the fall-back" not in story_of(by_main)


# --- the address ----------------------------------------------------------------------------


def test_an_address_that_waits_after_soft_bounces_is_told_until_when_and_after_how_many() -> None:
    reader = make_reader()
    services.note_soft_bounce(address_key=reader.address_key, detail="452 4.2.2 full", now=NOW - HOUR)

    told = story_of(make_delivery(reader=reader))

    assert "A mail came back for now (452 4.2.2 full). The address is left alone until 2026-06-09 09:00 UTC" in told
    assert f"this is wait 1 of {len(WAITS)}, then it is suppressed." in told


def test_a_wait_that_is_over_is_told_as_past() -> None:
    reader = make_reader()
    services.note_soft_bounce(address_key=reader.address_key, detail="", now=NOW - WAITS[0])
    row = SoftBounce.objects.get()

    told = story_of(make_delivery(reader=reader))

    assert row.waits_until == NOW
    assert "The address was left alone until 2026-06-09 08:00 UTC" in told
    assert "The mail waits for a worker." in told


def lifted(reader: Subscriber) -> None:
    services.suppress(
        address_key=reader.address_key, reason=Suppression.Reason.HARD_BOUNCE, detail="550 5.1.1", now=NOW - 2 * HOUR
    )
    services.lift_suppression(address_key=reader.address_key, now=NOW - HOUR)


def test_a_suppression_that_was_lifted_is_told_with_what_it_was_and_what_follows() -> None:
    reader = make_reader(next_digest_at=NOW + 24 * HOUR)
    lifted(reader)

    told = story_of(make_delivery(reader=reader))

    assert "was suppressed until 2026-06-09 07:00 UTC: the address does not exist (550 5.1.1)." in told
    assert "The suppression was lifted: mail goes to the address again, from the next digest on." in told
    assert "The reader's next digest is due then." in told
