"""Why did a reader get no mail? One day of one reader, told from the rows: planned, built, held, handed over.

    an address, or a reader's number, and a day -> Sentence ... (the oldest first, what comes next last)

Nothing is written, and no sentence names an address: what is told may be copied into a ticket.
"""

from collections.abc import Sequence
from datetime import date, datetime

from digest.mail.story import facts, of_digest, of_holds, of_mail, of_reader
from digest.mail.story.sentence import Sentence
from subscriptions.addresses import parse_address
from subscriptions.models import Subscriber

__all__ = ["Sentence", "tell_by_address", "tell_by_reader"]


def tell_by_address(*, address: str, day: date | None, now: datetime) -> tuple[Sentence, ...]:
    """Tell what is known of the mail to an address on one local day of its reader; None is their today.

    Asks a constant number of queries, whether or not anybody has that address.
    Raises: InvalidAddress when it is not one address.
    """
    parsed = parse_address(address)
    reader = Subscriber.objects.filter(email_normalised=parsed.normalised).first()
    return _tell(facts.read(reader=reader, address_key=parsed.key, day=day, now=now))


def tell_by_reader(*, reader: Subscriber, day: date | None, now: datetime) -> tuple[Sentence, ...]:
    """Tell the same of a reader who has been found already."""
    return _tell(facts.read(reader=reader, address_key=reader.address_key, day=day, now=now))


def _tell(known: facts.Facts) -> tuple[Sentence, ...]:
    told: Sequence[Sentence] = [
        *of_reader.history(known=known),
        *of_reader.standing(known=known),
        *of_digest.planning(known=known),
        *of_digest.building(known=known),
        *of_holds.holding(known=known),
        *of_mail.sending(known=known),
        *of_reader.next_mail(known=known),
    ]
    return tuple(sorted(told, key=lambda sentence: sentence.at))
