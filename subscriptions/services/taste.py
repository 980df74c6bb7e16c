"""May a reader's likes help to rank papers for others? They are asked, and the proof of their answer is kept."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from subscriptions.models import ConsentEvent, Subscriber
from subscriptions.services.reader import locked, record

Kind = ConsentEvent.Kind
ANSWERS = (Kind.TASTE_SHARED, Kind.TASTE_WITHDRAWN)


def share_taste(*, subscriber: Subscriber, shares: bool, wording: str, now: datetime) -> None:
    """Write down a reader's answer, and the words that they were shown. The same answer again changes nothing.

    Raises: ReaderGone.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        if reader.shares_taste == shares:
            return
        reader.shares_taste = shares
        reader.save(update_fields=["shares_taste"])
        record(subscriber=reader, kind=_answer(shares=shares), now=now, wording=wording)


def import_answers(*, said: Mapping[Subscriber, bool], wording: str, now: datetime) -> None:
    """Write down what a file says for many saved readers, with a fixed number of queries.

    A file may take a consent back at any time, and brings one only of a reader who has never answered: it must not
    turn on again what somebody has turned off.
    """
    if not said:
        return
    answers = ConsentEvent.objects.filter(subscriber__in=[reader.pk for reader in said], kind__in=ANSWERS)
    answered = set(answers.values_list("subscriber_id", flat=True))
    changed = [
        reader
        for reader, shares in said.items()
        if reader.shares_taste != shares and not (shares and reader.pk in answered)
    ]
    for reader in changed:
        reader.shares_taste = said[reader]
    Subscriber.objects.bulk_update(changed, ["shares_taste"])
    ConsentEvent.objects.bulk_create(_event(reader, wording, now) for reader in changed)


def _event(reader: Subscriber, wording: str, now: datetime) -> ConsentEvent:
    kind = _answer(shares=reader.shares_taste)
    return ConsentEvent(subscriber=reader, address_key=reader.address_key, kind=kind, wording=wording, at=now)


def _answer(*, shares: bool) -> ConsentEvent.Kind:
    return Kind.TASTE_SHARED if shares else Kind.TASTE_WITHDRAWN
