"""The reader's part of a story: what they did, why they may not be mailed, when the next mail is due."""

from collections.abc import Iterator

from digest.mail.story.facts import Facts
from digest.mail.story.sentence import Sentence, ended, utc
from subscriptions.models import ConsentEvent, OutgoingMail, SoftBounce, Subscriber, Suppression
from subscriptions.services.suppression import WAITS

Kind = ConsentEvent.Kind
HISTORY: dict[str, str] = {
    Kind.REQUESTED: "Somebody asked to subscribe this address.",
    Kind.CONFIRMED: "The address was confirmed.",
    Kind.IMPORTED: "Staff imported the address as one that had agreed.",
    Kind.ADDRESS_CHANGED: "The reader changed their address.",
    Kind.UNSUBSCRIBED: "The reader unsubscribed.",
    Kind.RETURNED: "The reader came back from the page that says good-bye.",
    Kind.ERASED: "The reader had everything about them deleted; this proof of consent is all that is kept.",
    Kind.SUPPRESSED: "The address was suppressed: no mail goes to it.",
    Kind.UNSUPPRESSED: "The suppression was lifted: mail goes to the address again, from the next digest on.",
}
"""What of the consent history has to do with getting mail."""

MOVED = {
    "Moved away": "The reader moved the subscription away from an address; mail goes to the new one since.",
    "Moved here": "The reader moved the subscription to their present address.",
}
LETTERS: dict[str, str] = {
    OutgoingMail.Status.QUEUED: "The mail that asks for confirmation waits to be sent.",
    OutgoingMail.Status.SENDING: "The mail that asks for confirmation is being handed over.",
    OutgoingMail.Status.SENT: "The mail that asks for confirmation was sent, and nobody has answered it.",
    OutgoingMail.Status.FAILED: "The mail that asks for confirmation could not be sent.",
}


def history(*, known: Facts) -> Iterator[Sentence]:
    """Tell what the reader, or somebody in their name, did."""
    for event in known.consent:
        words = MOVED.get(event.wording) if event.kind == Kind.ADDRESS_CHANGED else None
        if event.kind in HISTORY and event.at <= known.now:
            yield Sentence(at=event.at, words=words or HISTORY[event.kind])


def standing(*, known: Facts) -> Iterator[Sentence]:
    """Tell who has the address now, and what keeps mail from it whatever the day."""
    yield from _nobody(known) if known.reader is None else _status(known.reader, known)
    if known.suppression is not None:
        yield _suppressed(known.suppression)
    if known.soft_bounce is not None:
        yield _came_back(known.soft_bounce, known)


def next_mail(*, known: Facts) -> Iterator[Sentence]:
    """Tell when the next digest is due, if one is."""
    reader = known.reader
    if reader is None or reader.status != Subscriber.Status.ACTIVE or reader.next_digest_at is None:
        return
    if reader.next_digest_at <= known.now:
        yield Sentence(at=known.now, words=_waits(reader))
    elif known.suppression is None or known.suppression.lifted_at is not None:
        paused = f", but not before {reader.paused_until}: they asked for a pause" if reader.paused_until else ""
        yield Sentence(at=reader.next_digest_at, words=f"The reader's next digest is due then{paused}.")


def _nobody(known: Facts) -> Iterator[Sentence]:
    kinds = {event.kind for event in known.consent}
    if Kind.ERASED in kinds:
        words = "Nobody has this address here now, so nothing is mailed to it and no digest of it is kept."
    elif Kind.ADDRESS_CHANGED in kinds:
        numbers = sorted({event.subscriber_id for event in known.consent if event.subscriber_id})
        whom = f" Ask about reader {', '.join(map(str, numbers))} in the admin." if numbers else ""
        words = f"Nobody has this address here now: its reader has another one.{whom}"
    elif known.consent:
        words = "Nobody has this address here now, so nothing is mailed to it: who asked for it never confirmed."
    else:
        words = "Nobody has this address here, and nothing is known of it: was another address given at the sign-up?"
    yield Sentence(at=known.now, words=words)


def _status(reader: Subscriber, known: Facts) -> Iterator[Sentence]:
    if reader.status == Subscriber.Status.PENDING:
        yield Sentence(at=known.now, words="The address is not confirmed, so no digest is mailed to it.")
        for letter in known.letters:
            reason = f" {ended(letter.error)}" if letter.error else ""
            yield Sentence(at=letter.sent_at or letter.created_at, words=f"{LETTERS[letter.status]}{reason}")
    if reader.status == Subscriber.Status.UNSUBSCRIBED:
        at = reader.unsubscribed_at or known.now
        words = "The reader is unsubscribed: nothing is mailed unless they subscribe and confirm anew."
        yield Sentence(at=at, words=words)


def _waits(reader: Subscriber) -> str:
    since = utc(reader.next_digest_at) if reader.next_digest_at else "some time ago"
    return f"A digest is due since {since} and not planned yet. If it stays so, look at beat and the workers."


def _suppressed(stop: Suppression) -> Sentence:
    reason = f"{stop.get_reason_display().lower()}{f' ({stop.detail})' if stop.detail else ''}"
    words = f"The address is suppressed since then: {ended(reason)} No mail goes to it until that is lifted."
    if stop.lifted_at is not None:
        words = f"The address was suppressed until {utc(stop.lifted_at)}: {ended(reason)}"
    return Sentence(at=stop.created_at, words=words)


def _came_back(bounce: SoftBounce, known: Facts) -> Sentence:
    """Tell of a wait after soft bounces, one that is over too: the next one is twice as long."""
    reason = f" ({bounce.detail})" if bounce.detail else ""
    waits = bounce.waits_until > known.now
    left = f"The address is left alone until {utc(bounce.waits_until)}"
    if not waits:
        left = f"The address was left alone until {utc(bounce.waits_until)}, and nothing is known to have arrived since"
    number = f"this is wait {bounce.times} of {len(WAITS)}, then it is suppressed"
    return Sentence(at=bounce.last_at, words=f"A mail came back for now{reason}. {left}; {number}.")
