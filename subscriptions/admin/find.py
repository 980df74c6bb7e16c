"""What staff type to find a reader: an address, its beginning, or a reader's number."""

from django.db.models import Q, QuerySet

from subscriptions.addresses import InvalidAddress, address_key, parse_address
from subscriptions.admin.tables import number
from subscriptions.models import Subscriber

MOST_READERS = 50  # readers whose rows are looked for when only the beginning of an address is given


def readers(*, words: str, rows: QuerySet[Subscriber] | None = None) -> QuerySet[Subscriber]:
    """Find readers by number, whole address or the beginning of one; each way goes through a unique index."""
    found = Subscriber.objects.all() if rows is None else rows
    pk = number(words)
    return found.filter(pk=pk) if pk is not None else found.filter(by_address(words=words))


def by_address(*, words: str) -> Q:
    """Ask for one address when it is whole, else for all that begin so."""
    try:
        return Q(email_normalised=parse_address(words).normalised)
    except InvalidAddress:
        return Q(email_normalised__startswith=words.lower())


def reader_ids(*, words: str) -> list[int]:
    """Name the readers found, by number. This function will stop at MOST_READERS."""
    return list(readers(words=words).values_list("pk", flat=True)[:MOST_READERS])


def key_of(*, words: str) -> str:
    """Answer the keyed hash of an address, which also finds what is left after an erasure; empty for no address."""
    try:
        return address_key(parse_address(words).normalised)
    except InvalidAddress:
        return ""
