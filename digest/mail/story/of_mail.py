"""The mail's part of a story: queued, claimed, handed over, what the provider answered, and what it said later."""

from collections.abc import Callable, Iterator

from django.conf import settings

from digest.mail.ledger import CLAIM_TIMEOUT
from digest.mail.story.facts import Facts
from digest.mail.story.sentence import Sentence, counted, ended, utc
from digest.models import Delivery, DeliveryEvent

Status = Delivery.Status
PROVIDER_CHARS = 32  # of a name on the row

EVENTS = {
    "queued": "The provider says that it has queued the mail",
    "sent": "The provider says that it has sent the mail on",
    "delivered": "The receiving server took the mail: if it is not seen, it is in another folder, or held back there",
    "deferred": "The receiving server did not take the mail yet; the provider tries again by itself",
    "bounced": "The receiving server refused the mail",
    "rejected": "The provider refused the mail",
    "failed": "The provider could not send the mail",
    "complained": "The reader, or their mail program, marked the mail as spam",
    "unsubscribed": "The provider says that the reader unsubscribed",
    "autoresponded": "An automatic answer came back: the mail has arrived",
}
"""What the provider's events mean, by kind; another kind is told by its name."""


def sending(*, known: Facts) -> Iterator[Sentence]:
    """Tell the way of the mail so far, and what will become of it."""
    delivery = known.delivery
    if delivery is None:
        return
    yield Sentence(at=delivery.created_at, words="A mail was made of it, and queued.")
    if delivery.claimed_at is not None:
        yield Sentence(at=delivery.claimed_at, words=_claim(delivery))
    yield _now_or_end(delivery, known)
    yield from (Sentence(at=event.at, words=_event(event)) for event in known.events)


def _claim(delivery: Delivery) -> str:
    to = f" to hand it over to {delivery.provider}{_as_fallback(delivery)}" if delivery.provider else ""
    return f"A worker took it{to}; attempt {max(delivery.attempts, 1)}."


def _as_fallback(delivery: Delivery) -> str:
    """Say so when the fall-back of the present settings sent."""
    fallback = settings.EMAIL_FALLBACK
    if fallback is None or delivery.provider != fallback.name[:PROVIDER_CHARS]:
        return ""
    return f", the fall-back: {settings.EMAIL_PROVIDER} was paused, or its day was used up"


def _now_or_end(delivery: Delivery, known: Facts) -> Sentence:
    tell = ENDS.get(delivery.status)
    if tell is not None:
        return tell(delivery, known)
    words = f"The mail is {delivery.get_status_display().lower()}{_because(delivery)}."
    return Sentence(at=delivery.claimed_at or delivery.created_at, words=words)


def _queued(delivery: Delivery, known: Facts) -> Sentence:
    if delivery.error:
        tried = f"{counted(delivery.attempts, 'attempt')} so far{_because(delivery)}."
        again = f" It is tried again from {utc(delivery.retry_at)} on." if delivery.retry_at else ""
        return Sentence(at=known.now, words=f"The mail was not taken yet, and waits: {tried}{again}")
    if known.is_held:
        return Sentence(at=known.now, words="The mail waits for its turn.")
    return Sentence(at=known.now, words="The mail waits for a worker. If it stays so, look at the workers.")


def _sending(delivery: Delivery, known: Facts) -> Sentence:
    late = delivery.claimed_at is not None and known.now - delivery.claimed_at > CLAIM_TIMEOUT
    words = (
        "Its worker has died, it seems: a sweep will call the mail unknown." if late else "It is on its way just now."
    )
    return Sentence(at=known.now, words=words)


def _sent(delivery: Delivery, known: Facts) -> Sentence:
    number = f" It calls it {delivery.provider_message_id}." if delivery.provider_message_id else ""
    words = f"The provider ({delivery.provider or 'not written down'}) took the mail.{number}"
    if not known.events:
        words += " Nothing was heard of it since; if it is missed, ask the provider about it, and look among spam."
    return Sentence(at=delivery.sent_at or known.now, words=words)


def _failed(delivery: Delivery, _: Facts) -> Sentence:
    at = delivery.sent_at or delivery.claimed_at or delivery.created_at
    words = f"The mail failed for good{_because(delivery)}. It is not tried again; the next digest is a new mail."
    return Sentence(at=at, words=words)


def _unknown(delivery: Delivery, known: Facts) -> Sentence:
    words = (
        f"Nobody knows whether the mail left{_because(delivery)}. It is never sent again by itself: an event of the "
        "provider settles it, or staff in the admin, under deliveries."
    )
    return Sentence(at=delivery.claimed_at or known.now, words=words)


def _suppressed(delivery: Delivery, _: Facts) -> Sentence:
    words = f"The mail was not sent{_because(delivery)}."
    return Sentence(at=delivery.claimed_at or delivery.created_at, words=words)


def _rehearsed(delivery: Delivery, _: Facts) -> Sentence:
    at = delivery.claimed_at or delivery.created_at
    return Sentence(at=at, words="The mail was only rehearsed: it was written and handed to nobody.")


def _expired(delivery: Delivery, _: Facts) -> Sentence:
    at = delivery.claimed_at or delivery.created_at
    words = f"The mail was dropped, as its day was over before it could be handed over{_because(delivery)}."
    return Sentence(at=at, words=words)


def _because(delivery: Delivery) -> str:
    return f": {delivery.error.rstrip('.')}" if delivery.error else ""


def _event(event: DeliveryEvent) -> str:
    words = EVENTS.get(event.kind, f"The provider says “{event.kind}” of the mail")
    return ended(f"{words}: {event.detail}" if event.detail else words)


ENDS: dict[str, Callable[[Delivery, Facts], Sentence]] = {
    Status.QUEUED: _queued,
    Status.SENDING: _sending,
    Status.SENT: _sent,
    Status.FAILED: _failed,
    Status.UNKNOWN: _unknown,
    Status.SUPPRESSED: _suppressed,
    Status.EXPIRED: _expired,
    Status.REHEARSED: _rehearsed,
}
"""How each status is told; one that is not here is told by its own name and reason."""
